"""Intervals over seeds: t for paired differences, bootstrap-t for ratios, Holm's adjustment, and when there are too few events.

A seed redraws population and luck. Such an interval says what luck does, never what our assumptions do: it is labelled so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..base import luck

LEVEL = 0.95
FEWEST = 20
"""Fewer expected events than this are not reported as a number."""
RESAMPLES = 999
FEWEST_SEEDS = 6
"""With fewer seeds there are too few different resamples for a bootstrap."""
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


def paired(differences: Sequence[float] | np.ndarray, level: float = LEVEL) -> Interval:
    """Give the mean of paired differences over seeds with its t interval.

    Args:
        differences: one per seed, with minus without.

    Example:
        >>> paired([1.0, 2.0, 3.0]).value
        2.0
    """
    d = np.asarray(differences, float)
    mean = float(d.mean())
    if len(d) < 2:
        return Interval(mean, None, None)
    error = float(d.std(ddof=1)) / math.sqrt(len(d))
    if error == 0:
        return Interval(mean, mean, mean, 1.0 if mean == 0 else 0.0)
    half = t_quantile(len(d) - 1, level) * error
    return Interval(mean, mean - half, mean + half, t_tail(abs(mean) / error, len(d) - 1))


def ratio_difference(with_: np.ndarray, without: np.ndarray, scale: float = 1.0, level: float = LEVEL, name: str = "") -> Interval:
    """Give the difference of two ratios of sums over seeds, with a bootstrap-t interval that redraws seeds whole.

    Args:
        with_, without: shape (seeds, 2): numerator and denominator of each seed in each arm.
        scale: multiplies the ratios; name: keys the resampling luck, so that equal inputs give equal intervals.

    Returns:
        The interval; nan where a denominator is 0 in all seeds.
    """
    pairs = np.concatenate([np.asarray(with_, float), np.asarray(without, float)], axis=1)
    seeds = len(pairs)
    value = float(_difference(pairs.sum(axis=0)[None])[0] * scale)
    if seeds < 3 or not math.isfinite(value):
        return Interval(value, None, None)
    error = float(_jackknife(pairs[None])[0]) * scale
    if error == 0:
        return Interval(value, value, value, 1.0 if value == 0 else 0.0)
    if seeds < FEWEST_SEEDS:  # too few to redraw: the jackknife's error with Student's t
        half = t_quantile(seeds - 1, level) * error
        return Interval(value, value - half, value + half, t_tail(abs(value) / error, seeds - 1))
    word = luck.words(luck.stream_key(0, f"bootstrap/{name}"), np.arange(RESAMPLES * seeds)).astype(np.int64)
    drawn = pairs[(word * seeds >> 31).reshape(RESAMPLES, seeds)]
    errors = _jackknife(drawn) * scale
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (_difference(drawn.sum(axis=1)) * scale - value) / errors
    t = np.sort(t[np.isfinite(t)])
    if len(t) < RESAMPLES // 2:
        return Interval(value, None, None)
    tail = (1 - level) / 2
    low, high = (float(t[min(int(q * len(t)), len(t) - 1)]) for q in (1 - tail, tail))
    share = float(np.mean(np.abs(t) >= abs(value / error)))
    return Interval(value, value - low * error, value - high * error, max(share, 1 / RESAMPLES))


def _difference(sums: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return sums[:, 0] / sums[:, 1] - sums[:, 2] / sums[:, 3]


def _jackknife(samples: np.ndarray) -> np.ndarray:
    """Give the jackknife error of the difference of ratios for each sample (samples, seeds, 4)."""
    seeds = samples.shape[1]
    left = samples.sum(axis=1, keepdims=True) - samples
    values = _difference(left.reshape(-1, 4)).reshape(-1, seeds)
    return np.sqrt((seeds - 1) / seeds * ((values - values.mean(axis=1, keepdims=True)) ** 2).sum(axis=1))


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
