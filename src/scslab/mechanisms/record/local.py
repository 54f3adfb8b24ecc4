"""The local registry: which observations become records, after how long, how long they are kept, and how they end."""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import Parameters, duration, flag, probability
from ...engine.declare import Rows, Store, mechanism
from ...engine.rows import SUBJECT_SHIFT
from ..kinds import GROUND, KIND

TERM_OVER = GROUND.code("term_over")
LOW_BITS = SUBJECT_SHIFT
"""A record's key in the store is its id: the subject and these low bits."""


class Params(Parameters):
    admission = probability("share of observations that are recorded, by kind", by=KIND, partial=0)
    delay = duration("months from observation to record")
    retention = duration("months a record is kept; null = for ever", allow_none=True)
    held = flag("records kept for ever stand on file too, so that they can be corrected, audited and looked at (others always do)", default=False)


HELD = Store(
    "records_held", {"kind": "uint8", "until": "int16"}, {"true_actor": "int32", "fault": "uint8", "cause": "uint8"}, sub_bits=LOW_BITS
)


@mechanism(
    "record.local",
    on=(Rows("observations"), Rows("records_due"), Rows("record_orders")),
    params=Params,
    owns=(HELD,),
    draws=("admit",),
    emits=("records", "records_due", "record_ends"),
    lagged=("records_due", "record_orders"),
)
def local(batch, cols, p, luck):
    """The registry admits observations, forgets them after the retention period, and carries out corrections."""
    observations, due, orders = batch.observations, batch.records_due, batch.record_orders
    admitted = np.flatnonzero(luck.of(observations).below("admit", p.admission[observations.kind]))
    made = [observations.emit("records", parent=admitted, due=cols.month + p.delay)]
    held = cols.stores.records_held
    until = min(cols.month + p.delay + p.retention, NEVER)
    if p.retention < NEVER or p.held:
        held.put(observations, admitted, sub=observations.id[admitted] & ((1 << LOW_BITS) - 1), until=until)
    if p.retention < NEVER:
        made.append(observations.emit("records_due", parent=admitted, due=until, record=observations.id[admitted], ground=TERM_OVER))
    for rows in (due, orders):
        at = held.find(rows.subject, rows.record & ((1 << LOW_BITS) - 1))
        there = np.flatnonzero(at >= 0)
        if len(there):
            held.drop(at[there])
            made.append(rows.emit("record_ends", parent=there, kind=held.kind[at[there]], carry=(held, at[there])))
    return made
