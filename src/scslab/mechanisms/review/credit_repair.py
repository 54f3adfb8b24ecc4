"""Credit repair: after a minimum of months a listed person may apply to be taken off before the term is over (`review.credit_repair:LIST`).

When a person succeeds is drawn once, when the listing begins, from the chance of each further month: a list costs its entries, not its stock.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ...base.exact import frozen
from ...base.luck import ONE
from ...base.parameters import Parameters, duration, probability
from ...engine.declare import Rows, mechanism
from ..kinds import GROUND

REPAIRED = GROUND.code("repaired")
ID_MONTH_SHIFT, ID_MONTH_MASK = 16, 0xFFF
"""Where a row's id holds the month in which it was made."""
LONGEST = 240
"""Months after which nobody is repaired any more."""


class Params(Parameters):
    after = duration("months on the list before a person may apply")
    repaired = probability("chance of each further month that a person applies and is taken off")


@lru_cache(maxsize=64)
def chances(hazard):
    """Tabulate the threshold of success within 1, 2, ... months of a monthly chance, in integers."""
    left, found = ONE, []
    for _ in range(LONGEST):
        left -= (left * hazard) >> 31
        found.append(ONE - left)
    return frozen(np.array(found, np.int64))


@mechanism(
    "review.credit_repair",
    on=Rows("listings", match="list"),
    params=Params,
    draws=("repair",),
    emits=("removals",),
    lagged=("listings",),
)
def credit_repair(listings, cols, p, luck):
    """Some of the listed are taken off before their term is over, the sooner the easier repair is.

    One word, `repair`, by the row of listings, decides when: the chance of success within k months is 1 - (1 - repaired)^k, with (1 - repaired)^k
    made month by month, each loss cut to a whole number over 2^31; k is the first for which the word is below it. The removal, ground repaired, of
    that entry is due k + after months after the listing began, if k + after is not above 240.
    """
    if p.repaired == 0:
        return None
    months = np.searchsorted(chances(p.repaired), luck.repair.astype(np.int64), side="right") + 1 + p.after
    began = (listings.id >> ID_MONTH_SHIFT) & ID_MONTH_MASK  # the rows come a month late, so that repair never waits for the register
    at = np.flatnonzero(months <= LONGEST)
    return listings.emit("removals", parent=at, ground=REPAIRED, entry=listings.parent[at], due=began[at] + months[at])
