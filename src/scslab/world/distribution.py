"""A distribution of income near the published quintile means whose Gini is near the published one.

Both cannot hold. Among all distributions with exactly the published quintile means (of persons) none has a Gini above 0.451, however
extreme its top: surveys miss the top. So every mean gives way by the same share, the fifth upwards and the others downwards, by as
little as the Gini needs; `check_world` prints what is left of both.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scslab.base.errors import InputError, Problem

from .spec import Spec

GINI_SLACK = 0.009
"""The Gini stays this far below the published one, inside the tolerance of 0.01, so that the means give way less."""


def curve(spec: Spec, give: float, points: np.ndarray) -> np.ndarray:
    """Read yearly incomes off the distribution whose quintile means give way by a share.

    Two straight lines in each of the first four quintiles, then a Pareto tail of index two, whose mean is twice its lowest income; of
    index four, 4/3 of it, where the fifth quintile is too near the fourth.

    Args:
        points: float64, ranks in [0, 1).

    Returns:
        float64, yuan per head.
    """
    mean = [m * (1 - give) for m in list(spec.values("income.quintiles").values())[:4]]
    top = spec.value("income.quintiles.4") * (1 + give)
    is_steep = top / 2 > mean[3]
    tail = top / 2 if is_steep else top * 3 / 4
    edge = [spec.value("income.lowest"), *((a + b) / 2 for a, b in pairwise(mean)), tail]
    edge[1] = max(edge[1], (4 * mean[0] - edge[0]) / 3)
    inner = [(4 * m - lo - hi) / 2 for m, (lo, hi) in zip(mean, pairwise(edge), strict=True)]
    knots = np.array([edge[0], *(x for pair in zip(inner, edge[1:], strict=True) for x in pair)])
    tenth = np.minimum((points * 10).astype(np.int64), 7)
    lines = knots[tenth] + (knots[tenth + 1] - knots[tenth]) * (points * 10 - tenth)
    rise = np.sqrt(0.2 / (1 - np.maximum(points, 0.8)))
    return np.where(points < 0.8, lines, tail * (rise if is_steep else np.sqrt(rise)))


def gini(income: np.ndarray) -> float:
    """Compute the Gini coefficient of incomes sorted ascending, one per person.

    Example:
        >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 1.0]))
        (0.0, 0.5)
    """
    n = len(income)
    run = np.cumsum(income, dtype=np.float64)
    return float((n + 1 - 2 * np.cumsum(run)[-1] / run[-1]) / n)


def solve(spec: Spec) -> float:
    """Find the smallest share by which the quintile means must give way for the Gini.

    Raises:
        InputError: no such distribution has that Gini, or incomes would fall somewhere on the way up.
    """
    points = (np.arange(20_000) + 0.5) / 20_000
    wanted = spec.value("income.gini") - GINI_SLACK
    low, high = 0.0, 0.5
    ends = [curve(spec, give, points) for give in (low, high)]
    if gini(ends[1]) < wanted or (np.diff(ends[0]) < 0).any():
        raise InputError(Problem("the quintile means do not rise enough for the Gini", f"{spec.name}, income", fix="Check income.quintiles and income.gini"))
    if gini(curve(spec, low, points)) >= wanted:
        return low
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if gini(curve(spec, middle, points)) < wanted else (low, middle)
    return high
