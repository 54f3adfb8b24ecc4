"""What the mechanisms of platform scores share: the five factors, who is a member."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base.parameters import FACTOR_ONE, Domain
from .common import living_in_all

FACTOR = Domain("factor", ("history", "capacity", "behaviour", "identity", "relationships"))
"""The five factors of a platform score."""

TOP = 255
"""Highest value of what a platform reads out of a member's data."""


def of_platform(rows: Any, cols: Any) -> np.ndarray:
    """List the positions of the rows that belong to this instance's platform."""
    return np.flatnonzero(rows.list == cols.label)


def member_share(cols: Any) -> int:
    """Give the share of adults who are members of this instance's platform, over 2^16."""
    store = cols.stores.memberships
    if not len(store):
        return 0
    adults = living_in_all(cols)
    return min(int((store.list == cols.label).sum()) * FACTOR_ONE // max(adults, 1), FACTOR_ONE)
