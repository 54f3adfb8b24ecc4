"""Classes with a ladder between them: how long from the lowest to the highest."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from ..register import Inputs, Measured, case, drawn, formula, mean
from ..scenario import Rules, scenario

PERIODS = 3_000
"""Far more than the last one needs; whoever has not arrived by then fails the case."""


@formula("CF23a")
def periods_up(inputs: Inputs) -> float:
    p, q = inputs["up"], inputs["down"]
    step, total = 1 / p, 0.0
    for _ in range(inputs["classes"] - 1):
        total, step = total + step, 1 / p + q / p * step
    return total


@drawn("CF23a")
def ladders(rng: np.random.Generator) -> dict[str, Any]:
    up = round(rng.uniform(0.1, 0.4), 3)
    most = min(up, (1 - math.sqrt(up)) ** 2)  # beyond that no two independent deeds come alone so often
    return {"classes": int(rng.integers(3, 7)), "up": up, "down": round(rng.uniform(0.1, 0.9) * most, 3)}


@case("CF23a", most=200_000)
def measure_periods_up(inputs: Inputs, size: int, seed: int) -> Measured:
    """A ledger of whole points between floor and cap; a good deed is a point up, a bad one a point down, both together are neither.

    The chances of the deeds, which are independent, are such that one alone comes about as often as asked.
    """
    up, down, top = inputs["up"], inputs["down"], inputs["classes"] - 1
    b = 1 + up - down
    good = (b - math.sqrt(b * b - 4 * up)) / 2  # good (1 - bad) = up and bad (1 - good) = down
    bad = down / (1 - good)
    kinds = ["volunteering", "littering"]
    rules: Rules = {
        "conduct.steady": {"chance": {"volunteering": round(good, 12), "littering": round(bad, 12)}},
        "observe.police": {"kinds": kinds, "coverage": {"rural": 1, "urban": 1}, "sensitivity": dict.fromkeys(kinds, 1)},
        "record.local": {"admission": dict.fromkeys(kinds, 1), "delay": 0, "retention": None},
        "decide.ledger": {
            "start": 0, "floor": 0, "cap": top, "per_record": {"volunteering": 1, "littering": -1}, "recovery": 0,
            "grades": {f"class_{k}": k for k in range(top + 1)}, "override_months": None,
        },
    }  # fmt: skip
    arrived = np.zeros(size, np.int64)

    def watch(period: int, arms: dict[str, Any]) -> bool:
        arrived[(arrived == 0) & (arms["rules"].column("persons.score") == 100 * top)] = period
        return bool(arrived.all())

    scenario(rules, people=size, periods=PERIODS, seed=seed, watch=watch)
    return replace(mean(arrived), holds=bool((arrived > 0).all()))
