"""Alerts of cameras that compare passers-by with a watch-list, and the exact chance of at least one in many comparisons."""

from __future__ import annotations

from functools import lru_cache

from ..base.luck import ONE
from ..engine.declare import table
from .tables import TRUTH

ALERTS = table("alerts", {"stopped": "uint8"}, TRUTH, "A camera takes the subject for somebody on the watch-list; stopped = no human look dropped it.",
               event="is taken for somebody on a watch-list")  # fmt: skip
EVASIONS = table("evasions", {"amount": "int32"}, {}, "A month in which somebody watched avoids cameras; amount = what it costs, in yuan.")

BITS = 160


@lru_cache(maxsize=4096)
def at_least_one(numerator: int, denominator: int, trials: int) -> int:
    """Give the threshold of at least one success in so many trials, in whole numbers: 1 - (1 - numerator / denominator) ^ trials.

    Example:
        >>> at_least_one(1, 2, 2) / 2**31, at_least_one(0, 1, 10), at_least_one(1, 1, 3) == ONE
        (0.75, 0, True)
    """
    power = ((denominator - min(numerator, denominator)) << BITS) // denominator
    none, left = 1 << BITS, trials
    while left:
        if left & 1:
            none = none * power >> BITS
        power, left = power * power >> BITS, left >> 1
    return ((1 << BITS) - none) * ONE + (1 << (BITS - 1)) >> BITS
