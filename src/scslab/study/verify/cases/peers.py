"""Everybody rates everybody: norms of judging, stars as a moving average."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..register import Inputs, Measured, case, drawn, formula, mean, variance
from ..scenario import Rules, scenario

ISLAND = 100
"""Persons of a group, who meet each other only: groups are independent of each other, so that their spread is the error."""
SETTLED, LOOKED_AT = 80, 100
"""Periods that are left out, and those counted."""


def judged(inputs: Inputs) -> Rules:
    return {
        "conduct.encounters": {"looks_at": "standing", "meetings": 1200, "slips": inputs["exec_error"], "cut": 0},
        "observe.peer_ratings": {"norm": inputs["norm"].replace(" ", "_"), "errs": inputs["assess_error"]},
        "decide.peer_standing": {},
    }


def agreement(inputs: Inputs) -> float:
    e, m = inputs["exec_error"], inputs["assess_error"]
    return (1 - e) * (1 - m) + e * m


@formula("CF24a")
def stern(inputs: Inputs) -> float:
    return (1 - inputs["assess_error"]) / (2 - inputs["assess_error"] - agreement(inputs))


@formula("CF24b")
def image(inputs: Inputs) -> float:
    return inputs["assess_error"] / (1 - agreement(inputs) + inputs["assess_error"])


def errors(rng: np.random.Generator) -> dict[str, Any]:
    return {"exec_error": round(rng.uniform(0.01, 0.2), 4), "assess_error": round(rng.uniform(0.03, 0.3), 4)}


@drawn("CF24a")
def stern_errors(rng: np.random.Generator) -> dict[str, Any]:
    return {**errors(rng), "norm": rng.choice(["stern judging", "standing"]).item(), "assessment": "public"}


@drawn("CF24b")
def image_errors(rng: np.random.Generator) -> dict[str, Any]:
    return {**errors(rng), "norm": "image scoring"}


@case("CF24a", "CF24b")
def measure_good_share(inputs: Inputs, size: int, seed: int) -> Measured:
    """Groups of a hundred, each with one share of good standing: its mean over a hundred periods."""
    islands = max(2, size // ISLAND)
    total = np.zeros(islands)

    def watch(period: int, arms: dict[str, Any]) -> None:
        if period >= SETTLED:
            total[:] += arms["rules"].column("persons.standing").reshape(islands, ISLAND).mean(axis=1)

    scenario(judged(inputs), people=islands * ISLAND, periods=SETTLED + LOOKED_AT, seed=seed, world="islands", islands=islands, watch=watch)
    return mean(total / (LOOKED_AT + 1), f"{islands} groups of {ISLAND}")


@formula("CF30a")
def spread(inputs: Inputs) -> float:
    return inputs["rating_sd"] * math.sqrt(inputs["alpha"] / (2 - inputs["alpha"]))


@drawn("CF30a")
def ratings(rng: np.random.Generator) -> dict[str, Any]:
    return {"alpha": round(rng.uniform(0.04, 0.5), 3), "rating_mean": round(rng.uniform(2, 8), 2), "rating_sd": round(rng.uniform(0.2, 1), 2)}


@case("CF30a")
def measure_spread(inputs: Inputs, size: int, seed: int) -> Measured:
    """Each person is rated once a period; all begin alike, so the spread settles with the square of what is left of the beginning."""
    rules: Rules = {
        "conduct.encounters": {"looks_at": "stars", "meetings": 1200, "slips": 0, "cut": 0},
        "observe.star_ratings": {
            "mean": inputs["rating_mean"], "spread": inputs["rating_sd"], "charm": 0, "refused": 0, "conform": 0, "below": 0, "stigma": 0,
            "lowest": 0, "highest": 100,
        },
        "decide.star_average": {"weight": inputs["alpha"]},
    }  # fmt: skip
    periods = math.ceil(6 / inputs["alpha"])
    shown = scenario(rules, people=size, periods=periods, seed=seed).column("persons.stars") / 2**16
    found = variance(shown)
    at_mean = abs(shown.mean() - inputs["rating_mean"]) < 5 * math.sqrt(found.value / size) + 0.003 * inputs["rating_mean"]
    return Measured(math.sqrt(found.value), found.error / (2 * math.sqrt(found.value)), holds=bool(at_mean))
