"""Guilt by association: how a change of one person's score spreads over a ring, a household, a regular network."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ....base.errors import InputError
from ....base.exact import QUANTUM
from ....mechanisms.decide.score_spill import FINE_SHIFT
from .. import rules
from ..register import Inputs, Measured, case, drawn, formula
from ..scenario import scenario

KIND = "littering"
FINE = QUANTUM << FINE_SHIFT
"""Units of a row of `spills` in a point."""


def _changes(loss: float, alpha: float, people: int, who: int, seed: int = 1, form: str = "shared", near: str = "friends", **world: Any) -> np.ndarray:
    """Take points from one person, and give the change of everybody's score in the end."""
    ledger = {
        "start": 0, "floor": -10_000, "cap": 10_000, "per_record": {KIND: loss}, "recovery": 0, "grades": {"A": -10_000}, "override_months": None,
    }  # fmt: skip
    plan = rules.acts({KIND: 1}, falls_with="boldness") | rules.camera([KIND]) | rules.RECORDS | {"decide.ledger": ledger}
    plan["conduct.steady"]["in_force"] = ["2020-01", "2020-02"]
    plan["decide.score_spill"] = {"form": form, "near": near, "weight": alpha, "fine": True}
    boldness = np.full(people, 255)
    boldness[who] = 0
    played = scenario(plan, people=people, periods=2, seed=seed, keep=("spills", "postings"), traits={"boldness": boldness}, **world)
    first, rows = played.rows("postings"), played.rows("spills")
    change = np.bincount(first["subject"][first["period"] == 0], first["points"][first["period"] == 0], people) / QUANTUM
    return change + np.bincount(rows["subject"], rows["fine"].astype(float), people) / FINE


@formula("CF08a")
def own_change(inputs: Inputs) -> float:
    a, n = inputs["alpha"], inputs["n"]
    root = math.sqrt(1 - a * a)
    z = (1 - root) / a
    return inputs["shock_at_node"] * (1 - a) / root * (1 + z**n) / (1 - z**n)


@drawn("CF08a")
def rings(rng: np.random.Generator) -> dict[str, Any]:
    return {"alpha": int(rng.integers(5, 90)) / 100, "n": int(rng.integers(5, 60)), "shock_at_node": -int(rng.integers(1, 400))}


@case("CF08a")
def measure_own_change(inputs: Inputs, size: int, seed: int) -> Measured:
    """A ring; the change is conserved over all."""
    n, shock = inputs["n"], inputs["shock_at_node"]
    change = _changes(shock, inputs["alpha"], n, who=n // 2, world="ring", degree=2)
    return Measured(float(change[n // 2]), holds=abs(change.sum() - shock) < 1e-6)


@formula("CF08c")
def change_of_relatives(inputs: Inputs) -> float:
    a, m = inputs["alpha"], inputs["household"]
    return inputs["shock"] * (1 - a) * (1 / (m * (1 - a)) - 1 / (m * (1 + a / (m - 1))))


@drawn("CF08c")
def households(rng: np.random.Generator) -> dict[str, Any]:
    return {"alpha": int(rng.integers(5, 90)) / 100, "household": int(rng.integers(2, 8)), "shock": -int(rng.integers(1, 400))}


@case("CF08c")
def measure_change_of_relatives(inputs: Inputs, size: int, seed: int) -> Measured:
    """Households of one size; all relatives lose alike, the household's total is the loss, others lose nothing."""
    m, shock = inputs["household"], inputs["shock"]
    change = _changes(shock, inputs["alpha"], 3 * m, who=m, near="household", household=m)
    kin = change[m + 1 : 2 * m]
    alone = not change[:m].any() and not change[2 * m :].any()
    return Measured(float(kin[0]), holds=bool((kin == kin[0]).all()) and alone and abs(change.sum() - shock) < 1e-8)


@formula("CF08d")
def multiplier(inputs: Inputs) -> float:
    return 1 / (1 - inputs["alpha"])


@drawn("CF08d")
def weights(rng: np.random.Generator) -> dict[str, Any]:
    return {"alpha": int(rng.integers(5, 85)) / 100, "graph": "any regular graph", "degree": int(rng.integers(2, 7)), "n": 2 * int(rng.integers(10, 30))}


@case("CF08d")
def measure_multiplier(inputs: Inputs, size: int, seed: int) -> Measured:
    """A random regular network; and a weight at which the sum has no end must be refused when the rules are read."""
    n, loss = inputs.get("n", 40), -100
    change = _changes(loss, inputs["alpha"], n, who=0, seed=seed, form="added", world="regular", degree=inputs.get("degree", 4))
    refused = 0
    for alpha in (1, 1.25):
        try:
            _changes(loss, alpha, n, who=0, form="added")
        except InputError:
            refused += 1
    return Measured(float(change.sum() / loss), holds=refused == 2, note="" if refused == 2 else "a weight of 1 or more is not refused")
