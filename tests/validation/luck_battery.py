"""Tests of random words in NumPy and SciPy: a clean equivalent of part of TestU01's SmallCrush, for machines without it.

Each test takes words of 31 bits in order and gives a p-value that is uniform when they are independent and uniform; too even is as bad as too
uneven. Knuth, "The Art of Computer Programming", vol. 2, 3.3.2; Marsaglia 1985 (birthday spacings, ranks of binary matrices).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import stats

BITS = 31
Test = Callable[[np.ndarray], float]


def two_sided(low: float, high: float) -> float:
    """Give the p-value of a statistic from its lower and upper tail."""
    return float(min(1.0, 2 * min(low, high)))


def by_cells(found: np.ndarray, expected: np.ndarray) -> float:
    """Compare counts with expected ones by chi-squared; cells with less than ten expected join the last of the others."""
    large = expected >= 10
    found = np.append(found[large], found[~large].sum())
    expected = np.append(expected[large], expected[~large].sum())
    keep = expected > 0
    statistic = float((((found - expected) ** 2)[keep] / expected[keep]).sum())
    freedom = int(keep.sum()) - 1
    return two_sided(stats.chi2.cdf(statistic, freedom), stats.chi2.sf(statistic, freedom))


def by_poisson(count: int, mean: float) -> float:
    """Compare a count of rare events with its mean."""
    return two_sided(stats.poisson.cdf(count, mean), stats.poisson.sf(count - 1, mean))


def birthday_spacings(words: np.ndarray) -> float:
    """Throw 4,096 birthdays into a year of 2^31 days, again and again; equal spacings between them are rare and of known number."""
    born = 4096
    years = words[: len(words) // born * born].astype(np.int64).reshape(-1, born)
    spacings = np.sort(np.diff(np.sort(years, axis=1), axis=1), axis=1)
    equal = int((spacings[:, 1:] == spacings[:, :-1]).sum())
    return by_poisson(equal, len(years) * born**3 / 4 / 2**BITS)


def collisions(words: np.ndarray, shift: int = 0) -> float:
    """Throw 2^15 balls into 2^24 urns, named by twelve bits of each of two words; count balls that find theirs taken."""
    balls, urns = 1 << 15, 1 << 24
    part = (words.astype(np.int64) >> shift) & 0xFFF
    throws = ((part[0::2][: len(words) // 2] << 12) | part[1::2][: len(words) // 2])[: len(words) // 2 // balls * balls].reshape(-1, balls)
    taken = sum(balls - len(np.unique(throw)) for throw in throws)
    return by_poisson(int(taken), len(throws) * (balls - urns * -np.expm1(balls * np.log1p(-1 / urns))))


def gaps(words: np.ndarray) -> float:
    """Count how many words pass between two in the lowest sixteenth."""
    at = np.flatnonzero(words < 1 << (BITS - 4))
    length, most = np.diff(at) - 1, 120
    chance = 15 / 16
    expected = np.append(chance ** np.arange(most) / 16, chance**most) * len(length)
    return by_cells(np.bincount(np.minimum(length, most), minlength=most + 1), expected)


def matrix_rank(words: np.ndarray) -> float:
    """Find the ranks of 31 x 31 matrices of bits, a word a row."""
    rows = words[: len(words) // BITS * BITS].astype(np.int64).reshape(-1, BITS).copy()
    rank, used = np.zeros(len(rows), np.int64), np.zeros(rows.shape, bool)
    every = np.arange(len(rows))
    for bit in range(BITS):
        has = ((rows >> bit) & 1).astype(bool)
        free = has & ~used
        found = free.any(axis=1)
        pivot = free.argmax(axis=1)
        rank += found
        used[every[found], pivot[found]] = True
        line = rows[every, pivot]
        clear = has & found[:, None]
        clear[every, pivot] = False
        rows ^= np.where(clear, line[:, None], 0)
    full = np.prod(1 - 0.5 ** np.arange(1, BITS + 1))
    chance = [full]
    for short in (1, 2):  # Kolchin: the chance of a rank so much below full
        terms = np.prod((1 - 0.5 ** np.arange(short + 1, BITS + 1)) ** 2) / np.prod(1 - 0.5 ** np.arange(1, BITS - short + 1))
        chance.append(2.0 ** -(short**2) * terms)
    expected = np.append(chance, 1 - sum(chance)) * len(rows)
    return by_cells(np.bincount(np.minimum(BITS - rank, 3), minlength=4), expected)


def weight(words: np.ndarray) -> np.ndarray:
    """Count the bits that are set."""
    return np.bitwise_count(words.astype(np.uint32)).astype(np.int64)


def hamming_weight(words: np.ndarray) -> float:
    """Compare numbers of bits set with the binomial distribution."""
    return by_cells(np.bincount(weight(words), minlength=BITS + 1), stats.binom.pmf(np.arange(BITS + 1), BITS, 0.5) * len(words))


def hamming_pairs(words: np.ndarray) -> float:
    """Compare numbers of bits set in one word and the next, which must be independent."""
    few = np.searchsorted([13, 15, 16, 18], weight(words), side="right")
    pairs = few[0:-1:2] * 5 + few[1::2]
    cuts = stats.binom.cdf([12, 14, 15, 17], BITS, 0.5)
    share = np.diff(np.concatenate([[0], cuts, [1]]))
    return by_cells(np.bincount(pairs, minlength=25), np.outer(share, share).ravel() * len(pairs))


def serial(words: np.ndarray, shift: int = BITS - 6) -> float:
    """Count pairs of successive words by six bits of each."""
    part = (words.astype(np.int64) >> shift) & 63
    pairs = part[0:-1:2] * 64 + part[1::2]
    return by_cells(np.bincount(pairs, minlength=4096), np.full(4096, len(pairs) / 4096))


def flips(words: np.ndarray) -> float:
    """Count the bits in which a word differs from the next one."""
    return hamming_weight(words[0:-1:2] ^ words[1::2])


def highest_of_eight(words: np.ndarray) -> float:
    """Compare the highest of eight words with its distribution."""
    highest = words[: len(words) // 8 * 8].reshape(-1, 8).max(axis=1)
    cell = ((highest / 2.0**BITS) ** 8 * 256).astype(np.int64)
    return by_cells(np.bincount(cell, minlength=256), np.full(256, len(highest) / 256))


BATTERY: dict[str, Test] = {
    "birthday spacings": birthday_spacings,
    "birthday spacings, bits reversed": lambda words: birthday_spacings(reversed_bits(words)),
    "collisions, high bits": lambda words: collisions(words, BITS - 12),
    "collisions, low bits": collisions,
    "gaps": gaps,
    "gaps, bits reversed": lambda words: gaps(reversed_bits(words)),
    "matrix rank": matrix_rank,
    "Hamming weight": hamming_weight,
    "Hamming weight of pairs": hamming_pairs,
    "serial, high bits": serial,
    "serial, low bits": lambda words: serial(words, 0),
    "flips": flips,
    "highest of eight": highest_of_eight,
}  # fmt: skip


def reversed_bits(words: np.ndarray) -> np.ndarray:
    """Turn words round, so that tests of high bits see the low ones."""
    out = np.zeros(len(words), np.uint32)
    for bit in range(BITS):
        out |= ((words >> np.uint32(bit)) & np.uint32(1)) << np.uint32(BITS - 1 - bit)
    return out


def p_values(words: np.ndarray) -> dict[str, float]:
    """Run the battery."""
    return {name: test(words) for name, test in BATTERY.items()}


def holm(p: dict[str, float], level: float) -> list[str]:
    """Name the tests that fail when all of them together may fail by chance with this probability (Holm 1979)."""
    failed = []
    for k, (name, value) in enumerate(sorted(p.items(), key=lambda item: item[1])):
        if value > level / (len(p) - k):
            break
        failed.append(name)
    return failed
