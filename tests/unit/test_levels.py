"""Levels of one arm, and groups in which nothing differs: intervals by hand."""

from __future__ import annotations

import numpy as np

from scslab.measure.cells import SHAPE, n_cells
from scslab.measure.effects import effects, level

PEOPLE = np.full((2, n_cells()), 10)
ADULT = int(np.ravel_multi_index((2, 0, 2, 0, 0), SHAPE))


def counted(number):
    """Count a number in one cell of adults, in the first of two months."""
    made = np.zeros((2, n_cells()), np.int64)
    made[0, ADULT] = number
    return made


def test_a_share_stays_within_its_bounds_and_few_misses_make_it_narrow() -> None:
    """4,000 of 4,000 meant is known to 0.1 in 100: it is the misses that are counted, not the 4,000."""
    meant = {s: {"praise": counted(1000), "praise_meant": counted(1000)} for s in range(4)}
    row = level({"with": meant}, PEOPLE, "with", "praise_meant", window="all")[0]
    assert row["value"] == row["high"] == 100.0 and 99.85 < row["low"] < 99.95
    half = {s: {"praise": counted(1000), "praise_meant": counted(480 + 20 * (s % 3))} for s in range(4)}
    row = level({"with": half}, PEOPLE, "with", "praise_meant", window="all")[0]
    assert 45 < row["low"] < row["value"] < row["high"] < 55


def test_a_group_in_which_nothing_differs_has_no_luck_to_speak_of() -> None:
    """Where a rule reaches one sex alone the other's difference is exactly nothing, not nothing give or take."""
    cells = np.arange(n_cells()).reshape(SHAPE)
    women = np.zeros((2, n_cells()), np.int64)
    women[:, cells[:, 0, 1:].ravel()] = 3
    everybody = np.full((2, n_cells()), 3)
    tallies = {"with": {s: {"praise": everybody + women} for s in range(3)}, "without": {s: {"praise": everybody} for s in range(3)}}
    rows = {row["group"]: row for row in effects(tallies, PEOPLE, "with", "without", "sex", "all", ["praise"])}
    assert (rows["male"]["difference"], rows["male"]["low"], rows["male"]["high"]) == (0.0, 0.0, 0.0)
    assert rows["female"]["difference"] > 0
