"""Amnesty: every so many years, in January, listings of some kinds end whatever became of their cause (`review.amnesty:LIST`)."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, duration, names
from ...engine.declare import Each, mechanism
from ..common import among
from ..kinds import GROUND, KIND

AMNESTY = GROUND.code("amnesty")


class Params(Parameters):
    kinds = names("kinds of records whose listings end", KIND, codes=True)
    every = count("years from one amnesty to the next, counted from the year 2000; 0 = none", unit="years")
    oldest = duration("only listings that have lasted at least so long end")


@mechanism(
    "review.amnesty",
    on=Each("listings", every=12),
    params=Params,
    emits=("removals",),
    lagged=("listings",),
)
def amnesty(listings, cols, p, luck):
    """Strike what has stood long enough from the list, in a year of amnesty.

    In January of the years since 2000 that `every` divides; listings of this list and these kinds that are at least `oldest` months old.
    """
    if p.every == 0 or cols.month // 12 % p.every:
        return None
    old = cols.month - listings.since.astype(np.int64) >= p.oldest
    ends = np.flatnonzero(old & (listings.list == cols.label) & among(listings.kind, p.kinds))
    return listings.emit("removals", parent=ends, ground=AMNESTY, entry=listings.id[ends])
