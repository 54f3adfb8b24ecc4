"""The book of merits: good deeds on file add up over a calendar year; each new one says how many there are now."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, names
from ...engine.declare import Rows, Store, mechanism, table
from ..kinds import KIND
from ..tables import TRUTH

MOST = 1_000_000

table("merits", {"total": "int32"}, TRUTH, "Merits of this calendar year after a good deed on file.")


class Params(Parameters):
    kinds = names("kinds of records that count as merits", KIND, codes=True)
    each = count("merits of one record, by kind", unit="merits", by=KIND, partial=0)
    per_amount = count("merits of each hour or yuan on file, by kind", unit="merits", by=KIND, partial=0)


@mechanism(
    "record.merits",
    on=Rows("records", kinds="kinds"),
    params=Params,
    owns=(Store("merit_book", {"total": "int32", "year": "int16"}, {}, "Merits of the current calendar year"),),
    emits=("merits",),
)
def merits(records, cols, p, luck):
    """Add up each person's merits of the year.

    A record brings `each` by kind and per_amount x its amount (at most a million); the year's merits, a million at most, are told with the person's
    last such record of the month. A new calendar year begins at 0.
    """
    worth = p.each[records.kind] + np.minimum(records.amount.astype(np.int64) * p.per_amount[records.kind], MOST)
    who, inverse = np.unique(records.subject, return_inverse=True)
    last = np.zeros(len(who), np.int64)
    last[inverse] = np.arange(len(records))
    store, year = cols.stores.merit_book, cols.month // 12
    at = store.find(who)
    total = np.where((at >= 0) & (store.year[at] == year), store.total[at], 0).astype(np.int64) if len(store) else np.zeros(len(who), np.int64)
    np.add.at(total, inverse, worth)
    total = np.minimum(total, MOST)
    store.put(records, last, total=total, year=year)
    return records.emit("merits", parent=last, total=total)
