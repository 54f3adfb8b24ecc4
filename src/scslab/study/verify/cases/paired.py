"""Two worlds with the same luck: who differs between them, and how much surer a difference is for it."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import rules
from ..register import Inputs, Measured, case, drawn, formula, share
from ..scenario import play

KIND = "littering"


def _acted(inputs: Inputs, people: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Tell who acts in either world."""
    plans = {name: rules.acts({KIND: inputs[f"p_{name}"]}) for name in ("base", "regime")}
    played = play(plans, people=people, periods=1, seed=seed, keep=("acts",), recorders=False)
    found = []
    for name in plans:
        acts = np.zeros(people, bool)
        acts[played[name].rows("acts")["subject"]] = True
        found.append(acts)
    return found[0], found[1]


@formula("CF25a")
def differ(inputs: Inputs) -> float:
    return inputs["population"] * abs(inputs["p_regime"] - inputs["p_base"])


@drawn("CF25a", "CF25b")
def chances(rng: np.random.Generator) -> dict[str, Any]:
    base = rng.uniform(0.1, 0.5)
    return {"p_base": base, "p_regime": base + rng.choice([-1, 1]) * rng.uniform(0.05, 0.09), "population": 50_000}


@case("CF25a")
def measure_differ(inputs: Inputs, size: int, seed: int) -> Measured:
    """Raising a chance moves people one way only: nobody may go the other."""
    base, regime = _acted(inputs, size, seed)
    gained, lost = int((regime & ~base).sum()), int((base & ~regime).sum())
    found = share(gained + lost, size)
    one_way = (lost if inputs["p_regime"] >= inputs["p_base"] else gained) == 0
    return Measured(found.value * inputs["population"], found.error * inputs["population"], holds=one_way)


@formula("CF25b")
def gain(inputs: Inputs) -> float:
    p, q = inputs["p_base"], inputs["p_regime"]
    return (p * (1 - p) + q * (1 - q)) / (abs(q - p) * (1 - abs(q - p)))


FEW, TOWN = 2_000, 2_000
"""Up to so many replicates each is a town of so many persons; beyond, a person each."""


@case("CF25b")
def measure_gain(inputs: Inputs, size: int, seed: int) -> Measured:
    """A replicate is a town that shares no person with another; unpaired effects set a town under the rules beside the next without them.

    The error is that of twenty parts of the replicates.
    """
    town = TOWN if size <= FEW else 1
    base, regime = (acts.reshape(size, town).mean(axis=1) for acts in _acted(inputs, size * town, seed))
    paired, apart = regime - base, regime - np.roll(base, 1)
    found = float(apart.var() / paired.var())
    parts = [a.var() / b.var() for a, b in zip(np.array_split(apart, 20), np.array_split(paired, 20), strict=True)]
    return Measured(found, float(np.std(parts, ddof=1) / np.sqrt(20)))
