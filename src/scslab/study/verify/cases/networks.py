"""Scores and ties: a score that reads friends' signals, friendships kept among people of like scores."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from ....mechanisms.network_scores import posterior
from ..register import Inputs, Measured, case, drawn, formula, share
from ..scenario import Rules, scenario


@formula("CF21a")
def high_type(inputs: Inputs) -> float:
    e, p = inputs["eps"], inputs["p1"]
    y = 1 if inputs["own_signal"] == "high" else -1
    pull = (e * p + 1 - e) / (e + (1 - e) * p)
    return 1 / (1 + (e / (1 - e)) ** y * pull ** (inputs["L"] - inputs["H"]))


@drawn("CF21a")
def friends(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "H": int(rng.integers(0, 12)), "L": int(rng.integers(0, 12)), "eps": round(rng.uniform(0.02, 0.5), 3), "p1": round(rng.uniform(0, 1), 3),
        "own_signal": rng.choice(["high", "low"]).item(),
    }  # fmt: skip


@case("CF21a")
def measure_high_type(inputs: Inputs, size: int, seed: int) -> Measured:
    """The function behind `decide.network_score`, in exact numbers."""
    own = 1 if inputs["own_signal"] == "high" else -1
    return Measured(float(posterior(own, inputs["H"], inputs["L"], Fraction(str(inputs["eps"])), Fraction(str(inputs["p1"])))))


TOP = 10_000
"""Stars are even between 0 and so many: fine enough that steps of 1/100 star do not matter."""


@formula("CF29a")
def ties_kept(inputs: Inputs) -> float:
    return 2 * inputs["delta"] - inputs["delta"] ** 2


@drawn("CF29a")
def gaps(rng: np.random.Generator) -> dict[str, Any]:
    return {"delta": round(rng.uniform(0.05, 0.8), 4)}


@case("CF29a")
def measure_ties_kept(inputs: Inputs, size: int, seed: int) -> Measured:
    """Pairs of friends, so that ties are independent; stars for good, even over the scale; everybody looks over the own friendship."""
    seen = {"source": "stars", "start": 0, "recovery": 0, "listed": 0}
    rules: Rules = {
        "conduct.encounters": {"looks_at": "stars", "meetings": 1200, "slips": 0, "cut": 0},
        "observe.star_ratings": {
            "mean": TOP / 2, "spread": 0, "charm": TOP / 2, "refused": 0, "conform": 0, "below": 0, "stigma": 0, "lowest": 0, "highest": TOP,
        },
        "decide.star_average": {"weight": 1},
        "respond.tie_sorting": {**seen, "reviews": 1200, "gap": round(inputs["delta"] * TOP, 2), "cuts": 1, "hides": 0, "seeks": 0, "tries": 1},
        "outcome.ties": {},
        "measure.ties": {**seen, "every": 1},
    }  # fmt: skip
    played = scenario(rules, people=2 * size, periods=1, seed=seed, world="regular", degree=1)
    return share(played.total("tie_ends") // 2, size)
