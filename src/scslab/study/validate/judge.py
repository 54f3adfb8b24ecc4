"""Where a simulated value lies beside the band of a published figure, and whether luck leaves that open."""

from __future__ import annotations

from typing import Any

from ...measure.effects import level
from ..results import Results
from .figures import Figure

PASS, MISS, OPEN, UNMEASURED = "pass", "miss", "open", "not measurable"
"""In the band; outside it with the whole interval; outside it with an interval that reaches in; no number."""


def verdict(value: float | None, low: float | None, high: float | None, band: tuple[float, float]) -> str:
    """Name where a value lies: in the band, outside it, or outside it by no more than luck may do; without an interval nobody can tell.

    Example:
        >>> [verdict(*v, (1.0, 2.0)) for v in ((1.5, 0.5, 2.5), (2.1, 1.9, 2.3), (2.1, 2.05, 2.3), (9, None, None), (None, None, None))]
        ['pass', 'open', 'miss', 'open', 'not measurable']
    """
    if value is None:
        return UNMEASURED
    if band[0] <= value <= band[1]:
        return PASS
    return OPEN if low is None or high is None or (low <= band[1] and high >= band[0]) else MISS


def is_settled(low: float | None, high: float | None, band: tuple[float, float]) -> bool:
    """Tell whether the whole interval lies on one side: all in the band, or all out of it.

    Example:
        >>> is_settled(1.2, 1.8, (1, 2)), is_settled(0.9, 1.8, (1, 2)), is_settled(2.5, 3.0, (1, 2))
        (True, False, True)
    """
    if low is None or high is None:
        return False
    return (band[0] <= low and high <= band[1]) or high < band[0] or low > band[1]


def judged(figure: Figure, results: Results, arm: str) -> dict[str, Any]:
    """Measure one figure in an arm, and say where it lies.

    Returns:
        A plain row: figure, moment, half, published, band, value, low, high, found, settled, declared, why, evidence, source and more.
    """
    row: dict[str, Any] = {"value": None, "low": None, "high": None, "events": 0, "note": figure.given, "label": ""}
    if not figure.given and not results.counts(figure.outcome):
        row["note"] = "nothing in these rules counts it"
    elif not figure.given:
        row = level(results.tallies, results.people, arm, figure.outcome, None, slice(figure.start - results.start, figure.end - results.start + 1))[0]
    found = verdict(row["value"], row["low"], row["high"], figure.band)
    declared = bool(figure.miss) and found in (MISS, OPEN)
    return {
        "figure": figure.name, "moment": figure.moment, "title": figure.title, "half": figure.half, "dated": figure.dated, "unit": figure.unit,
        "published": figure.published, "band": list(figure.band), "value": row["value"], "low": row["low"], "high": row["high"],
        "interval": row["label"], "events": row["events"], "found": found, "settled": is_settled(row["low"], row["high"], figure.band),
        "declared": declared, "why": row["note"] or (figure.miss if declared else ""), "evidence": figure.evidence, "source": figure.source,
        "facts": list(figure.facts), "known": figure.known, "note": figure.note,
        "stale": "a miss is declared and the value passes" if figure.miss and found == PASS else "",
    }  # fmt: skip


def is_ok(row: dict[str, Any]) -> bool:
    """Tell whether a row may stand: no miss that nobody declared."""
    return row["found"] != MISS or row["declared"]
