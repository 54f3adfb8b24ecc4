"""Numbers drawn from words by tabulated laws: Poisson, mixed Poisson and normal. Tables are of exact decimals, rounded once."""

from __future__ import annotations

from decimal import Decimal, localcontext
from functools import cache
from statistics import NormalDist

from .arithmetic import CERTAIN, WHOLE
from .cycle import Step


@cache
def power_of_e(x: Decimal) -> int:
    with localcontext(prec=30):
        return round(x.exp() * CERTAIN)


def poisson(s: Step, draw: str, who: int, rate: int) -> int:
    """Draw a Poisson number of a rate over 2^16: what is over whole fours by the word of ordinal 0, then each four by a word of its own."""
    fours, rest = divmod(rate, 4 * WHOLE)
    number = small(s.word(draw, who), rest) if rest else 0
    return number + sum(place(s.word(draw, who, 1 + piece), of_four()) for piece in range(fours))


def small(word: int, rate: int) -> int:
    """Count how often a word reaches the next sum of chances of 0, 1, ... of a rate below 4."""
    chance = power_of_e(Decimal(-(rate >> 10)) / 64) * power_of_e(Decimal(-(rate & 1023)) / WHOLE) >> 31
    upto, number = chance, 0
    for k in range(1, 64):
        if word < upto:
            break
        number += 1
        chance = chance * rate // (k * WHOLE)
        upto += chance
    return number


def place(word: int, sums: list[int]) -> int:
    return sum(word >= upto for upto in sums)


@cache
def of_four() -> list[int]:
    with localcontext(prec=30):
        return sums_of(Decimal(-4).exp(), lambda k: Decimal(4) / k, 64)


@cache
def of_mixture(shape: int, mean: int) -> list[int]:
    with localcontext(prec=30):
        a, m = Decimal(shape) / WHOLE, Decimal(mean) / WHOLE
        none = ((a / (a + m)).ln() * a).exp() if m else Decimal(1)
        return sums_of(none, lambda k: (k - 1 + a) / k * m / (a + m), 2**14)


def sums_of(chance: Decimal, ratio, most: int) -> list[int]:
    """Add up chances until certainty; each is the one before, times its ratio."""
    found: list[int] = []
    total = Decimal(0)
    for k in range(1, most):
        total += chance
        found.append(min(round(total * CERTAIN), CERTAIN))
        if found[-1] >= CERTAIN:
            break
        chance *= ratio(k)
    return found


def mixed(shape: int, mean: int, word: int) -> int:
    """Draw a Poisson number whose mean is gamma distributed, of a shape and mean over 2^16."""
    return place(word, of_mixture(int(shape), int(mean)))


def normal(word: int) -> int:
    """Turn a word into a normal amount over 2^16: the lowest bit is the sign, twelve bits a cell, the rest the way through it; the last cell is cut again."""
    cell, rest = word >> 19, (word >> 1) % 2**18
    if cell < 4095:
        low, high = quantile(cell, 0), quantile(cell + 1, 0)
    else:
        cell, rest = rest >> 6, rest % 64 << 12
        low, high = quantile(4095, cell), quantile(4095, cell + 1)
    amount = low + ((high - low) * rest >> 18)
    return -amount if word & 1 else amount


@cache
def quantile(cell: int, part: int) -> int:
    """Give a quantile of the absolute value: at cell / 4096 and so many parts of 4096 of the last cell; the very last stands 2^-31 from certainty."""
    share = 1 - 2.0**-31 if part == 4096 else (4095 + part / 4096) / 4096 if cell == 4095 else cell / 4096
    return round(NormalDist().inv_cdf(0.5 + share / 2) * WHOLE)
