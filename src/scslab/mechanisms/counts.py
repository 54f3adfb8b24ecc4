"""Whole numbers drawn in integers: Poisson numbers of any rate, and mixtures of them. Tables are made once, by exact decimal arithmetic."""

from __future__ import annotations

from decimal import Decimal, localcontext
from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np

from ..base.luck import ONE
from ..base.parameters import FACTOR_ONE

CHUNK = 4
"""Rates above are drawn in pieces: a sum of Poisson numbers is one of the summed rate."""
MOST = 64
"""More than this in one piece never happens: its chance is below one word's."""


def poisson(luck: Any, draw: str, ids: np.ndarray, rate: np.ndarray | np.int64) -> np.ndarray:
    """Draw a Poisson number for each id.

    Args:
        luck: the mechanism's luck; draw: name of the stream.
        ids: int64, what the words are keyed by.
        rate: int64, expected number over 2^16, one an id.

    Returns:
        int64 numbers, one an id; one word for each piece of 4, none where the rate is zero.
    """
    rate = np.broadcast_to(np.asarray(rate, np.int64), len(ids))
    pieces, rest = np.divmod(rate, CHUNK * FACTOR_ONE)
    total = np.zeros(len(ids), np.int64)
    some = np.flatnonzero(rest)
    if len(some):
        total[some] = below_rate(luck.at(draw, ids[some]), rest[some])
    for piece in range(int(pieces.max(initial=0))):
        more = np.flatnonzero(pieces > piece)
        total[more] += np.searchsorted(chunk_table(), luck.at(draw, ids[more], 1 + piece), side="right")
    return total


def below_rate(words: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Turn words into Poisson numbers of rates below 4 (over 2^16).

    Example:
        >>> below_rate(np.array([0, ONE // 2, ONE - 1]), np.array([FACTOR_ONE] * 3)).tolist()[:2]
        [0, 1]
    """
    coarse, fine = exponentials()
    rate = rate.astype(np.int64)
    chance = coarse[rate >> 10] * fine[rate & 1023] >> 31
    upto, count, word = chance.copy(), np.zeros(len(rate), np.int64), words.astype(np.int64)
    for k in range(1, MOST):
        above = word >= upto
        if not above.any():
            break
        count += above
        chance = chance * rate // (k * FACTOR_ONE)
        upto += chance
    return count


@cache
def exponentials() -> tuple[np.ndarray, np.ndarray]:
    """Tabulate exp(-x) over 2^31 at x = k / 64 for k below 256, and at x = k / 65536 for k below 1024."""
    with localcontext(prec=30):
        tables = [[round((Decimal(-k) / step).exp() * ONE) for k in range(size)] for step, size in ((64, 64 * CHUNK), (FACTOR_ONE, 1024))]
    return np.array(tables[0], np.int64), np.array(tables[1], np.int64)


@cache
def chunk_table() -> np.ndarray:
    """Tabulate the chances, over 2^31, of at most k in a piece of 4."""
    with localcontext(prec=30):
        chance = Decimal(-CHUNK).exp()
        return _cumulated(chance, lambda k: Decimal(CHUNK) / k)


@cache
def mixture_table(shape: int, mean: int) -> np.ndarray:
    """Tabulate the chances, over 2^31, of at most k where the number is Poisson and its rate is gamma; shape and mean over 2^16.

    A word's number is its place in the table: `np.searchsorted(table, words, side="right")`.

    Example:
        >>> int(mixture_table(FACTOR_ONE, FACTOR_ONE)[0]) == ONE // 2
        True
    """
    with localcontext(prec=30):
        a, m = Decimal(shape) / FACTOR_ONE, Decimal(mean) / FACTOR_ONE
        first = ((a / (a + m)).ln() * a).exp() if m else Decimal(1)
        return _cumulated(first, lambda k: (k - 1 + a) / k * m / (a + m), 1 << 14)


def _cumulated(chance: Decimal, ratio: Any, most: int = MOST) -> np.ndarray:
    """Add up chances, each of which is the one before times its ratio, until certainty."""
    found, total = [], Decimal(0)
    for k in range(1, most):
        total += chance
        found.append(min(round(total * ONE), ONE))
        if found[-1] >= ONE:
            break
        chance *= ratio(k)
    return np.array(found, np.int64)


def normal(words: np.ndarray, deviation: int) -> np.ndarray:
    """Turn words into normal numbers of a standard deviation over 2^16, cut at four deviations.

    Example:
        >>> normal(np.array([0, ONE // 2, ONE - 1]), FACTOR_ONE).tolist()[0] < -3 * FACTOR_ONE
        True
    """
    return (quantiles()[words.astype(np.int64) >> 17] * deviation) >> 16


@cache
def quantiles() -> np.ndarray:
    """Tabulate the standard normal law, over 2^16, at the middles of 2^14 even parts."""
    law = NormalDist()
    return np.array([round(law.inv_cdf((k + 0.5) / (1 << 14)) * FACTOR_ONE) for k in range(1 << 14)], np.int64)
