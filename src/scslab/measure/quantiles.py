"""Quantiles of what was counted by class of size: burdens in yuan, in times the statutory fine, in shares without nexus (class W7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..mechanisms.nexus import EDGES, SIXTEENTHS
from .cells import marginal

SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)

DISTRIBUTIONS = {
    "weighed_yuan": ("burden, yuan within two years", np.concatenate([[0], EDGES]).astype(float)),
    "weighed_times": ("burden over the statutory fine, where the act has one", np.concatenate([[0], EDGES]) / SIXTEENTHS),
    "weighed_apart": ("burden without nexus to the act, percent", np.array([0.0, *range(0, 101, 10)])),
}
"""Counters by class of size: what they are, and the lower edge of each class."""


def quantile(name: str, classes: Mapping[str, np.ndarray], share: float, groups: int) -> np.ndarray:
    """Read a quantile off counts by class, evenly spread within the class.

    Args:
        name: of `DISTRIBUTIONS`; classes: counts (groups,) by counter `name.bK`.

    Returns:
        The value below which that share lies, by group; nan where nothing was counted.

    Example:
        >>> counts = {"weighed_apart.b0": np.array([1]), "weighed_apart.b3": np.array([1])}  # one without any, one between 20 and 30 percent
        >>> quantile("weighed_apart", counts, 0.5, 1).tolist(), quantile("weighed_apart", counts, 0.75, 1).tolist()
        ([0.0], [25.0])
    """
    edges = DISTRIBUTIONS[name][1]
    counts = np.zeros((len(edges), groups))
    for key, values in classes.items():
        counts[int(key.rpartition(".b")[2])] += values
    total, below = counts.sum(axis=0), np.cumsum(counts, axis=0)
    found = np.full(groups, np.nan)
    for g in np.flatnonzero(total):
        wanted = share * total[g]
        k = int(np.searchsorted(below[:, g], wanted))
        while counts[k, g] == 0:
            k += 1
        upper = edges[k + 1] if k + 1 < len(edges) else edges[k]
        found[g] = edges[k] + (upper - edges[k]) * (wanted - (below[k, g] - counts[k, g])) / counts[k, g]
    return found


def distributions(tallies: Mapping[str, Mapping[int, Mapping[str, np.ndarray]]], arms: Sequence[str]) -> list[dict[str, Any]]:
    """Give quantiles of each distribution in each arm, all seeds and months together.

    Returns:
        Rows of what, arm, cases, and one value a share of `SHARES` (named 'p10', ...); arms and distributions without a case are left out.
    """
    rows = []
    for name, (words, _) in DISTRIBUTIONS.items():
        for arm in arms:
            classes: dict[str, np.ndarray] = {}
            for seed in tallies[arm].values():
                for key, values in seed.items():
                    if key.startswith(f"{name}.b"):
                        classes[key] = classes.get(key, 0) + marginal(values.sum(axis=0))
            cases = int(sum(values[0] for values in classes.values()))
            if cases:
                found = {f"p{round(100 * q)}": float(quantile(name, classes, q, 1)[0]) for q in SHARES}
                rows.append({"what": words, "arm": arm, "cases": cases, **found})
    return rows
