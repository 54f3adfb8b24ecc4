"""The mobility matrix of a ledger: how many persons of each grade stood in which grade a year later, from the counters `moves.FROM.TO`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .cells import marginal
from .outcomes import window_of

COUNTER = "moves."


def moves(tallies: Iterable[Mapping[str, np.ndarray]], window: str | slice | None = "all", grades: Iterable[str] = ()) -> list[dict[str, Any]]:
    """List the moves between grades from one January to the next, adults at the fork, summed over seeds.

    Args:
        tallies: counters (months, cells) by name, one mapping a seed.
        window: a name of `outcomes.windows`, or months as a slice; None is the last twelve.
        grades: names in the order wanted; those not named come after, by name.

    Returns:
        Rows of from, to, persons, share (of those who stood in `from`, per 100).

    Example:
        >>> cells = np.zeros((1, 240), np.int64); cells[0, 100] = 3
        >>> moves([{"moves.A.B": cells, "moves.A.A": cells * 0}], "all")
        [{'from': 'A', 'to': 'B', 'persons': 3, 'share': 100.0}]
    """
    order = {name: i for i, name in enumerate(grades)}
    counts: dict[tuple[str, str], int] = {}
    for seed in tallies:
        for name, array in seed.items():
            if name.startswith(COUNTER):
                before, after = name.removeprefix(COUNTER).split(".", 1)
                part = window_of(array.shape[0], window)
                counts[before, after] = counts.get((before, after), 0) + int(marginal(array[part].sum(axis=0))[0])
    left = {before: sum(n for (b, _), n in counts.items() if b == before) for before, _ in counts}
    named = sorted(counts, key=lambda pair: tuple((order.get(grade, len(order)), grade) for grade in pair))
    return [
        {"from": before, "to": after, "persons": counts[before, after], "share": 100 * counts[before, after] / left[before]}
        for before, after in named
        if counts[before, after]
    ]
