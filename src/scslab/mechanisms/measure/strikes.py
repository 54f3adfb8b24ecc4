"""Strikes that made entries: how many of them were sound, and who was listed without a strike of his own."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, Store, mechanism
from ..common import first_rows
from ..wrongfulness import is_unsound


@mechanism(
    "measure.strikes",
    on=Rows("strikes_counted"),
    owns=(Store("struck_innocent", {"month": "int16"}, {}, "Persons listed for strikes none of which was their own act"),),
    tallies=("strike_listings", "strike_listings_wrong", "strike_listings_innocent", "first_struck_innocent"),
)
def strikes(rows, cols, p, luck):
    """Count entries by strikes, those that fall without unsound strikes, those without any sound one, and persons listed so for the first time."""
    order = np.lexsort((rows.list, rows.subject))
    key = (rows.subject[order] << 16) | rows.list[order]
    first = first_rows(key)
    sound = np.add.reduceat((~is_unsound(rows))[order].astype(np.int64), first)
    head = order[first]
    innocent = head[sound == 0]
    store = cols.stores.struck_innocent
    who, at = np.unique(rows.subject[innocent], return_index=True)
    new = innocent[at[~store.has(who)]]
    store.put(rows, new, month=cols.month)
    return [
        rows.tally("strike_listings", head),
        rows.tally("strike_listings_wrong", head[sound < rows.needed[head]]),
        rows.tally("strike_listings_innocent", innocent),
        rows.tally("first_struck_innocent", new),
    ]
