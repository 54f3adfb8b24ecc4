"""Who stands where before the first period of a published model, drawn by keyed luck; and what runs say together."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np

from ...base import luck
from .registry import Measured


def uniforms(seed: int, name: str, size: int) -> np.ndarray:
    """Draw numbers between 0 and 1, one a person: float64 (size,).

    Example:
        >>> bool((uniforms(1, "score", 3) < 1).all())
        True
    """
    return (luck.words(luck.stream_key(seed, f"published/{name}"), np.arange(size)) + 0.5) / luck.ONE


def by_quantile(uniform: np.ndarray, inverse: Callable[[float], float], knots: int = 1 << 14) -> np.ndarray:
    """Turn uniform numbers into a law by its inverse distribution function, taken at so many knots.

    Example:
        >>> by_quantile(np.array([0.5]), lambda u: 2 * u, knots=4).tolist()
        [1.0]
    """
    at = (np.arange(knots) + 0.5) / knots
    return np.interp(uniform, at, [inverse(float(u)) for u in at])


def normals(seed: int, name: str, size: int, mean: float, deviation: float) -> np.ndarray:
    """Draw normal numbers, one a person: float64 (size,)."""
    return mean + deviation * np.interp(uniforms(seed, name, size), *_standard())


@cache
def _standard() -> tuple[np.ndarray, np.ndarray]:
    law, knots = NormalDist(), 1 << 16
    at = (np.arange(knots) + 0.5) / knots
    return at, np.array([law.inv_cdf(float(u)) for u in at])


def over_runs(values: Any) -> Measured:
    """Give the mean over runs and its standard error.

    Example:
        >>> over_runs([1, 3]).value
        2.0
    """
    found = np.asarray(values, float)
    return Measured(float(found.mean()), float(found.std(ddof=1) / np.sqrt(len(found))) if len(found) > 1 else 0.0)
