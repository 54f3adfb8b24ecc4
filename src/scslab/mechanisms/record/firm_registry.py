"""The registry of firms: which findings become records, of which firm, after how long, and how long they are kept."""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import Parameters, duration, probability
from ...engine.declare import Each, Rows, Store, mechanism
from ...engine.rows import SUBJECT_SHIFT
from ..common import copy_key
from ..firms import BREACH, breach_of
from ..kinds import FAULT
from ..tables_firms import FIRM_TRUTH

MISLINKED = FAULT.code("mislinked")


class Params(Parameters):
    admission = probability("share of findings that are recorded", by=BREACH, partial=1)
    delay = duration("months from finding to record")
    mislink = probability("share of records entered for another firm", errorless=0)
    retention = duration("months a record is kept; null = for ever", allow_none=True)


@mechanism(
    "record.firm_registry",
    on=(Rows("firm_findings"), Each("firm_records_held")),
    params=Params,
    reads=("firms.size",),
    owns=(Store("firm_records_held", {"kind": "uint8", "since": "int16", "until": "int16"}, FIRM_TRUTH, "Records of firms", SUBJECT_SHIFT, "firms"),),
    draws=("admit", "mislink", "other"),
    emits=("firm_records",),
)
def firm_registry(batch, cols, p, luck):
    """The registry enters findings, a few of them for another firm, and forgets them after the retention period.

    The first finding of a kind at a firm in a month is entered if the word `admit` is below admission; for another firm of all (word `other`) if `mislink`
    is below mislink. It stands under the low 28 bits of its id + 0x9E3779B1 x (the firm found at fault - the firm it is entered for), from month + delay
    until the retention is over.
    """
    rows, old, held = batch.firm_findings, batch.firm_records_held, cols.stores.firm_records_held
    if len(old):
        held.drop(old.at[old.until <= cols.month])
    _, first = np.unique(rows.id >> 8, return_index=True)  # a breach found twice in a month is one finding
    at = first[luck.of(rows).below("admit", p.admission[breach_of(rows.kind[first])], first)]
    subject, wrong = rows.subject[at].copy(), luck.of(rows).below("mislink", p.mislink, at)
    start, size = np.zeros(int(wrong.sum()), np.int64), np.full(int(wrong.sum()), len(cols.firms.size), np.int64)
    subject[wrong] = cols.pick(start, size, luck.key("other"), rows.id[at[wrong]], subject[wrong])
    at, subject, wrong = at[subject >= 0], subject[subject >= 0], wrong[subject >= 0]
    fault, month = np.where(wrong, MISLINKED, rows.fault[at]), cols.month + p.delay
    until = min(month + p.retention, NEVER)
    held.put(rows, at, subject=subject, sub=copy_key(rows.id[at], subject), kind=rows.kind[at], since=month, until=until, fault=fault)
    return rows.emit("firm_records", subject=subject, parent=at, fault=fault, due=month)
