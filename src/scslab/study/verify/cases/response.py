"""How people respond: deterrence by expected loss, self-censorship, reputation for caring."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np

from ....mechanisms.respond.self_censorship import best_act
from ..register import Inputs, Measured, case, drawn, formula, share
from ..scenario import Rules, scenario


def evenly(rng: np.random.Generator, **limits: tuple[float, float]) -> dict[str, Any]:
    """Draw numbers evenly, in thousandths."""
    return {name: round(rng.uniform(low, high), 3) for name, (low, high) in limits.items()}


# ------------------------------------------------------------------------------------------------ rational deterrence (Becker 1968)


def tempted(detection: float, sanction: float, gain: float) -> Rules:
    """Give everybody one occasion a period, known to be watched: gains even between nothing and `gain`, a sanction with the chance of detection."""
    return {
        "conduct.walking": {"crossings": 1200, "jaywalking": 1, "crosswalks": 0, "not_yielding": 0, "litter": 0, "littering": 0},
        "observe.police": {"kinds": ["jaywalking"], "coverage": {"rural": 1, "urban": 1}, "sensitivity": {"jaywalking": detection}},
        "respond.awareness": {"share": 1},
        "respond.deterrence": {"form": "gain", "kinds": ["jaywalking"], "known": detection, "strength": sanction / gain},
    }


@formula("CF17a")
def violation_rate(inputs: Inputs) -> float:
    return max(0.0, 1 - inputs["p"] * inputs["S"] / inputs["G"])


@drawn("CF17a")
def sanctions(rng: np.random.Generator) -> dict[str, Any]:
    gain, detection = round(rng.uniform(20, 500), 2), round(rng.uniform(0.02, 0.9), 4)
    return {"G": gain, "S": round(rng.uniform(0.1, 0.9) * gain / detection, 2), "p": detection}


@case("CF17a")
def measure_violation_rate(inputs: Inputs, size: int, seed: int) -> Measured:
    """The second period counts: in the first nobody knows yet."""
    played = scenario(tempted(inputs["p"], inputs["S"], inputs["G"]), people=size, periods=2, seed=seed, traits={"conscientiousness": 0})
    return share(int(played.counter("acts.jaywalking")[1]), size)


@formula("CF17b")
def peak(inputs: Inputs) -> float:
    return inputs["G"] / (2 * inputs["S"])


@drawn("CF17b")
def peaks(rng: np.random.Generator) -> dict[str, Any]:
    gain = round(rng.uniform(20, 500), 2)
    return {"G": gain, "S": round(gain * rng.uniform(1.2, 6), 2)}


PEOPLE, FEW, FINE = 200_000, 20_000, 11


@case("CF17b")
def measure_peak(inputs: Inputs, size: int, seed: int) -> Measured:
    """Look, in two steps, from which rate of detection on nobody is recorded any more, and fit a parabola to records below; each rate has luck of its own."""

    def recorded(detection: float, people: int, number: int) -> float:
        rules = tempted(detection, inputs["S"], inputs["G"])
        played = scenario(rules, people=people, periods=2, seed=1000 * seed + number, traits={"conscientiousness": 0}, keep=("observations",))
        return float((played.rows("observations")["period"] == 1).sum()) / people

    low, high = 0.0, 1.0
    for look in range(2):
        grid = np.linspace(low, high, FINE)[1:]
        none = [k for k, p in enumerate(grid) if not recorded(p, FEW, 20 * look + k)]
        low, high = (grid[none[0] - 1] if none and none[0] else low, grid[none[0]]) if none else (grid[-2], grid[-1])
    at = high * np.linspace(0.1, 0.9, FINE)
    counts = np.array([recorded(p, PEOPLE, 100 + k) for k, p in enumerate(at)])
    weight = np.sqrt(PEOPLE / (counts * (1 - counts)))
    (square, slope, _), spread = np.polyfit(at, counts, 2, w=weight, cov="unscaled")
    gradient = np.array([slope / (2 * square * square), -1 / (2 * square), 0])
    return Measured(-slope / (2 * square), math.sqrt(gradient @ spread @ gradient), "vertex of a fitted parabola", holds=bool(square < 0))


# ------------------------------------------------------------------------------------------------ self-censorship (Daymude and others 2025)


def act(desire: Fraction, inputs: Inputs) -> Fraction:
    b, s, t, v = (Fraction(str(inputs[name])) for name in ("beta", "psi", "tau", "nu"))
    return best_act(desire, b, t, s, v, {"uniform": "flat", "proportional": "proportional"}[inputs["punishment"]])


@formula("CF19a")
def defiance(inputs: Inputs) -> float:
    b, s, t, v = (inputs[name] for name in ("beta", "psi", "tau", "nu"))
    return (b * t + v * s) / (b - (1 - v) * s)


@drawn("CF19a")
def flat_penalties(rng: np.random.Generator) -> dict[str, Any]:
    while True:
        found = evenly(rng, beta=(0.2, 3), nu=(0, 1), psi=(0.05, 2), tau=(0, 0.8))
        if found["beta"] > (1 - found["nu"]) * found["psi"] and found["tau"] < defiance(found) < 1:
            return {**found, "punishment": "uniform"}


@case("CF19a")
def measure_defiance(inputs: Inputs, size: int, seed: int) -> Measured:
    """Halve the interval between a desire that is held back and one that is not, 40 times."""
    low, high = Fraction(str(inputs["tau"])), Fraction(1)
    holds = act(high, inputs) == high
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if act(middle, inputs) == middle else (middle, high)
    return Measured(float(high), holds=holds)


@formula("CF19b")
def plateau(inputs: Inputs) -> float:
    b, s, t, v = (inputs[name] for name in ("beta", "psi", "tau", "nu"))
    return (t + (b - v * s) / ((1 - v) * s)) / 2


@drawn("CF19b")
def rising_penalties(rng: np.random.Generator) -> dict[str, Any]:
    while True:
        found = evenly(rng, beta=(0.2, 3), nu=(0, 0.9), psi=(0.3, 4), tau=(0, 0.8))
        if found["tau"] < plateau(found) < 1:
            return {**found, "punishment": "proportional"}


@case("CF19b")
def measure_plateau(inputs: Inputs, size: int, seed: int) -> Measured:
    """All who desire more than the plateau express the same."""
    top = act(Fraction(1), inputs)
    return Measured(float(top), holds=act((1 + top) / 2, inputs) == top)


# ------------------------------------------------------------------------------------------------ reputation (Benabou and Tirole 2006)


@formula("CF20a")
def participation(inputs: Inputs) -> float:
    return 1 - min(1.0, max(0.0, inputs["c"] - inputs["mu"] * inputs["observed"] / 2))


@drawn("CF20a")
def images(rng: np.random.Generator) -> dict[str, Any]:
    while True:
        found = evenly(rng, c=(0.1, 0.95), mu=(0, 1), observed=(0.2, 1))
        if 0.05 < participation(found) < 0.95:
            return found


@case("CF20a")
def measure_participation(inputs: Inputs, size: int, seed: int) -> Measured:
    """Everybody is called once a period and refines what taking part says; the fourth period counts."""
    rules: Rules = {
        "conduct.public_calls": {"calls": 1200, "cost": inputs["c"], "image": inputs["mu"], "watched": inputs["observed"]}, "respond.reputation": {},
    }  # fmt: skip
    played = scenario(rules, people=size, periods=4, seed=seed, traits={"prosociality": "drawn"})
    found = share(int(played.counter("acts.volunteering")[3]), size)
    # The gap is seen with an error of its own, that of a mean among those watched on either side.
    p = min(max(found.value, 1e-3), 1 - 1e-3)
    gap = math.sqrt(sum(side**2 / 12 / (side * size * inputs["observed"]) for side in (p, 1 - p)))
    return Measured(found.value, math.hypot(found.error, inputs["mu"] * inputs["observed"] * gap))
