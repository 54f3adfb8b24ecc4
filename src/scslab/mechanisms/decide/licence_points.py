"""Points on the driving licence: they add up over a personal cycle; at the full number the licence is suspended (`:LIST`).

Ordinary law, not social credit. The cycle begins in the month of the driver's birthday, a stand-in for the day of issue.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import QUANTUM, Parameters, duration, points
from ...engine.declare import Rows, Store, mechanism
from ..kinds import KIND

DRIVER = 4
"""Bit of `persons.role`."""


class Params(Parameters):
    per_record = points("licence points per record, by kind", by=KIND, partial=0)
    full = points("points in one cycle at which the licence is suspended")
    cycle = duration("months after which points are wiped out")
    suspension = duration("months of suspension, with course and test")


@mechanism(
    "decide.licence_points",
    on=Rows("records"),
    params=Params,
    reads=("persons.role", "persons.birth_month"),
    owns=(Store("licence_points", {"points": "int32", "cycle": "int16"}, {}, "Licence points of the current cycle, 1/100 point"),),
    emits=("entries", "penalties"),
)
def licence_points(records, cols, p, luck):
    """Traffic records add points to a driver's licence; at the full number it is suspended and the points are wiped out.

    For persons with a driving licence; each record with points is a penalty of those whole points and no fine. The cycle is (month - birth month
    modulo cycle) // cycle; points of an earlier cycle count no more. At the full number the person is entered until month + suspension, by the last
    record of the month, and the points are 0.
    """
    driver = (cols.persons.role[records.subject] & DRIVER) > 0
    at = np.flatnonzero(driver & (p.per_record[records.kind] > 0))
    if not len(at):
        return None
    store, change = cols.stores.licence_points, p.per_record[records.kind[at]]
    subject, inverse = np.unique(records.subject[at], return_inverse=True)
    last = np.zeros(len(subject), np.int64)
    last[inverse] = at  # the last record of each driver is the cause
    cycle = (cols.month - cols.persons.birth_month[subject].astype(np.int64) % p.cycle) // p.cycle
    held = store.find(subject)
    total = np.where((held >= 0) & (store.cycle[held] == cycle), store.points[held], 0).astype(np.int64) if len(store) else 0 * subject
    np.add.at(total, inverse, change)
    over = total >= p.full
    store.put(records, last, subject=subject, points=np.where(over, 0, total), cycle=cycle)
    until = cols.month + p.suspension
    return [
        records.emit("penalties", parent=at, amount=0, points=change // QUANTUM),
        records.emit("entries", parent=last[over], list=cols.label, until=until),
    ]
