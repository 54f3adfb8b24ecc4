"""Intervals over seeds: t for paired differences and for ratios, wider where few events differ, Holm's adjustment, and when there are too few events.

A seed redraws population and luck. Such an interval says what luck does, never what our assumptions do: it is labelled so.
`measure.coverage` checks that 95 % intervals hold the truth in 95 of 100 experiments, and docs/testing.md says what did not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

LEVEL = 0.95
FEWEST = 20
"""Fewer expected events than this are not reported as a number."""
FEW_CHANGES = 10
"""Where fewer events than this differ between the arms, seeds that happen to agree hide how much luck could have done: see `of_counts`."""
LUCK_ONLY = "luck only"


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval; `low` and `high` are None where one seed, or none that differs, gives no interval."""

    value: float
    low: float | None
    high: float | None
    p: float | None = None


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Compute the regularised incomplete beta function by its continued fraction (Lentz).

    Example:
        >>> round(incomplete_beta(2.0, 3.0, 0.5), 12)
        0.6875
    """
    if not 0 < x < 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    c, d, tiny = 1.0, 1 - (a + b) * x / (a + 1), 1e-300
    d = 1 / (d if abs(d) > tiny else tiny)
    value = d
    for m in range(1, 400):
        for top in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d = 1 + top * d
            c = 1 + top / c
            d, c = 1 / (d if abs(d) > tiny else tiny), c if abs(c) > tiny else tiny
            value *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return front * value


def t_tail(t: float, df: float) -> float:
    """Give P(|T| >= t) of Student's t.

    Example:
        >>> round(t_tail(2.0, 10), 6)
        0.073388
    """
    return incomplete_beta(df / 2, 0.5, df / (df + t * t)) if math.isfinite(t) else 0.0


@lru_cache(maxsize=256)
def t_quantile(df: int, level: float = LEVEL) -> float:
    """Give the t that a share `level` of Student's distribution lies within, by bisection.

    Example:
        >>> round(t_quantile(7), 4)
        2.3646
    """
    if df < 1:
        raise ValueError("an interval needs at least two seeds")
    low, high = 0.0, 1.0
    while t_tail(high, df) > 1 - level:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if t_tail(middle, df) > 1 - level else (low, middle)
    return (low + high) / 2


@dataclass(frozen=True)
class Changes:
    """How many events differ between two arms, and what one event weighs.

    Args:
        count: differences of the arms' events, seed by seed, without sign, summed; size: what one event more moves the estimate by.
    """

    count: float
    size: float


def paired(differences: Sequence[float] | np.ndarray, level: float = LEVEL, changes: Changes | None = None) -> Interval:
    """Give the mean of paired differences over seeds with its t interval.

    Args:
        differences: one per seed, with minus without.
        changes: for counts of events: how many differ; where these are few the interval is widened (see `of_counts`).

    Example:
        >>> paired([1.0, 2.0, 3.0]).value
        2.0
    """
    d = np.asarray(differences, float)
    mean = float(d.mean())
    if len(d) < 2:
        return Interval(mean, None, None)
    return _student(mean, float(d.std(ddof=1)) / math.sqrt(len(d)), len(d), level, changes)


def ratio_difference(
    with_: np.ndarray, without: np.ndarray, scale: float = 1.0, level: float = LEVEL, changes: Changes | None = None
) -> Interval:
    """Give the difference of two ratios of sums over seeds, with a t interval of its linearised errors.

    The difference moves by (a - R b) / B - (c - Q d) / D for each seed, where R = A / B and Q = C / D are the ratios of sums. These errors are paired, so
    luck that arms share cancels. (A bootstrap-t over eight seeds held the truth in only 73 of 100 experiments where few events differed.)

    Args:
        with_, without: shape (seeds, 2): numerator and denominator of each seed in each arm.
        scale: multiplies the ratios; changes: as in `paired`.

    Returns:
        The interval; nan where a denominator is 0 in all seeds.

    Source:
        W. G. Cochran, Sampling Techniques (3rd ed., 1977), 2.11 and 6.4: the variance of a ratio of means by its residuals.
    """
    value, errors = 0.0, np.zeros(len(with_))
    for side, sign in ((with_, 1.0), (without, -1.0)):
        top, bottom = np.asarray(side, float).T
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = top.sum() / bottom.sum()
            value += sign * float(ratio) * scale
            errors = errors + sign * scale * (top - ratio * bottom) / bottom.sum()
    n = len(errors)
    if n < 2 or not math.isfinite(value):
        return Interval(value, None, None)
    return _student(value, math.sqrt(n / (n - 1) * float(errors @ errors)), n, level, changes)


def _student(value: float, error: float, seeds: int, level: float, changes: Changes | None) -> Interval:
    """Give a t interval around an estimate with its standard error, widened to that of counts where few events differ."""
    half = t_quantile(seeds - 1, level) * error
    p = t_tail(abs(value) / error, seeds - 1) if error else float(value == 0)
    low, high = value - half, value + half
    if changes is not None and changes.size > 0 and (changes.count < FEW_CHANGES or not error):
        counted = of_counts(value / changes.size, changes.count, level)
        assert counted.low is not None and counted.high is not None and counted.p is not None
        low, high, p = min(low, counted.low * changes.size), max(high, counted.high * changes.size), max(p, counted.p)
    return Interval(value, low, high, p)


def of_counts(net: float, changed: float, level: float = LEVEL) -> Interval:
    """Give the score interval of gained less lost events, each a rare event of its own.

    It holds whatever expectation m is not refused: (net - m)^2 <= z^2 V(m), where V(m) is the most likely variance, gained plus lost, when their
    difference is m. With none gained and none lost it reaches from -z^2 to z^2: that nothing happened does not show that nothing can.

    Args:
        net: gained less lost; changed: gained plus lost.

    Source:
        T. Tango, Equivalence test and confidence interval for the difference in proportions for the paired-sample design, Statistics in Medicine 17
        (1998) 891-908, for rare events (Poisson in place of binomial). Its test of no difference is McNemar's.

    Example:
        >>> [round(end, 2) for end in (of_counts(0, 0).low, of_counts(0, 0).high, of_counts(3, 3).low, of_counts(3, 3).high)]
        [-3.84, 3.84, -0.84, 8.82]
    """
    changed, z = max(changed, abs(net)), NormalDist().inv_cdf(0.5 + level / 2)

    def variance(m: float) -> float:
        against = (changed - net) / 2 if m >= 0 else (changed + net) / 2  # events against the supposed direction
        return (changed + math.sqrt((changed - 2 * abs(m)) ** 2 + 8 * against * abs(m))) / 2

    def end(sign: float) -> float:
        inside, outside = 0.0, z * z + 2 * z * math.sqrt(changed + z * z) + 2 * z * z
        for _ in range(60):
            middle = (inside + outside) / 2
            if middle * middle <= z * z * variance(net + sign * middle):
                inside = middle
            else:
                outside = middle
        return net + sign * inside

    p = 2 * (1 - NormalDist().cdf(abs(net) / math.sqrt(changed))) if changed else 1.0
    return Interval(net, end(-1.0), end(1.0), p)


def holm(p: Sequence[float | None]) -> list[float | None]:
    """Adjust p-values by Holm's method; missing ones stay missing.

    Example:
        >>> holm([0.01, 0.04, None, 0.03])
        [0.03, 0.06, None, 0.06]
    """
    known = sorted((value, i) for i, value in enumerate(p) if value is not None)
    adjusted: list[float | None] = [None] * len(p)
    highest = 0.0
    for rank, (value, i) in enumerate(known):
        highest = max(highest, min(1.0, (len(known) - rank) * value))
        adjusted[i] = highest
    return adjusted


def too_few(events: float, people: int) -> str:
    """Say that there are too few events, and about how many people would do; empty when there are enough.

    Args:
        events: expected events behind the number, all seeds together; people: of the run.

    Example:
        >>> too_few(5, 20_000), too_few(20, 20_000)
        ('too few; needs about 80,000 people', '')
    """
    if events >= FEWEST:
        return ""
    need = people * FEWEST / max(events, 1)
    digits = max(len(str(int(need))) - 2, 0)
    rounded = math.ceil(need / 10**digits) * 10**digits
    return f"too few; needs {'more than' if events < 1 else 'about'} {rounded:,} people"


def in_worlds(differences: Sequence[float], smallest: float = 0.0) -> str:
    """Say in how many worlds an effect has the sign of the median and at least the smallest size of interest.

    Example:
        >>> in_worlds([1, 2, 3, 4, 5, 6, 7, 8, 9, -1])
        'in 9 of 10 worlds'
    """
    d = np.asarray(differences, float)
    sign = 1 if np.median(d) >= 0 else -1
    return f"in {int((d * sign > smallest).sum())} of {len(d)} worlds"
