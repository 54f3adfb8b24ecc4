"""Poor and rich: the first and the last income quintile, standardised by age and sex, per person and per unexcused breach.

Per person it is exposure: how many are reached. Per 1,000 unexcused breaches it is bias: who is reached among those who did the same. Exposure
without bias means that the poor do more of what the rules count; bias means that rules, sensors or remedies treat the same conduct differently.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .cells import by_quintile_age_sex
from .effects import AllTallies, Row, followed_of, months_of
from .intervals import FEWEST, LUCK_ONLY, paired, too_few
from .outcomes import Outcome, counter, outcome, window_of

BREACHES = "breaches@counted"
"""Counter: unexcused acts of kinds that a list or ledger of some arm holds against people."""

PER = {"person": "exposure per person", "breach": "bias per 1,000 unexcused breaches of kinds that a list or ledger counts"}


def poor_rich(
    tallies: AllTallies, people_by_cell: Any, arm: str, against: str, name: str = "listed", window: str | slice | None = None, per: str = "person"
) -> Row:
    """Compare the first income quintile with the last, standardised directly by age and sex, with and without the rules.

    Args:
        tallies, people_by_cell: as in `effects.effects`; arm, against: the arms compared.
        name: an outcome that is a rate; per: 'person' (the outcome's own unit) or 'breach' (per 1,000 unexcused breaches).

    Returns:
        poor, rich, difference, low, high (of poor minus rich in the arm), ratio; without: the same difference under the comparator; contrast,
        contrast_low, contrast_high: the difference with the rules minus that without. None where a quintile has too few events; `note` says so.
    """
    measured, months = outcome(name), months_of(tallies, people_by_cell)
    span, found, events = window_of(months, window), {arm: [], against: []}, np.zeros(2)
    for side in (arm, against):
        for i, seed in enumerate(sorted(tallies[side])):
            followed = followed_of(people_by_cell, i, months)
            top, rates = _rates(measured, tallies[side][seed], followed, span, per)
            found[side].append(rates)
            events += top if side == arm else 0
    row: Row = {"outcome": name, "per": per, "label": LUCK_ONLY, "note": f"standardised by age and sex; {PER[per]}"}
    (poor, rich), (poor_without, rich_without) = (np.array(found[side], float).T for side in (arm, against))
    few = too_few(events.min(), round(np.mean([followed_of(people_by_cell, i, months)[0].sum() for i in range(len(poor))])))
    empty = dict.fromkeys(("poor", "rich", "difference", "low", "high", "ratio", "without", "contrast", "contrast_low", "contrast_high"))
    if few or not (np.isfinite(poor - rich).all() and np.isfinite(poor_without - rich_without).all()):
        return {**row, **empty, "note": few or f"fewer than {FEWEST} events, or nobody to compare"}
    gap, contrast = paired(poor - rich), paired((poor - rich) - (poor_without - rich_without))
    return {
        **row, "poor": float(poor.mean()), "rich": float(rich.mean()), "difference": gap.value, "low": gap.low, "high": gap.high,
        "ratio": float(poor.mean() / rich.mean()) if rich.mean() else None, "without": float((poor_without - rich_without).mean()),
        "contrast": contrast.value, "contrast_low": contrast.low, "contrast_high": contrast.high,
    }  # fmt: skip


def _rates(measured: Outcome, tallies: Any, followed: np.ndarray, span: slice, per: str) -> tuple[np.ndarray, tuple[float, float]]:
    """Give the events of the first and the last quintile, and their standardised rates; nan where no age and sex has both."""
    shape = followed.shape
    bottom, scale = (followed, 12 * measured.per) if per == "person" else (counter(tallies, (BREACHES,), shape), 1000.0)
    base = by_quintile_age_sex(bottom[span].sum(axis=0)).astype(float)
    top = by_quintile_age_sex(counter(tallies, measured.numerator, shape)[span].sum(axis=0))
    weight = base.sum(axis=0) * ((base[0] > 0) & (base[-1] > 0))
    rate = (top / np.maximum(base, 1) * scale) @ weight / weight.sum() if weight.any() else np.full(len(base), np.nan)
    return top[[0, -1]].sum(axis=1), (rate[0], rate[-1])
