"""Tables that stand beside the effects: months unaware, poor and rich, burdens out of proportion (W7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..measure.cells import marginal
from ..measure.charts import nice
from ..measure.outcomes import BY_NAME, survival_unaware
from ..measure.quantiles import SHARES, distributions
from .results import Results, Row

RATES = ("listed", "grades_lowered")
"""Outcomes by which poor and rich are compared, where they are counted."""


def unaware_rows(results: Results) -> list[Row]:
    """Say for each arm how long listings stay unknown to their subjects, all seeds together; empty where no arm has listings.

    Returns:
        Rows of arm, listings, median_months (text: the median, or that more than half never know as long as we look), never_told (share of
        finished spells that no notice, refusal or inquiry ended).
    """
    if not results.counts("unaware"):
        return []
    rows = []
    for arm in results.arms:
        pooled: dict[str, np.ndarray] = {}
        for seed in results.tallies[arm].values():
            for name, array in seed.items():
                if name.startswith("unaware_"):
                    pooled[name] = pooled.get(name, 0) + marginal(array)
        started = int(pooled.get("unaware_started", np.zeros(1)).sum())
        if started:
            found = survival_unaware(pooled, (results.months, 1))
            median, never = found["median_months"], found["never_aware"]
            rows.append({"arm": arm, "listings": started, "median_months": f"{median:.0f}" if median is not None else "more than half never know",
                         "never_told": None if never is None else round(never, 4)})  # fmt: skip
    return rows


def poor_rows(results: Results, arm: str | None = None) -> list[Row]:
    """Compare the first and the last income quintile, per person (exposure) and per 1,000 unexcused breaches (bias).

    Returns:
        Rows as `disparity.poor_rich` gives them, with words.
    """
    counted = [name for name in RATES if results.counts(name)]
    return [{**results.poor_rich(arm, name, per), "words": BY_NAME[name].words} for name in counted for per in ("person", "breach")]


def short_poor(row: Mapping[str, Any]) -> Row:
    """Cut a row of `poor_rows` to what a reader wants at a glance; `interval` is of the difference."""
    number = lambda value: None if value is None else float(f"{value:.4g}")  # noqa: E731
    low, high = number(row["low"]), number(row["high"])
    between = "-" if low is None or high is None else f"{low:+,.4g} to {high:+,.4g}"
    shown = {"outcome": row["words"], "per": "10,000 person-years" if row["per"] == "person" else "1,000 unexcused breaches"}
    shown |= {name: number(row[key]) for name, key in (("poorest", "poor"), ("richest", "rich"), ("ratio", "ratio"), ("difference", "difference"))}
    return {**shown, "interval": between if row["difference"] is not None else row["note"], "difference without": number(row["without"])}


def proportion_rows(results: Results) -> list[Row]:
    """Give the distribution of what own unlawful acts cost under measures, by arm; see `measure.quantiles`."""
    return distributions(results.tallies, results.arms)


def tables(results: Results) -> list[tuple[str, str, tuple[str, ...], list[list[str]]]]:
    """Give the tables of the report: title, caption, heads, rows of text."""
    made = []
    unaware = unaware_rows(results)
    if unaware:
        caption = "From effect to the first notice, refusal, inquiry or end (Kaplan-Meier); never told: of listings that ended, those nobody told of."
        rows = [[r["arm"], f"{r['listings']:,}", r["median_months"], "" if r["never_told"] is None else f"{r['never_told']:.0%}"] for r in unaware]
        made.append(("Months unaware", caption, ("arm", "listings", "median months", "never told"), rows))
    poor = [short_poor(row) for row in poor_rows(results)]
    if poor:
        caption = (
            "First and last quintile by equivalised household income at the fork, standardised by age and sex. Per person is exposure; per unexcused "
            "breach (of kinds that a list or ledger counts) is bias. Breaches that illness or loss of work excuses are not among them, though some lead "
            "to listings."
        )
        made.append(("Poor and rich", caption, tuple(poor[0]), [["" if v is None else str(v) for v in row.values()] for row in poor]))
    weighed = proportion_rows(results)
    if weighed:
        caption = (
            "Own unlawful acts whose measures have ended, or lasted two years, over all months and seeds: how the burden is spread, never a count alone. "
            "Yuan a month under a measure are assumed weights; a statutory fine is counted where the rules hold one; which measure has to do with "
            "which act is our own reading."
        )
        heads = ("burden of an own unlawful act", "arm", "cases", *(f"{round(100 * q)} % are below" for q in SHARES))
        rows = [[r["what"], r["arm"], f"{r['cases']:,}", *(nice(r[f"p{round(100 * q)}"]) for q in SHARES)] for r in weighed]
        made.append(("Out of proportion (W7)", caption, heads, rows))
    return made
