"""Effects over worlds: a range over assumptions, structure and luck together; in how many worlds; which inputs move an outcome most."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..base import luck
from .cells import groups
from .effects import AllTallies, Row, adjusted, blank, followed_of, months_of
from .intervals import too_few
from .outcomes import PRIMARY, Outcome, outcome, outcomes_of, parts, window_of

ENOUGH = 64
"""Fewer worlds than this do not carry a claim."""

EDGES = (5, 95)
"""Percentiles over worlds between which the range is printed."""

RANGE = "5th to 95th percentile"
RESAMPLES = 999
"""Permutations behind `by_chance`."""

TOP = 5
"""Inputs shown for each outcome."""


def label_of(worlds: int) -> str:
    """Name the kind of range.

    Example:
        >>> label_of(8), is_worlds(label_of(8)), is_worlds("luck only")
        ('worlds: 8', True, False)
    """
    return f"worlds: {worlds}"


def is_worlds(label: str) -> bool:
    """Tell whether rows with this label are ranges over worlds."""
    return label.startswith("worlds: ")


def sign_share(differences: Sequence[float] | np.ndarray) -> tuple[float, str]:
    """Give the share of worlds whose difference has the sign of the median (is zero, when that is zero), and say it.

    Example:
        >>> sign_share([1, 2, 3, 4, 5, 6, 7, 8, 9, -1])
        (0.9, 'in 9 of 10 worlds')
        >>> sign_share([0, 0])
        (1.0, 'no difference in 2 of 2 worlds')
    """
    d = np.asarray(differences, float)
    sign = np.sign(np.median(d))
    count = int((np.sign(d) == sign).sum())
    return count / len(d), f"{'in' if sign else 'no difference in'} {count} of {len(d)} worlds"


def by_world(
    measured: Outcome, tallies: AllTallies, people: Any, arms: Sequence[str], by: str | None, window: str | slice | None
) -> tuple[np.ndarray, np.ndarray]:
    """Compute an outcome in every world.

    Returns:
        Values (arms, worlds, groups), nan where there is nobody to count, and the events behind them (arms, worlds, groups).
    """
    months, seeds = months_of(tallies, people), sorted(tallies[arms[0]])
    span = window_of(months, window)
    found = np.array([[parts(measured, tallies[a][s], followed_of(people, i, months), by, span) for i, s in enumerate(seeds)] for a in arms], float)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = found[:, :, 0] / found[:, :, 1] * measured.per
    return np.where(found[:, :, 1] > 0, values, np.nan), found[:, :, 2]


def world_effects(
    tallies: AllTallies,
    people: Any,
    arm: str,
    against: str,
    by: str | None = None,
    window: str | slice | None = None,
    outcomes: Sequence[str] | None = None,
    counted: Mapping[str, Iterable[str]] | None = None,
) -> list[Row]:
    """Compute every outcome with and without the rules over worlds.

    Args:
        tallies: counters (months, cells) by arm, world and name; people: person-months, one array a world.
        outcomes, counted: as in `effects.effects`.

    Returns:
        Rows as `effects.effects` gives them. with, without and difference are medians over worlds (so they need not add up), low and high
        the 5th and 95th percentile of the difference; `share` and `in_worlds` tell in how many worlds it has the sign of the median.
        There is no p-value: assumptions are not a sample.
    """
    rows, persons = [], _persons(people)
    for measured in [outcome(name) for name in outcomes] if outcomes is not None else outcomes_of(counted):
        values, events = by_world(measured, tallies, people, (arm, against), by, window)
        for g, group in enumerate(groups(by)):
            row = blank(measured, group, label_of(values.shape[1]))
            row["events"] = int(events[:, :, g].sum(axis=1).max())
            rows.append(_filled(row, measured, values[:, :, g], persons))
    return adjusted(rows)


def _persons(people: Any) -> int:
    one = np.asarray(people[0] if isinstance(people, list | tuple) else people)
    return int((one[0] if one.ndim == 2 else one).sum())


def _filled(row: Row, measured: Outcome, values: np.ndarray, persons: int) -> Row:
    with_, without = values
    here, there = np.isfinite(with_), np.isfinite(without)
    few = too_few(row["events"], persons)
    if not few and measured.kind == "level" and here.any() and not there.any():
        return row | {"with": float(np.median(with_[here])), "note": "nothing of the kind without the rules"}
    if not (here & there).any():
        few = f"no complete cohort: needs more than {measured.months} months" if measured.months else few or "nobody to count"
    if few:
        return row | {"note": few}
    both = here & there
    d = with_[both] - without[both]
    row |= {"with": float(np.median(with_[both])), "without": float(np.median(without[both])), "difference": float(np.median(d))}
    if len(d) < 2:
        return row | {"label": "no range: one world"}
    share, words = sign_share(d)
    low, high = np.percentile(d, EDGES)
    return row | {"low": float(low), "high": float(high), "share": share, "in_worlds": words}


def ranks(values: Sequence[float] | np.ndarray) -> np.ndarray:
    """Rank values from 1; equal ones share the mean of their ranks.

    Example:
        >>> ranks([10, 20, 20, 5]).tolist()
        [2.0, 3.5, 3.5, 1.0]
    """
    v = np.asarray(values, float)
    _, group, size = np.unique(v, return_inverse=True, return_counts=True)
    last = np.cumsum(size)
    return ((last - size + 1 + last) / 2)[group.reshape(-1)]


def spearman(a: Sequence[float] | np.ndarray, b: Sequence[float] | np.ndarray) -> float | None:
    """Give Spearman's rank correlation, ties included; None where one side is constant.

    Example:
        >>> spearman([1, 2, 3, 4], [1, 3, 2, 4]), spearman([1, 1], [1, 2])
        (0.8, None)
    """
    x, y = ranks(a), ranks(b)
    x, y = 2 * (x - x.mean()), 2 * (y - y.mean())  # whole numbers: the sums below are exact
    size = math.sqrt(float(x @ x) * float(y @ y))
    return round(float(x @ y) / size, 12) if size else None


def by_chance(inputs: Sequence[np.ndarray], difference: np.ndarray, outcomes: int = 1) -> float:
    """Give the rank correlation that the strongest of inputs without any influence stays below in 95 of 100 runs, by permutation.

    Args:
        inputs: draws by input; difference: of each world; outcomes: how many are looked at, each of which may err.
    """
    d = _unit(np.asarray(difference, float))
    if not d.any():
        return 1.0
    word = luck.words(luck.stream_key(0, "tornado"), np.arange(RESAMPLES * len(d))).reshape(RESAMPLES, len(d))
    shuffled = d[np.argsort(word, axis=1, kind="stable")]
    strongest = np.abs(np.array([_unit(draws) for draws in inputs]) @ shuffled.T).max(axis=0)
    return min(float(np.quantile(strongest, 1 - 0.05 / outcomes, method="higher")), 1.0)


def _unit(values: np.ndarray) -> np.ndarray:
    """Centre ranks and scale them to length one, so that a dot product is a rank correlation."""
    x = ranks(values)
    x = x - x.mean()
    size = math.sqrt(float(x @ x))
    return x / size if size else x


def tornado(inputs: Mapping[str, np.ndarray], differences: Mapping[str, np.ndarray], top: int = TOP) -> list[Row]:
    """Rank inputs by how strongly their draws go with each outcome's difference.

    Args:
        inputs: draw of each world by input; differences: difference of each world by outcome, nan where there is none.

    Returns:
        Rows of outcome, rank, input, correlation, when_low and when_high (median difference in the lower and upper half of the draws),
        worlds, chance (see `by_chance`) and clear: whether the correlation exceeds it.
    """
    rows = []
    for name, difference in differences.items():
        known = np.isfinite(difference)
        d, found = difference[known], []
        chance = by_chance([draws[known] for draws in inputs.values()], d, len(differences)) if len(d) > 2 else 1.0
        for key, draws in inputs.items():
            r = spearman(draws[known], d) if len(d) > 2 else None
            if r is not None:
                found.append((-abs(r), key, r))
        for rank, (_, key, r) in enumerate(sorted(found)[:top], start=1):
            draws = inputs[key][known]
            low = draws <= np.median(draws) if (draws > np.median(draws)).any() else draws < np.median(draws)
            row = {"outcome": name, "rank": rank, "input": key, "correlation": r, "when_low": float(np.median(d[low]))}
            rows.append(row | {"when_high": float(np.median(d[~low])), "worlds": len(d), "chance": chance, "clear": abs(r) > chance + 1e-9})
    return rows


def deciding_words(rows: Sequence[Row], words: Mapping[str, str], worlds: int) -> str:
    """Say which input moves each primary outcome most, and when that cannot be told from chance."""
    first = [row for row in rows if row["rank"] == 1 and row["outcome"] in PRIMARY]
    clear = [f"{words[row['outcome']]}: {row['input']} (rank correlation {row['correlation']:+.2f})" for row in first if row["clear"]]
    few = f" {worlds} worlds are fewer than the {ENOUGH} that a claim needs." if worlds < ENOUGH else ""
    if not clear:
        return f"No single input stands out from chance in {worlds} worlds.{few}"
    rest = " For the other primary outcomes no input stands out from chance." if len(clear) < len(first) else ""
    return "; ".join(clear) + "." + rest + few
