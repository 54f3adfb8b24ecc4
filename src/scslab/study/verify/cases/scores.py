"""Scores that are gamed, scores that loans move, effort that must be believed, and models trained on what they brought about."""

from __future__ import annotations

import math
import re
from statistics import NormalDist
from typing import Any

import numpy as np

from ....base.parameters import FACTOR_ONE
from ...published.draws import normals, uniforms
from ...published.models.gaming import admit
from ...published.models.lending import ladder
from ..register import Inputs, Measured, case, drawn, formula, share
from ..scenario import scenario

# ------------------------------------------------------------------ gaming


@formula("CF22a")
def wrongly_admitted(inputs: Inputs) -> float:
    return max(0.0, inputs["true_cut"] - (inputs["threshold"] - inputs.get("benefit", 1) / inputs["cost_A"]))


@formula("CF22b")
def wrongly_refused(inputs: Inputs) -> float:
    return max(0.0, inputs["threshold"] - inputs.get("benefit", 1) / inputs["cost_B"] - inputs["true_cut"])


@drawn("CF22a", "CF22b")
def exams(rng: np.random.Generator) -> dict[str, Any]:
    true, low, high = rng.uniform(0.3, 0.6), rng.uniform(3, 6), rng.uniform(8, 14)
    cut = rng.uniform(true + 1 / high + 0.02, true + 1 / low - 0.02)
    return {"benefit": 1, "cost_A": round(low, 2), "cost_B": round(high, 2), "threshold": round(cut, 4), "true_cut": round(true, 4), "x": "U[0,1]"}


@case("CF22a")
def measure_wrongly_admitted(inputs: Inputs, size: int, seed: int) -> Measured:
    admitted, qualified = _exam(inputs, uniforms(seed, "exam", 2 * size), seed)
    return share(int((admitted & ~qualified)[0::2].sum()), size)


@case("CF22b")
def measure_wrongly_refused(inputs: Inputs, size: int, seed: int) -> Measured:
    admitted, qualified = _exam(inputs, uniforms(seed, "exam", 2 * size), seed)
    return share(int((~admitted & qualified)[1::2].sum()), size)


def _exam(inputs: Inputs, true: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    true = np.round(true, 4)
    admitted, _ = admit(true, inputs["threshold"], (inputs["cost_A"], inputs["cost_B"]), seed, inputs.get("benefit", 1))
    return admitted, true >= inputs["true_cut"]


@formula("CF22d")
def accuracy(inputs: Inputs) -> float:
    law = NormalDist(*_normal(inputs["score"]))
    wrong = [abs(law.cdf(inputs["true_cut"]) - law.cdf(inputs["threshold"] - inputs["benefit"] / inputs[cost])) for cost in ("cost_A", "cost_B")]
    return 1 - sum(wrong) / 2


@drawn("CF22d")
def normal_exams(rng: np.random.Generator) -> dict[str, Any]:
    return {**exams(rng), "score": f"N({rng.uniform(0.4, 0.6):.2f},{rng.uniform(0.08, 0.15):.2f})"}


@case("CF22d")
def measure_accuracy(inputs: Inputs, size: int, seed: int) -> Measured:
    admitted, qualified = _exam(inputs, normals(seed, "exam", size, *_normal(inputs["score"])), seed)
    return share(int((admitted == qualified).sum()), size)


@formula("CF22e")
def ratio_of_burdens(inputs: Inputs) -> float:
    return inputs["cost_B"] / inputs["cost_A"]


@drawn("CF22e")
def burdens(rng: np.random.Generator) -> dict[str, Any]:
    return {"benefit": 1, "cost_A": int(rng.integers(1, 8)), "cost_B": int(rng.integers(8, 30)), "threshold": 0.75, "true_cut": 0.55}


@case("CF22e")
def measure_ratio_of_burdens(inputs: Inputs, size: int, seed: int) -> Measured:
    """The same scores in both groups, where being admitted is worth the effort to everybody; 10 to 75 points, whose costs are whole in the lab's units."""
    step = 0.0625
    true = np.repeat(np.arange(inputs["threshold"] % step, inputs["threshold"], step), 2)
    _, effort = admit(true, inputs["threshold"], (inputs["cost_A"], inputs["cost_B"]), seed, worth=10_000)
    effort = np.where(true >= inputs["true_cut"], effort, 0)
    return Measured(float(effort[1::2].sum() / effort[0::2].sum()))


def _normal(words: str) -> tuple[float, float]:
    """Read 'N(mean,deviation)'.

    Example:
        >>> _normal("N(.30,.08)")
        (0.3, 0.08)
    """
    found = re.fullmatch(r"N\(([\d.]+),([\d.]+)\)", words)
    assert found, words
    return float(found[1]), float(found[2])


# ------------------------------------------------------------------ ladders of credit

MONTHS = 400


@formula("CF33a")
def share_lowest(inputs: Inputs) -> float:
    return _stationary(inputs["success_probs"])[0]


@formula("CF33b")
def share_highest(inputs: Inputs) -> float:
    return _stationary(inputs["success_probs"])[-1]


def _stationary(chances: list[float]) -> list[float]:
    weight = [1.0]
    for below, above in zip(chances, chances[1:], strict=False):
        weight.append(weight[-1] * below / (1 - above))
    return [one / sum(weight) for one in weight]


@drawn("CF33a", "CF33b")
def clusters_of_credit(rng: np.random.Generator) -> dict[str, Any]:
    """Few clusters, so that the share of each is large enough for a bias of 2 % to be seen."""
    chances = rng.uniform(0.35, 0.65, int(rng.integers(3, 6)))
    return {"rule": "permissive lending, +-1 cluster, reflecting ends", "success_probs": [round(float(p), 3) for p in chances]}


@case("CF33a", most=2_000_000)
def measure_share_lowest(inputs: Inputs, size: int, seed: int) -> Measured:
    return share(int((_climbed(inputs, size, seed) == 0).sum()), size)


@case("CF33b", most=2_000_000)
def measure_share_highest(inputs: Inputs, size: int, seed: int) -> Measured:
    return share(int((_climbed(inputs, size, seed) == len(inputs["success_probs"]) - 1).sum()), size)


def _climbed(inputs: Inputs, size: int, seed: int) -> np.ndarray:
    """Lend to everybody until where they began is forgotten; give the clusters."""
    chances = inputs["success_probs"]
    begin = {"persons.loan_score": np.arange(size) % len(chances) * 100}
    return scenario(ladder(chances, 0), people=size, periods=MONTHS, seed=seed, begin=begin).column("persons.loan_score") // 100


# ------------------------------------------------------------------ effort that must be believed


def _share_then(inputs: Inputs, pi: float) -> float:
    mean, deviation = _normal(inputs["cost"])
    cut = (1 - pi) / (1 - pi + pi * inputs["payoff_ratio"])
    return NormalDist(mean, deviation).cdf(2 * cut * (1 - cut) * inputs["wage"])


@formula("CF37a")
def share_investing(inputs: Inputs) -> float:
    pi = 0.5
    for _ in range(4000):
        pi += inputs["adjust_fraction"] * (_share_then(inputs, pi) - pi)
    return pi


@drawn("CF37a")
def two_tiers(rng: np.random.Generator) -> dict[str, Any]:
    cost = f"N({rng.uniform(0.24, 0.31):.3f},{rng.uniform(0.07, 0.1):.3f})"
    return {"adjust_fraction": round(rng.uniform(0.1, 0.3), 2), "cost": cost, "payoff_ratio": 1, "wage": 1}


@case("CF37a", most=100_000)
def measure_share_investing(inputs: Inputs, size: int, seed: int) -> Measured:
    """Employers see how many make the effort, persons see what it brings; a tenth think again each month. Half begin by making it."""
    cost = np.round(normals(seed, "effort", size, *_normal(inputs["cost"])) * FACTOR_ONE).astype(np.int64)
    rules = {
        "decide.signal_cut": {"payoff": inputs["payoff_ratio"]}, "respond.investing": {"wage": inputs["wage"], "adjust": inputs["adjust_fraction"]},
    }  # fmt: skip
    begin = {"persons.effort_cost": cost, "persons.invests": np.arange(size) % 2}
    played = scenario(rules, people=size, periods=math.ceil(30 / inputs["adjust_fraction"]), seed=seed, begin=begin)
    found = float(played.column("persons.invests").mean())
    # A share of costs that differs by luck moves the equilibrium by so much more, as shares feed on themselves.
    feedback = (_share_then(inputs, found + 1e-4) - _share_then(inputs, found - 1e-4)) / 2e-4
    return Measured(found, math.sqrt(found * (1 - found) / size) / abs(1 - feedback))


# ------------------------------------------------------------------ models that are trained on what they brought about

ROUNDS = 25


@formula("CF38a")
def deployed(inputs: Inputs) -> float:
    stable = inputs["mu"] / (1 - inputs["eps"])
    return stable + (inputs["theta0"] - stable) * inputs["eps"] ** ROUNDS


@drawn("CF38a")
def retrainings(rng: np.random.Generator) -> dict[str, Any]:
    eps = int(rng.integers(-60, 61)) / 64  # exact in the lab's fixed point, for errors of it add up
    return {"eps": eps, "mu": int(rng.integers(4, 20)), "n_per_round": 10_000, "sigma": round(rng.uniform(0.1, 0.5), 2), "theta0": int(rng.integers(1, 30))}


@case("CF38a", most=10_000)
def measure_deployed(inputs: Inputs, size: int, seed: int) -> Measured:
    rules = {"respond.performing": {"base": inputs["mu"], "follows": inputs["eps"], "spread": inputs["sigma"]}, "outcome.retraining": {}}
    played = scenario(rules, people=size, periods=ROUNDS, seed=seed, begin={"places.deployed": inputs["theta0"] * FACTOR_ONE})
    carried = sum(inputs["eps"] ** (2 * k) for k in range(ROUNDS))
    return Measured(float(played.column("places.deployed")[0]) / FACTOR_ONE, inputs["sigma"] * math.sqrt(carried / size))
