"""Point ledgers: a walk between floor and cap, and a score that fades towards its baseline."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from typing import Any

import numpy as np

from ....base.exact import QUANTUM
from .. import rules
from ..register import Inputs, Measured, case, drawn, formula, mean
from ..scenario import scenario

UP, DOWN = "volunteering", "littering"
BANDS = {"CF04b": (1050, None), "CF04c": (960, 1029)}
"""Bands that the file states in words: from and to, in points."""


def _walk(inputs: Inputs, p_up: float, p_down: float, start: float) -> dict[str, Any]:
    """Give the rules of a ledger in which a person gains or loses one step a period."""
    ledger = {
        "start": start, "floor": inputs["floor"], "cap": inputs["cap"], "per_record": {UP: inputs["step"], DOWN: -inputs["step"]}, "recovery": 0,
        "grades": {"A": inputs["floor"]}, "override_months": None,
    }  # fmt: skip
    return rules.acts({UP: p_up, DOWN: p_down}, form="one") | rules.camera([UP, DOWN]) | rules.RECORDS | {"decide.ledger": ledger}


def _levels(inputs: Inputs) -> int:
    return round((inputs["cap"] - inputs["floor"]) / inputs["step"]) + 1


def _law(inputs: Inputs) -> np.ndarray:
    weight = (inputs["p_up"] / inputs["p_down"]) ** np.arange(_levels(inputs), dtype=float)
    return weight / weight.sum()


def _scores(inputs: Inputs) -> np.ndarray:
    return inputs["floor"] + inputs["step"] * np.arange(_levels(inputs))


@formula("CF04a")
def mean_score(inputs: Inputs) -> float:
    return float(_law(inputs) @ _scores(inputs))


def _share(inputs: Inputs, name: str) -> float:
    low, high = inputs.get("band", BANDS[name])
    return float(_law(inputs)[(_scores(inputs) >= low) & (_scores(inputs) <= (inputs["cap"] if high is None else high))].sum())


@formula("CF04b")
def share_at_top(inputs: Inputs) -> float:
    return _share(inputs, "CF04b")


@formula("CF04c")
def share_in_the_middle(inputs: Inputs) -> float:
    return _share(inputs, "CF04c")


@formula("CF04e")
def second_eigenvalue(inputs: Inputs) -> float:
    p, q = inputs["p_up"], inputs["p_down"]
    return 1 - p - q + 2 * math.sqrt(p * q) * math.cos(math.pi / _levels(inputs))


@drawn("CF04a", "CF04b", "CF04c", "CF04e")
def ladders(rng: np.random.Generator) -> dict[str, Any]:
    levels, step, floor = int(rng.integers(5, 12)), int(rng.integers(1, 20)), int(rng.integers(0, 500))
    band = [floor + step, floor + step * int(rng.integers(2, levels))]
    return {"floor": floor, "cap": floor + step * (levels - 1), "p_up": rng.uniform(0.2, 0.45), "p_down": rng.uniform(0.2, 0.45), "step": step, "band": band}


def _ladder(inputs: Inputs) -> np.ndarray:
    """Let the engine climb from floor to cap and fall back, and read where each level leads; then weigh with the chances of a step."""
    levels, step = _levels(inputs), inputs["step"]
    leads = {}
    for name, start, chances in (("up", inputs["floor"], (1, 0)), ("down", inputs["cap"], (0, 1))):
        path = [0]
        plan = _walk(inputs, *chances, start)
        note = lambda period, arms, path=path: path.append(int(arms["rules"].column("persons.score")[0]))  # noqa: E731
        scenario(plan, people=3, periods=levels, period="round", watch=note, recorders=False)
        at = (np.array(path) / QUANTUM + start - inputs["floor"]) / step
        leads[name] = dict(zip(at[:-1].round().astype(int).tolist(), at[1:].round().astype(int).tolist(), strict=True))
    moves = np.zeros((levels, levels))
    for level in range(levels):
        moves[level, leads["up"][level]] += inputs["p_up"]
        moves[level, leads["down"][level]] += inputs["p_down"]
        moves[level, level] += 1 - inputs["p_up"] - inputs["p_down"]
    return moves


def _second(inputs: Inputs) -> float:
    return float(np.sort(np.linalg.eigvals(_ladder(inputs)).real)[-2])


@case("CF04e")
def measure_second_eigenvalue(inputs: Inputs, size: int, seed: int) -> Measured:
    return Measured(_second(inputs))


@lru_cache(maxsize=4)
def _visits(text: str, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Give how often each person was at each level, at moments after the start is forgotten, and the scores of the levels."""
    inputs = json.loads(text)
    relaxation = 1 / (1 - _second(inputs))
    burn, until = math.ceil(7 * relaxation), math.ceil(12 * relaxation)
    every, people, levels = max(1, round(relaxation / 20)), max(3, math.ceil(0.29 * size)), _levels(inputs)
    start = inputs["floor"] + inputs["step"] * (levels // 2)
    seen = np.zeros((people, levels), np.int32)

    def look(period: int, arms: Any) -> None:
        if period > burn and period % every == 0:
            level = (arms["rules"].column("persons.score") + QUANTUM * round(start - inputs["floor"])) // (QUANTUM * inputs["step"])
            seen[np.arange(people), level] += 1

    plan = _walk(inputs, inputs["p_up"], inputs["p_down"], start)
    scenario(plan, people=people, periods=until, period="round", start=0, seed=seed, watch=look, recorders=False)
    return seen / seen.sum(axis=1, keepdims=True), inputs["floor"] + inputs["step"] * np.arange(levels)


def _visited(inputs: Inputs, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    return _visits(json.dumps(dict(inputs), sort_keys=True), size, seed)


@case("CF04a", most=400_000)
def measure_mean_score(inputs: Inputs, size: int, seed: int) -> Measured:
    """Persons are watched for five times as long as it takes to forget where they were; 29 % as many as `size` tell as much."""
    share, score = _visited(inputs, size, seed)
    return mean(share @ score)


def _in_band(inputs: Inputs, size: int, seed: int, name: str) -> Measured:
    share, score = _visited(inputs, size, seed)
    low, high = inputs.get("band", BANDS[name])
    return mean(share[:, (score >= low) & (score <= (score[-1] if high is None else high))].sum(axis=1))


@case("CF04b", most=400_000)
def measure_share_at_top(inputs: Inputs, size: int, seed: int) -> Measured:
    return _in_band(inputs, size, seed, "CF04b")


@case("CF04c", most=400_000)
def measure_share_in_the_middle(inputs: Inputs, size: int, seed: int) -> Measured:
    return _in_band(inputs, size, seed, "CF04c")


@formula("CF05a")
def stationary_spread(inputs: Inputs) -> float:
    return inputs["sigma"] / math.sqrt(1 - inputs["rho"] ** 2)


@formula("CF05b")
def share_below(inputs: Inputs) -> float:
    spread = inputs["sigma"] / math.sqrt(1 - inputs["rho"] ** 2)
    return 0.5 * math.erfc((inputs["mu"] - inputs["cut"]) / spread / math.sqrt(2))


@formula("CF05c")
def autocorrelation(inputs: Inputs) -> float:
    return inputs["rho"] ** inputs["lag"]


@drawn("CF05a", "CF05b", "CF05c")
def fading(rng: np.random.Generator) -> dict[str, Any]:
    rho, sigma = round(rng.uniform(0.5, 0.96), 4), round(rng.uniform(5, 40), 2)
    cut = round(1000 - rng.uniform(0, 1) * sigma / math.sqrt(1 - rho**2), 2)
    return {"mu": 1000.0, "rho": rho, "sigma": sigma, "cut": cut, "lag": int(rng.integers(1, 4))}


def _faded(inputs: Inputs, people: int, seed: int, more: int = 0) -> list[np.ndarray]:
    """Give everybody's score when the start is forgotten, and `more` periods later."""
    plan = {"record.small_change": {"spread": inputs["sigma"]}, "decide.fading_score": {"left": inputs["rho"]}}
    periods, kept = math.ceil(math.log(1e-5) / 2 / math.log(inputs["rho"])), []

    def look(period: int, arms: Any) -> None:
        if period in (periods, periods + more):
            kept.append(inputs["mu"] + arms["rules"].column("persons.fading_score") / QUANTUM)

    scenario(plan, people=people, periods=periods + more, seed=seed, watch=look, recorders=False)
    return kept


@case("CF05a", most=400_000)
def measure_spread(inputs: Inputs, size: int, seed: int) -> Measured:
    score = _faded(inputs, size, seed)[0]
    squares = mean((score - score.mean()) ** 2)
    return Measured(math.sqrt(squares.value), squares.error / 2 / math.sqrt(squares.value))


@case("CF05b", most=1_000_000)
def measure_share_below(inputs: Inputs, size: int, seed: int) -> Measured:
    return mean(_faded(inputs, size, seed)[0] < inputs["cut"])


@case("CF05c", most=1_000_000)
def measure_autocorrelation(inputs: Inputs, size: int, seed: int) -> Measured:
    first, later = _faded(inputs, size, seed, inputs["lag"])
    found = float(np.corrcoef(first, later)[0, 1])
    return Measured(found, (1 - found**2) / math.sqrt(size))
