"""Credit repair of firms: after a wait, a firm without new records may ask, and is taken off the list."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, duration, names, probability
from ...engine.declare import Each, mechanism
from ..kinds import GROUND

REPAIRED = GROUND.code("repaired")


class Params(Parameters):
    lists = names("lists of firms that can be left by repair")
    wait = duration("least months on the list before a firm may ask")
    clean = duration("months without a new record that are needed")
    asks = probability("chance a month that a firm that may ask does so")


@mechanism(
    "review.firm_repair",
    on=Each("firm_listings"),
    params=Params,
    stores=("firm_records_held",),
    draws=("ask",),
    emits=("firm_removals",),
    lagged=("firm_listings",),
)
def firm_repair(listings, cols, p, luck):
    """Listed firms that have waited and stayed clean ask to be taken off, and are.

    Months since the start are at least `wait`, no record held is of the last `clean` months or yet to come, and the word `ask` is below asks.
    """
    able = np.isin(listings.list, cols.codes(p.lists)) & (cols.month - listings.since.astype(np.int64) >= p.wait)
    held = cols.stores.firm_records_held
    if len(held):
        recent = held.since > cols.month - p.clean
        able &= ~np.isin(listings.subject, held.subject[recent])
    at = np.flatnonzero(able)
    at = at[luck.below("ask", p.asks, at)]
    return listings.emit("firm_removals", parent=at, kind=0, ground=REPAIRED)
