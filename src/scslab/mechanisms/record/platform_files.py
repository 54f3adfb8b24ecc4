"""The bad debts that each platform holds against a person, for some years: its own and those it was told of."""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import Parameters, duration
from ...engine.declare import Each, Rows, Store, mechanism
from ..tables import TRUTH


class Params(Parameters):
    memory = duration("months that a platform holds a bad debt against a person")


@mechanism(
    "record.platform_files",
    on=(Rows("platform_marks"), Rows("shared_marks"), Each("platform_files", every=12)),
    params=Params,
    owns=(Store("platform_files", {"until": "int16"}, TRUTH, "Bad debts held by platforms, by person and platform, and until when", by_label=True),),
    lagged=("platform_files",),
)
def platform_files(batch, cols, p, luck):
    """Platforms enter bad debts and forget them when their time is over.

    A file stands until month + memory, from the first mark of the month for the person and platform, in place of an older one. Those whose time is over are
    dropped in months that 12 divides.
    """
    store, old = cols.stores.platform_files, batch.platform_files
    if len(old):
        store.drop(old.at[old.until <= cols.month])
    until = min(cols.month + p.memory, NEVER)
    for rows in (batch.shared_marks, batch.platform_marks):  # of two in a month the platform's own counts
        if len(rows):
            _, first = np.unique(store.key(rows.subject, rows.list), return_index=True)
            store.put(rows, first, sub=rows.list[first], until=until)
