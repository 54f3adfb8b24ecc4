"""Whether intervals mean what they say: experiments on models whose truth is known, fed to the functions that make the intervals of every table.

    from scslab.measure.coverage import coverage
    for row in coverage():
        print(row["case"], row["covered"])

Each experiment draws the rates of a model, then the counters of eight seeds in two arms from it, and asks `effects.interval_of` for the interval. The share
of experiments whose interval holds the true difference should be 95 %. Rates are drawn anew for each experiment, because a single rate of rare counts puts
steps into that share.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .effects import interval_of
from .outcomes import BY_NAME

EXPERIMENTS = 2000
SEEDS = 8
BAND = (0.935, 0.965)
"""What covers 95 % may be seen to cover in 2,000 experiments: three standard errors (of .49 %) either way."""

Draw = Callable[[np.random.Generator, int], tuple[np.ndarray, np.ndarray, float]]
"""From luck and a number of seeds to numerators and denominators (seeds, 2) with and without, and the true difference in the outcome's own unit."""


@dataclass(frozen=True)
class Case:
    """A model with known truth.

    Args:
        name, words: what it is.
        outcome: whose interval is asked for.
        draw: one experiment.
        few: so few events differ that no interval can cover exactly 95 %: it must cover at least what the band allows.
    """

    name: str
    words: str
    outcome: str
    draw: Draw
    few: bool = False


def _between(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw a rate log-uniformly."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _rates(shared: tuple[float, float], gained: tuple[float, float], lost: tuple[float, float] | None, spread: float = 0.0) -> Draw:
    """Counts of a year among 1,000 persons: some events happen in both arms, some only with the rules, some only without; expected per seed.

    Args:
        spread: squared coefficient of variation of the rates from seed to seed: populations differ.
    """

    def draw(rng: np.random.Generator, seeds: int) -> tuple[np.ndarray, np.ndarray, float]:
        both, more = _between(rng, *shared) if shared[1] else 0.0, _between(rng, *gained)
        less = _between(rng, *lost) if lost else 0.0
        of = rng.gamma(1 / spread, spread, seeds) if spread else np.ones(seeds)
        common = rng.poisson(both * of)
        followed = np.full(seeds, 1000.0)
        with_, without = (np.stack([common + rng.poisson(extra * of), followed], axis=1).astype(float) for extra in (more, less))
        return with_, without, 10.0 * (more - less)  # per 10,000 person-years

    return draw


def _shares(size: tuple[float, float], with_share: tuple[float, float], without_share: tuple[float, float] | None) -> Draw:
    """Shares of events that are of a kind, where the events themselves are counts; without rules there may be none (a level)."""

    def draw(rng: np.random.Generator, seeds: int) -> tuple[np.ndarray, np.ndarray, float]:
        def side(p: float) -> np.ndarray:
            bottom = rng.poisson(_between(rng, *size), seeds)
            return np.stack([rng.binomial(bottom, p), bottom], axis=1).astype(float)

        p = _between(rng, *with_share)
        if without_share is None:
            return side(p), np.tile([0.0, 1.0], (seeds, 1)), 100 * p
        q = _between(rng, *without_share)
        return side(p), side(q), 100 * (p - q)

    return draw


def _turned(size: tuple[float, float], share: tuple[float, float], turned: tuple[float, float]) -> Draw:
    """Shares of the same events in both arms: the rules turn some yes and some no."""

    def draw(rng: np.random.Generator, seeds: int) -> tuple[np.ndarray, np.ndarray, float]:
        p, yes, no = _between(rng, *share), _between(rng, *turned), _between(rng, *turned)
        bottom = rng.poisson(_between(rng, *size), seeds)
        top = rng.binomial(bottom, p)
        other = top + rng.binomial(bottom - top, yes) - rng.binomial(top, no)
        with_, without = (np.stack([side, bottom], axis=1).astype(float) for side in (other, top))
        return with_, without, 100 * ((1 - p) * yes - p * no)

    return draw


def _weighed(rate: tuple[float, float], months: tuple[float, float]) -> Draw:
    """Months under measures: each sanction lasts a number of months of its own."""

    def draw(rng: np.random.Generator, seeds: int) -> tuple[np.ndarray, np.ndarray, float]:
        often, mean = _between(rng, *rate), _between(rng, *months)
        top = [rng.geometric(1 / mean, n).sum() for n in rng.poisson(often, seeds)]
        followed = np.full(seeds, 1000.0)
        return np.stack([top, followed], axis=1).astype(float), np.stack([np.zeros(seeds), followed], axis=1), 10.0 * often * mean

    return draw


CASES = (
    Case("common-counts", "200 to 800 events a seed in both arms, some more with the rules", "listed", _rates((200, 800), (40, 160), (20, 80))),
    Case("rare-level", "3 to 6 events a seed with the rules, none without", "listed", _rates((0, 0), (3, 6), None)),
    Case("rare-counts", "3 to 6 events a seed in both arms, 1 to 4 only in one", "listed", _rates((3, 6), (1, 4), (1, 4))),
    Case("few-changes", "3 to 30 events a seed in both arms, fewer than one in two seeds only in one",
         "listed", _rates((3, 30), (0.05, 0.5), (0.05, 0.5)), True),
    Case("few-gained", "3 to 30 events a seed in both arms, at most one in two seeds only with", "listed", _rates((3, 30), (0.02, 0.5), None), True),
    Case("uneven-seeds", "10 to 40 events a seed, rates that differ between seeds by a fifth", "listed", _rates((0, 0), (10, 40), None, 0.04)),
    Case("months-under", "5 to 20 sanctions a seed that last 3 to 24 months", "burden", _weighed((5, 20), (3, 24))),
    Case("share", "share of 200 to 800 events", "wrong_share", _shares((200, 800), (0.1, 0.6), (0.1, 0.6))),
    Case("rare-share", "share of .5 to 3 % of 200 to 800 events, none without the rules", "wrong_share", _shares((400, 800), (0.0075, 0.03), None)),
    Case("share-of-rare", "share of 5 to 15 events a seed", "wrong_share", _shares((5, 15), (0.2, 0.6), (0.2, 0.6))),
    Case("turned", "share of the same 100 to 400 events, of which the rules turn 1 to 5 % each way",
         "judgments_performed", _turned((100, 400), (0.2, 0.6), (0.01, 0.05))),
    Case("few-turned", "share of the same 30 to 100 events, of which the rules turn .2 to 1 % each way",
         "judgments_performed", _turned((30, 100), (0.3, 0.6), (0.002, 0.01)), True),
)


def coverage(names: Sequence[str] | None = None, experiments: int = EXPERIMENTS, seeds: int = SEEDS, seed: int = 1) -> list[dict[str, Any]]:
    """Measure how often 95 % luck intervals hold the truth.

    Args:
        names: of `CASES`, default all; experiments: of each case; seeds: of each experiment; seed: of the luck they are drawn with.

    Returns:
        Rows of case, words, covered (share of intervals that hold the truth), above and below (shares where the truth is above or below), clear (share
        with p <= .05), width (median, over that of the estimates' own 95 %), fair (whether `covered` is in `BAND`, or no less than it where few events
        differ), experiments, seeds.

    Example:
        >>> row = coverage(["common-counts"], experiments=50)[0]
        >>> row["case"], row["covered"] > 0.8
        ('common-counts', True)
    """
    return [_covered(case, experiments, seeds, seed) for case in CASES if names is None or case.name in names]


def _covered(case: Case, experiments: int, seeds: int, seed: int) -> dict[str, Any]:
    rng, measured = np.random.default_rng([seed, CASES.index(case)]), BY_NAME[case.outcome]
    misses, clear, widths, errors = np.zeros(2), 0, np.zeros(experiments), np.zeros(experiments)
    for k in range(experiments):
        with_, without, truth = case.draw(rng, seeds)
        found = interval_of(measured, with_, without)
        if found.low is None or found.high is None or found.p is None:
            raise ValueError(f"{case.name}: {seeds} seeds give no interval")
        misses += (truth > found.high + 1e-9, truth < found.low - 1e-9)
        clear += found.p <= 0.05
        widths[k], errors[k] = found.high - found.low, found.value - truth
    share = 1 - misses.sum() / experiments
    own = float(np.diff(np.percentile(errors, (2.5, 97.5)))[0])
    return {
        "case": case.name, "words": case.words, "covered": float(share), "above": misses[0] / experiments, "below": misses[1] / experiments,
        "clear": clear / experiments, "width": float(np.median(widths)) / own, "fair": bool(BAND[0] <= share <= (1 if case.few else BAND[1])),
        "experiments": experiments, "seeds": seeds,
    }  # fmt: skip
