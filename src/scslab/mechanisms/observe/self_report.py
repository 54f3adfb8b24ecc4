"""Good deeds as their doers report them: most go unreported, some are made up."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, choice, flag, names, probability, share
from ...engine.declare import Rows, mechanism
from ..common import by_kind
from ..kinds import FAULT, KIND, SENSOR

SELF, FABRICATED = SENSOR.code("self_report"), FAULT.code("fabricated")
FALSE_CLAIM = KIND.code("false_claim")


class Params(Parameters):
    kinds = names("kinds of acts that people report of themselves; false_claim among them lets made-up deeds in", KIND, codes=True)
    where_kept = flag("only in places where a ledger is kept (`record.enrolment`), from the month after it begins", default=False)
    reported = probability("share of acts reported by the one who acted, by kind", by=KIND, partial=0)
    inflated = share("share of true reports to which the reporter adds one more deed that never happened", errorless=0)
    claimed_as = choice("kind under which a false claim is reported", KIND.names, default="volunteering")


@mechanism(
    "observe.self_report",
    on=Rows("acts", kinds="kinds", prune=(("report", lambda p: by_kind(p.reported)),)),
    params=Params,
    reads=("persons.place", "places.ledger"),
    draws=("report", "inflate"),
    emits=("observations",),
)
def self_report(acts, cols, p, luck):
    """People report some of their good deeds, add deeds that never happened, and claim deeds outright.

    An act is reported with chance `reported` by kind (word `report`); a false claim under the kind claimed_as, as fabricated. Each true report brings
    one more, made-up observation of the same kind with chance `inflated` (word `inflate`), numbered after the reports. All draws are by the act's id.
    With where_kept, only where a ledger is kept.
    """
    told = np.flatnonzero(luck.below("report", p.reported[acts.kind]))
    told = told[cols.places.ledger[cols.persons.place[acts.subject[told]]] > 0] if p.where_kept else told
    made_up = acts.kind[told] == FALSE_CLAIM
    kind = np.where(made_up, KIND.code(p.claimed_as), acts.kind[told])
    fault = np.where(made_up, FABRICATED, 0)
    more = told[~made_up & luck.below("inflate", p.inflated, told)]
    return [
        acts.emit("observations", parent=told, kind=kind, sensor=SELF, true_actor=acts.subject[told], fault=fault),
        acts.emit("observations", parent=more, sensor=SELF, true_actor=acts.subject[more], fault=FABRICATED),
    ]
