"""Grace: a decision with a later effect lapses when the debtor performs before it takes effect.

The list's rule sets the period (`grace` of `decide.binary_list`); this mechanism remembers performances and strikes the
decisions they overtook. Decisions on the wrong person do not lapse, because that person has nothing to perform.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, names
from ...engine.declare import Rows, Store, mechanism
from ..kinds import GROUND, KIND, STAGE

PERFORMED = GROUND.code("performed")
JUDGED = STAGE.code("judged")
ID_MONTH_SHIFT, ID_MONTH_MASK = 16, 0xFFF
"""Where a row's id holds the month in which it was made."""


class Params(Parameters):
    kinds = names("kinds of decisions that lapse on performance", KIND, codes=True)


@mechanism(
    "review.grace",
    on=(Rows("entries", kinds="kinds"), Rows("performances")),
    params=Params,
    owns=(Store("last_performance", {"month": "int16"}, {}, "Month in which a person last performed a judgment"),),
    stores=("debts",),
    emits=("removals",),
)
def grace(batch, cols, p, luck):
    """Strike decisions whose subject has performed every judgment since they were made.

    For entries of the kinds: struck, ground performed, when the person performed a judgment in the month in which the entry was made or later (this
    month too), and no judged debt is open.
    """
    store, entries, done = cols.stores.last_performance, batch.entries, batch.performances
    if len(done):
        store.put(done, np.arange(len(done)), month=cols.month)
    if not len(entries):
        return None
    made = (entries.id >> ID_MONTH_SHIFT) & ID_MONTH_MASK
    at = store.find(entries.subject)
    last = store.value("month", at, -1)
    last = np.where(np.isin(entries.subject, done.subject), cols.month, last)
    position, debt = cols.stores.debts.of(entries.subject)
    is_open = np.zeros(len(entries), bool)
    is_open[position[cols.stores.debts.stage[debt] == JUDGED]] = True
    lapsed = np.flatnonzero((last >= made) & ~is_open)
    return entries.emit("removals", parent=lapsed, ground=PERFORMED, entry=entries.id[lapsed])
