"""Axelrod's norms and metanorms games, run three hundred times each, as Galan and Izquierdo did."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...verify.scenario import Rules, play
from ..registry import Deviation, Measured, Target, published

PLAYERS, RUNS, GENERATIONS = 20, 300, 1000
LOW, HIGH = 1, 6
"""Levels, of seven, up to and from which a group's mean counts as low or high."""


def error_of(share: float, runs: int = RUNS) -> float:
    """Give the standard error of a share of runs; where none or all did, that of one in them."""
    within = min(max(share, 1 / (runs + 2)), 1 - 1 / (runs + 2))
    return math.sqrt(within * (1 - within) / runs)


def game(meta: bool) -> Rules:
    return {
        "conduct.temptation": {"chances": 4},
        "respond.norm_enforcement": {"meta": meta, "punished": 9, "punishing": 2},
        "outcome.norm_learning": {"gain": 3, "hurt": 1, "mutation": 0.01},
    }


def collapsed(seed: int, runs: int = RUNS, generations: int = GENERATIONS) -> dict[str, float]:
    """Play both games; give the share of runs in which the norm has collapsed at the end: boldness 6/7 or more, vengefulness 1/7 or less, on average.

    Each run is an island of twenty persons, whose first levels are drawn evenly.
    """
    arms = play(
        {"norms": game(False), "metanorms": game(True)}, people=runs * PLAYERS, periods=generations, seed=seed, period="round", world="islands", islands=runs,
        traits={"boldness": "drawn", "conscientiousness": "drawn"},
    )  # fmt: skip

    def mean(played: Any, name: str) -> np.ndarray:
        return played.column(f"persons.norm_{name}").reshape(runs, PLAYERS).mean(axis=1) - 1

    return {name: float(((mean(arm, "boldness") >= HIGH) & (mean(arm, "vengefulness") <= LOW)).mean()) for name, arm in arms.items()}


@published(
    "metanorms",
    title="Norms and metanorms games",
    source="Axelrod 1986, American Political Science Review 80(4); Galan and Izquierdo 2005, JASSS 8(3)2",
    equations=(
        "Twenty players with boldness B and vengefulness V in 0/7 .. 7/7, four chances a generation; each chance is seen with probability S, even in (0, 1).",
        "Defect if and only if S < B: +3 to oneself, -1 to every other player.",
        "Each other player sees it with probability S and then punishes with probability V: -9 to the defector, -2 to the punisher.",
        "Metanorms game: whoever saw and did not punish is seen with probability S by each of the others, and punished with probability V: -9, -2.",
        "Who scored a standard deviation above the mean or more has two offspring, who scored that much below it none, others one; twenty go on.",
        "Each bit of the three of a level mutates with .01.",
    ),
    expressed=(
        "conduct.temptation, respond.norm_enforcement and outcome.norm_learning on 300 islands of twenty; a month is a generation. "
        "Both games share luck, so that the first generation breaks the norm alike."
    ),
    targets=(
        Target("norms game: runs collapsed at generation 1,000", 0.957, tolerance=error_of(0.957), note="B >= 6/7 and V <= 1/7 on average"),
        Target("metanorms game: runs collapsed at generation 1,000", 0.003, tolerance=error_of(0.003), note="the same"),
    ),
    deviations=(
        Deviation(
            "Where offspring are more than twenty, those left out are drawn at random; where fewer, offspring that appear twice are.",
            "Axelrod does not say how the number is kept, and the equations used here say only: to twenty.",
        ),
        Deviation("The standard deviation is that of the twenty (divided by twenty).", "Neither text says whether by twenty or nineteen."),
        Deviation("Chances are multiples of 2^-31, and means and deviations are compared as whole numbers.", "Decisions of the lab are integer comparisons."),
    ),
)
def metanorms(seed: int) -> dict[str, Measured]:
    """Play both games 300 times."""
    return {f"{name} game: runs collapsed at generation 1,000": Measured(share, error_of(share)) for name, share in collapsed(seed).items()}
