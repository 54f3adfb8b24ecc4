"""The local registry: which observations become records, after how long, how long they are kept, and how they end."""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import Parameters, duration, flag, probability
from ...engine.declare import Rows, Store, mechanism
from ...engine.rows import SUBJECT_SHIFT
from ..common import among
from ..kinds import GROUND, KIND
from ..tables import TRUTH
from ..wrongfulness import NO_ACT

TERM_OVER = GROUND.code("term_over")
LOW_BITS = SUBJECT_SHIFT
"""A record's key in the store is its id: the subject and these low bits."""


class Params(Parameters):
    admission = probability("share of observations that are recorded, by kind", by=KIND, partial=0)
    delay = duration("months from observation to record")
    retention = duration("months a record is kept; null = for ever", allow_none=True)
    held = flag("records kept for ever stand on file too, so that they can be corrected, audited and looked at (others always do)", default=False)


HELD = Store("records_held", {"kind": "uint8", "until": "int16"}, TRUTH, sub_bits=LOW_BITS)


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
    """The registry admits observations, forgets them after the retention period, and carries out corrections.

    An observation is admitted with chance `admission` by kind (word `admit`) and becomes a record, due after `delay`; of those admitted in a month
    that say the same of one person about one act (equal parents and kinds), only the first: the registry knows one act from another by place
    and time, whoever reports it. What is made up is about no act and counts each time. Where retention ends (or
    `held`) it stands in records_held under the low 28 bits of the observation's id, until month + delay + retention, when a row of records_due, made
    with it, falls due. A due row or an order ends the record it names by that id, if it stands there: once, by the first of that month, due rows
    before orders. What is put this month can end from the next on.
    """
    observations, due, orders = batch.observations, batch.records_due, batch.record_orders
    admitted = np.flatnonzero(luck.of(observations).below("admit", p.admission[observations.kind]))
    admitted = _once_an_act(observations, admitted)
    made = [observations.emit("records", parent=admitted, due=cols.month + p.delay)]
    held = cols.stores.records_held
    until = min(cols.month + p.delay + p.retention, NEVER)
    if p.retention < NEVER or p.held:
        held.put(observations, admitted, sub=observations.id[admitted] & ((1 << LOW_BITS) - 1), until=until)
    if p.retention < NEVER:
        made.append(observations.emit("records_due", parent=admitted, due=until, record=observations.id[admitted], ground=TERM_OVER))
    gone = np.empty(0, np.int64)
    for rows in (due, orders):  # a record that several of these name in a month ends once, by the first
        at = held.find(rows.subject, rows.record & ((1 << LOW_BITS) - 1))
        there = np.flatnonzero((at >= 0) & ~np.isin(at, gone))
        if len(there):
            there = there[np.sort(np.unique(at[there], return_index=True)[1])]
            gone = np.concatenate([gone, at[there]])
            held.drop(at[there])
            made.append(rows.emit("record_ends", parent=there, kind=held.kind[at[there]], carry=(held, at[there])))
    return made


def _once_an_act(observations, at):
    """Leave out, of the positions `at`, reports of an act that an earlier one of the same person and kind has told already."""
    who, kind = observations.subject[at], observations.kind[at]
    beside = (who[1:] == who[:-1]) & (kind[1:] == kind[:-1])  # rows stand in order of person and kind
    several = np.zeros(len(at), bool)
    several[1:] = beside
    several[:-1] |= beside
    some = np.flatnonzero(several)
    some = some[~among(observations.fault[at[some]], NO_ACT)]
    if not len(some):
        return at
    parent = observations.parent[at[some]]
    order = np.lexsort((some, parent, kind[some], who[some]))
    mine, act, sort = who[some][order], parent[order], kind[some][order]
    again = order[1:][(mine[1:] == mine[:-1]) & (act[1:] == act[:-1]) & (sort[1:] == sort[:-1])]
    return np.delete(at, some[again])
