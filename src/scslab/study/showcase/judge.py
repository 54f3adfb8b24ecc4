"""What a row found, beside what it expected: a direction or a level with its interval, and whether the null arm counts the same."""

from __future__ import annotations

from typing import Any

from ...measure.effects import differ, level
from ...measure.outcomes import BY_NAME, Outcome
from ..results import Results
from .rows import Expected, Null, Row

UNCLEAR = "unclear"

Found = dict[str, Any]


def judged(row: Row, results: Results) -> Found:
    """Judge a row.

    Returns:
        row, title, shows, command, effects (one row each), nulls, surprise, ok.
    """
    effects = [judge_effect(expected, results) for expected in row.effects]
    nulls = [judge_null(null, results) for null in row.nulls]
    surprised = [found["outcome"] for found in effects if not found["as_expected"]]
    ok = all(null["exact"] for null in nulls) and (not surprised or bool(row.surprise))
    return {
        "row": row.name, "title": row.title, "shows": row.shows, "command": f"scslab showcase {row.name}", "built": True, "effects": effects,
        "nulls": nulls, "surprise": row.surprise, "surprised": surprised, "ok": ok,
    }  # fmt: skip


def judge_effect(expected: Expected, results: Results) -> Found:
    """Measure one effect or level, and say whether it is as expected."""
    measured = BY_NAME[expected.outcome]
    if expected.is_contrast:
        rows = results.effects(expected.by or None, expected.of, expected.against, expected.window, [expected.outcome])
        row = next(found for found in rows if found["group"] == expected.group)
        value = row["difference"]
        if value is None and not expected.by and not _different(measured, expected.of, expected.against, results):
            value, row = 0.0, {**row, "low": 0.0, "high": 0.0, "note": "the same in every month and group"}
        found = direction(value, row["low"], row["high"], expected.limits)
    else:
        rows = level(results.tallies, results.people, expected.of, expected.outcome, expected.by or None, expected.window)
        row = next(found for found in rows if found["group"] == expected.group)
        value = row["value"]
        found = place(value, row["low"], row["high"], expected.expect, expected.limits)
    group = "" if expected.group == "all" else f", {expected.group}"
    return {
        "outcome": expected.outcome, "words": measured.words + group, "unit": measured.unit, "of": expected.of, "against": expected.against,
        "value": value, "low": row["low"], "high": row["high"], "expected": expected_words(expected), "found": found,
        "as_expected": found == expected.expect, "grade": expected.grade, "why": expected.why, "window": expected.window,
        "note": row["note"], "about": measured.note, "by_construction": measured.by_construction, "interval": row["label"],
    }  # fmt: skip


def direction(value: float | None, low: float | None, high: float | None, within: tuple[float, ...] = ()) -> str:
    """Name the sign of a difference whose interval leaves out zero.

    Args:
        within: how far from zero still counts as zero; without it only a difference of nothing at all does.

    Example:
        >>> direction(2.0, 1.0, 3.0), direction(2.0, -1.0, 5.0), direction(0.1, -0.2, 0.4, (0.5,)), direction(0.0, 0.0, 0.0)
        ('up', 'unclear', 'zero', 'zero')
    """
    if value is None or low is None or high is None:
        return UNCLEAR
    if low == high == 0 or (within and max(-low, high) <= within[0]):
        return "zero"
    return "up" if low > 0 else "down" if high < 0 else UNCLEAR


def place(value: float | None, low: float | None, high: float | None, expect: str, limits: tuple[float, ...]) -> str:
    """Name where a level's interval lies: above, below or between the limits.

    Example:
        >>> place(30, 25, 35, "below", (50,)), place(30, 25, 55, "below", (50,)), place(30, 25, 35, "between", (20, 28))
        ('below', 'unclear', 'unclear')
    """
    if value is None or low is None or high is None or not limits:
        return UNCLEAR
    if expect == "between" and limits[0] <= low and high <= limits[-1]:
        return "between"
    return "below" if high < limits[0] else "above" if low > limits[-1] else UNCLEAR


def judge_null(null: Null, results: Results) -> Found:
    """Compare two arms counter by counter, month by month, group by group, in every seed: they must be the same."""
    differs = [name for name in null.outcomes if _different(BY_NAME[name], null.of, null.against, results)]
    return {"of": null.of, "against": null.against, "outcomes": list(null.outcomes), "exact": not differs, "differs": differs}


def _different(measured: Outcome, of: str, against: str, results: Results) -> bool:
    """Tell whether two arms count an outcome differently in any seed."""
    return any(differ(measured, mine, results.tallies[against][seed]) for seed, mine in results.tallies[of].items())


def expected_words(expected: Expected) -> str:
    """Write what is expected, with its limits."""
    limits = " and ".join(f"{limit:g}" for limit in expected.limits)
    return expected.expect if not limits else f"zero, within {limits}" if expected.expect == "zero" else f"{expected.expect} {limits}"
