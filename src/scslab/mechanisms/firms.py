"""What mechanisms about firms share: sectors, sizes, standing, who is in business, who deals with whom."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base.luck import ONE
from ..base.parameters import Domain
from .kinds import FIRM_BREACHES, KIND

SECTOR = Domain("sector", ("trade", "manufacturing", "business_services", "other"))
"""Codes of `firms.sector`."""
OWNERSHIP = Domain("ownership", ("private", "state", "foreign", "other"))
"""Codes of `firms.ownership`."""
SIZE = Domain("firm size", ("micro", "small", "medium", "large"))
SIZE_CUTS = np.array([10, 100, 1000])
"""Employees from which a firm is small, medium, large."""
BREACH = Domain("firm breach", FIRM_BREACHES)
HIDDEN = ("firm_tax", "firm_pollution", "firm_goods", "firm_counterfeit", "firm_wages")
"""Breaches that somebody must find; a late filing, a missing report and an unpaid judgment stand in the files."""
STANDING = Domain("standing", ("lowest", "low", "middle", "top", "listed"))
"""The four grades of a rating from below, and on a list."""
MARKET = Domain("market", ("procurement", "credit"))

LISTED, UNRATED = STANDING.code("listed"), 255
FIRST = KIND.code(FIRM_BREACHES[0])
DISTRICTS = 16
"""Places are joined into at most so many neighbouring districts of inspectors."""

EVERY_FIRM = ONE
"""Rate of an occasion that wakes every firm every month."""


def breach_of(kind: np.ndarray) -> np.ndarray:
    """Give codes of `BREACH` for kinds of breaches of firms."""
    return np.asarray(kind, np.int64) - FIRST


def in_business(cols: Any, firms: np.ndarray) -> np.ndarray:
    """Tell which firms have not closed. Reads `firms.closed`."""
    return cols.firms.closed[firms] > cols.month


def size_of(cols: Any, firms: np.ndarray) -> np.ndarray:
    """Give codes of `SIZE`. Reads `firms.size`."""
    return np.searchsorted(SIZE_CUTS, cols.firms.size[firms], side="right")


def district_of(cols: Any, firms: np.ndarray) -> np.ndarray:
    """Give the district of each firm, 0..15. Reads `firms.place` and `places.start`."""
    places = len(cols.places.start) - 1
    return cols.firms.place[firms].astype(np.int64) * min(DISTRICTS, places) // places


PARTNER_STORES = ("cut_ties", "new_ties")
"""What `partners_of` reads, beside the network of partners and `firms.closed`."""


def partners_of(cols: Any, firms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """List the partners in business of each firm: those it began with, those found since, without those lost.

    Returns:
        Position in `firms`, and the partner.
    """
    at, partner, _ = cols.networks.partners.expand(firms)
    new, cut = cols.stores.new_ties, cols.stores.cut_ties
    if len(new):
        source, row = new.of(firms)
        at, partner = np.concatenate([at, source]), np.concatenate([partner, new.partner[row].astype(np.int64)])
        _, first = np.unique(at << 32 | partner, return_index=True)
        at, partner = at[first], partner[first]
    kept = in_business(cols, partner)
    if len(cut):
        kept &= ~cut.has(firms[at], partner)
    return at[kept], partner[kept]


STANDING_STORES = ("firm_ratings", "firm_listings")
"""What `standing_of` reads."""


def standing_of(cols: Any, firms: np.ndarray, label: int) -> np.ndarray:
    """Give codes of `STANDING` under the rating or list of a label, -1 for firms that are neither rated nor listed."""
    ratings, listings = cols.stores.firm_ratings, cols.stores.firm_listings
    found = np.full(len(firms), -1, np.int64)
    at = ratings.find(firms, label)
    rated = at >= 0
    found[rated] = ratings.grade[at[rated]]
    found[listings.has(firms, label)] = LISTED
    return found


def draw_by_weight(words: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Choose a position for each word, in proportion to whole weights; none where all are zero.

    Example:
        >>> draw_by_weight(np.array([0, ONE // 2, ONE - 1]), np.array([1, 0, 3])).tolist()
        [0, 2, 2]
    """
    total = int(weights.sum())
    shift = max(total.bit_length() - 32, 0)
    cut = np.cumsum(np.asarray(weights, np.int64) >> shift)
    if not len(cut) or not cut[-1]:
        return np.empty(0, np.int64)
    return np.searchsorted(cut, (words.astype(np.int64) * cut[-1]) >> 31, side="right")
