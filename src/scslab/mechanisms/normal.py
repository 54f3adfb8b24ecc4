"""Normally distributed amounts from words, in whole numbers: a table of quantiles made once, and a line between its entries."""

from __future__ import annotations

from functools import cache
from statistics import NormalDist

import numpy as np

from ..base.exact import frozen

SHIFT = 16
"""Amounts are numerators over 2^16."""

_GRID, _REST = 12, 18
"""A word of 31 bits: the lowest is the sign; of the other 30 the first 12 choose a knot, the rest lie between it and the next."""


@cache
def knots() -> np.ndarray:
    """Tabulate quantiles of the absolute value at 4,096 even points, and again in the last of them."""
    size = 1 << _GRID
    even = [k / size for k in range(size)]
    last = [(size - 1 + k / size) / size for k in range(size)] + [1 - 2.0**-31]
    law = NormalDist()
    return frozen(np.array([round(law.inv_cdf(0.5 + share / 2) * (1 << SHIFT)) for share in even + last], np.int64))


def normal(words: np.ndarray) -> np.ndarray:
    """Turn words into standard normal amounts over 2^16, int64.

    Example:
        >>> normal(np.array([0, 1 << 30, (1 << 30) + 1])).tolist()
        [0, 44203, -44203]
    """
    word, size = words.astype(np.int64), 1 << _GRID
    place, knot = word >> 1, knots()
    cell, rest = place >> _REST, place & ((1 << _REST) - 1)
    top = cell == size - 1
    # The last cell of the even points is cut again: 12 more bits choose a knot there, and the 6 that are left the way to the next.
    fine = np.where(top, size + (rest >> (_REST - _GRID)), cell)
    inside = np.where(top, (rest & ((1 << (_REST - _GRID)) - 1)) << _GRID, rest)
    amount = knot[fine] + ((knot[fine + 1] - knot[fine]) * inside >> _REST)
    return np.where(word & 1, -amount, amount)
