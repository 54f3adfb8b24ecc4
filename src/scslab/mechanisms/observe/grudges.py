"""Reports out of ill will: somebody reports a neighbour or friend for what nobody did. A reward brings more of them."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, factor, names, probability, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, adults, between, living, of_place, thinned
from ..kinds import FAULT, KIND
from ..tables_reports import MOTIVE

GRUDGE, FAULTY = MOTIVE.code("grudge"), FAULT.code("grudge")


class Params(Parameters):
    grudges = yearly_rate("occasions for ill will against somebody of the place, per person", errorless=0)
    reports = probability("chance that such a person reports the other for what was not done, without a reward")
    pull = factor("multiplies that chance where reports are paid; 1 = not at all")
    kinds = names("kinds of acts that the other is accused of, all as often", KIND, codes=True)


@mechanism(
    "observe.grudges",
    on=Occasions("grudge", rate="grudges", able=adults),
    params=Params,
    reads=(*ALIVE, "persons.place", "places.start"),
    draws=("report", "victim", "kind"),
    emits=("tips",),
)
def grudges(rows, cols, p, luck):
    """Some who bear a grudge report the other for what was never done.

    An adult who meets the occasion reports if the word `report` is below reports x pull: another person of the place (word `victim`), who must be a living
    adult, for a kind spread over `kinds`, in order of code, by the word `kind`. The report is a grudge, and its true actor the one accused.
    """
    at = np.flatnonzero(luck.below("report", thinned(p.reports, p.pull))) if len(p.kinds) else np.empty(0, np.int64)
    who = rows.subject[at]
    victim = cols.pick(*of_place(cols, who), luck.key("victim"), rows.id[at], who)
    kept = np.flatnonzero(victim >= 0)
    kept = kept[living(cols, victim[kept])]
    kind = p.kinds[between(luck.words("kind", at[kept]), 0, len(p.kinds) - 1)] if len(kept) else 0
    accused = {"true_actor": victim[kept], "fault": FAULTY, "cause": 0}
    return rows.emit("tips", subject=victim[kept], parent=at[kept], kind=kind, reporter=who[kept], motive=GRUDGE, **accused)
