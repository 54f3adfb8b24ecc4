"""Outcomes about friendships: likeness of friends in standing and in income, and people without any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .declare import Outcome

MOMENTS = ("x", "xx", "y", "yy", "xy")


def correlation(of: str) -> Callable[[Any, np.ndarray], np.ndarray]:
    """Make the correlation over ties (Newman's assortativity) out of sums over their ends; of a group: with whomever they are friends."""

    def formula(sums: Any, followed: np.ndarray) -> np.ndarray:
        n = np.asarray(sums["tie_ends"], float)
        with np.errstate(invalid="ignore", divide="ignore"):
            x, xx, y, yy, xy = (np.asarray(sums[f"{of}_{name}"], float) / n for name in MOMENTS)
            return (xy - x * y) / np.sqrt((xx - x * x) * (yy - y * y))

    return formula


def moments(of: str) -> tuple[str, ...]:
    return ("tie_ends", *(f"{of}_{name}" for name in MOMENTS))


def favoured(sums: Any, followed: np.ndarray) -> np.ndarray:
    """Give how many times as often boosted seekers are noticed as the others."""
    with np.errstate(invalid="ignore", divide="ignore"):
        boosted, plain = (np.asarray(sums[f"dates_received.{w}"], float) / sums[f"date_seekers.{w}"] for w in ("boosted", "plain"))
        return boosted / plain


OUTCOMES = (
    Outcome("assortativity", "how alike friends are in standing", "correlation over ties", moments("tie"), form="formula", per=1.0,
            events=("tie_ends",), formula=correlation("tie"), note="0 = friends are no more alike than strangers"),
    Outcome("friends_alike", "friends within the same band of 50 points", "per 100 ties", ("tie_alike",), form="ratio", denominator=("tie_ends",), per=100.0),
    Outcome("income_segregation", "how alike friends are in income", "correlation over ties", moments("rank"), form="formula",
            per=1.0, events=("tie_ends",), formula=correlation("rank"), note="by income quintile"),
    Outcome("isolates", "adults without a friend", "per 100 adults", ("isolates",), form="ratio", denominator=("tie_adults",), per=100.0),
    Outcome("isolates_low", "adults of low standing without a friend", "per 100 adults of low standing", ("isolates.low",), form="ratio",
            denominator=("tie_adults.low",), per=100.0, note="who shows no score, or none better than what a hidden one is taken for"),
    Outcome("friends", "friends of an adult", "friends per adult", ("tie_ends",), form="ratio", denominator=("tie_adults",), per=1.0),
    Outcome("network_parts", "parts of the network of friends", "per 1,000 adults", ("network_parts",), form="ratio",
            denominator=("network_adults",), per=1000.0, whole=True, note="sets of adults whom no friendship joins; somebody without a friend is one"),
    Outcome("dates_favoured", "boosted profiles are noticed more often than others", "times as often",
            ("dates_received.boosted", "date_seekers.boosted", "dates_received.plain", "date_seekers.plain"), "level", "formula", per=1.0, formula=favoured,
            events=("dates_received.boosted",), note="1 = no boost; weddings do not follow from dates here"),
)  # fmt: skip
