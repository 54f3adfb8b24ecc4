"""Whole numbers only: keyed words, thresholds over 2^31, factors over 2^16; as docs/architecture.md has them under Luck and Parameters."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from scslab.base import luck

CERTAIN = 2**31
WHOLE = 2**16
NEVER = 32767
LOW32 = 2**32 - 1


@lru_cache(maxsize=4096)
def key_of(seed: int, name: str) -> tuple[int, int]:
    """Give the key of a named stream: the tested function of the package."""
    return luck.stream_key(seed, name)


@lru_cache(maxsize=4096)
def round_keys(key: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Give the keys of the ten rounds."""
    return tuple(((int(key[0]) + n * 0x9E3779B9) & LOW32, (int(key[1]) + n * 0xBB67AE85) & LOW32) for n in range(10))


def block(key: tuple[int, int], c0: int, c1: int, c2: int, c3: int) -> tuple[int, int, int, int]:
    """Compute one Philox-4x32-10 block with whole numbers; a test holds it to the package's tested one."""
    for k0, k1 in round_keys(key):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & LOW32, (p0 >> 32) ^ c3 ^ k1, p0 & LOW32
    return c0, c1, c2, c3


def word_of(key: tuple[int, int], row_id: int, month: int, ordinal: int = 0) -> int:
    """Draw the word of an id in a month."""
    return block(key, row_id & LOW32, (row_id >> 32) & LOW32, month & LOW32, ordinal)[0] >> 1


def screening_words(key: tuple[int, int], people: int, month: int) -> list[int]:
    """Draw the words that screen everybody for a kind of occasion: four persons 1,024 apart share a block."""
    who = np.arange(people)
    blocks = luck.philox(key, who // 4096 * 1024 + who % 1024, 0, month, 0)
    return [int(blocks[i // 1024 % 4][i]) >> 1 for i in range(people)]


def row_id(subject: int, month: int, kind: int, ordinal: int = 0) -> int:
    """Pack a row's id: subject | month | kind | ordinal."""
    return ((subject * 4096 + month) * 256 + kind) * 256 + ordinal


def thinned(chance: int, *factors: int) -> int:
    """Multiply a threshold by factors, never above certainty."""
    for factor in factors:
        chance = min(chance * int(factor) >> 16, CERTAIN)
    return chance


def both(chance: int, other: int) -> int:
    """Give the chance that two independent things happen."""
    return int(chance) * int(other) >> 31


def rising(quantile: int, power: int = 1) -> int:
    """Turn a propensity 0..255 into a factor from 0 to 1, to a whole power."""
    share = int(quantile) * WHOLE // 255
    factor = share
    for _ in range(power - 1):
        factor = factor * share >> 16
    return factor


def falling(quantile: int, power: int = 1) -> int:
    """Turn a propensity into a factor from 1 to 0."""
    return rising(255 - int(quantile), power)


def between(word: int, low: int, high: int) -> int:
    """Spread a word evenly over low..high."""
    return int(low) + (word * (int(high) - int(low) + 1) >> 31)


def places_this_month(per_10000: int, people: int, word: int) -> int:
    """Turn places per 10,000 persons (over 2^16) into a whole number, the rest decided by one word."""
    whole, rest = divmod(int(per_10000) * people, 10_000 * WHOLE)
    return whole + (1 if word < rest * CERTAIN // (10_000 * WHOLE) else 0)


def cut_money(amount: int) -> int:
    """Cut a sum of money to what a column holds."""
    return min(amount, 2**31 - 1)
