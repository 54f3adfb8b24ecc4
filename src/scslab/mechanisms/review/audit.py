"""Audit of a registry: some records are checked against what should prove them, month by month (`review.audit`, `review.audit:LABEL`).

The check errs both ways. A record made under criteria that nobody outside knows cannot be checked: there is nothing to hold it against.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, duration, names, probability, share
from ...engine.declare import Each, mechanism
from ..common import among, lasting
from ..kinds import FAULT, GROUND, KIND

FORGED, RESTORED = FAULT.codes(("fabricated", "tampered")), GROUND.code("restored")


class Params(Parameters):
    kinds = names("kinds of records that are audited", KIND, codes=True)
    audited = probability("share of records held that are checked in a month")
    opaque = share("share of records made under unpublished criteria, which no check can contradict")
    finds = probability("share of checked false records that the check finds")
    false_finds = probability("share of checked true records that it takes for false")
    traced = probability("share of finds that name the official who made the record")
    delay = duration("months from the check to the deletion")


@mechanism(
    "review.audit",
    on=Each("records_held"),
    params=Params,
    draws=("audit", "opaque", "find", "trace"),
    emits=("record_orders", "audit_finds", "exposures"),
    evidence=("fault",),
)
def audit(held, cols, p, luck):
    """Check some records, and have those deleted that look false.

    Records of the kinds that stand in records_held: checked by the word `audit`, unless the record's lasting word `opaque` is below that share; found
    by the evidence `fault` (fabricated or tampered) and the word `find`, with finds or false_finds. The order to delete is due after `delay`; the
    official is named by the word `trace`.
    """
    at = np.flatnonzero(among(held.kind, p.kinds))
    at = at[luck.below("audit", p.audited, at)]
    at = at[lasting(luck, "opaque", held.id[at]) >= p.opaque]
    at = at[held.evidence("fault", FORGED, luck, "find", p.finds, p.false_finds, at)]
    traced = at[luck.below("trace", p.traced, at)]
    return [
        held.emit("record_orders", parent=at, record=held.id[at], ground=RESTORED, due=cols.month + p.delay),
        held.emit("audit_finds", parent=at),
        held.emit("exposures", parent=traced, due=cols.month + p.delay),
    ]
