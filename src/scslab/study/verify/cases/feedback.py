"""Looking where one looked, and sanctions that bring sanctions: urns, limited units, branching, contagion on a network."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ....world import build_world
from ...published.models.inspection import shares
from ...published.models.inspection_with_response import totals
from ..register import Inputs, Measured, case, drawn, formula, mean, share, variance
from ..scenario import scenario

DRAWS = 3_000
"""Draws that stand for the limit of an urn of few incidents: 0.2 % of its variance is missing."""
LONG = 30_000
AT_ONCE = 30_000
"""Urns of two places that one abstract world can hold."""

# ------------------------------------------------------------------ urns


@formula("CF14a")
def variance_of_the_limit(inputs: Inputs) -> float:
    a, b, add = inputs["n_A"], inputs["n_B"], inputs["add"]
    return a * b * add / ((a + b) ** 2 * (a + b + add))


@drawn("CF14a")
def small_urns(rng: np.random.Generator) -> dict[str, Any]:
    return {"add": int(rng.integers(1, 4)), "n_A": int(rng.integers(1, 9)), "n_B": int(rng.integers(1, 9))}


@case("CF14a", most=500_000)
def measure_variance_of_the_limit(inputs: Inputs, size: int, seed: int) -> Measured:
    """Inspectorates of two places that are alike; what is found is added, nothing is reported."""
    found, start = [], (inputs["n_A"], inputs["n_B"])
    for part in range(0, size, AT_ONCE):
        found.append(shares(start, 0, DRAWS, min(AT_ONCE, size - part), seed + 7919 * part, rates=(inputs["add"],) * 2))
    return variance(np.concatenate(found))


@formula("CF15a")
def limit_with_reports(inputs: Inputs) -> float:
    first, second, w = inputs["lambda_A"], inputs["lambda_B"], inputs["w"]
    a, b, c, d = first, w * second, w * first, second
    return next(float(root) for root in np.roots([c + d - a - b, a - 2 * c - d, c]) if 0 < root < 1)


@drawn("CF15a")
def reporting_towns(rng: np.random.Generator) -> dict[str, Any]:
    few = {"n_A": int(rng.integers(2, 9)), "n_B": int(rng.integers(2, 9))}  # few, so that the limit is reached
    return {**_rates(rng), **few, "w": round(rng.uniform(0.5, 0.9), 2)}


@case("CF15a", most=300)
def measure_limit_with_reports(inputs: Inputs, size: int, seed: int) -> Measured:
    return mean(shares((inputs["n_A"], inputs["n_B"]), inputs["w"], LONG, size, seed, rates=_both(inputs)))


@formula("CF15c")
def true_share(inputs: Inputs) -> float:
    return inputs["lambda_A"] / (inputs["lambda_A"] + inputs["lambda_B"])


@drawn("CF15c")
def _rates(rng: np.random.Generator) -> dict[str, Any]:
    return {"lambda_A": round(rng.uniform(2, 5), 4), "lambda_B": round(rng.uniform(2, 5), 4)}


@case("CF15c", most=300)
def measure_limit_with_correction(inputs: Inputs, size: int, seed: int) -> Measured:
    return mean(shares((6, 4), 0, LONG, size, seed, correction=1, rates=_both(inputs)))


@formula("CF15d")
def share_on_the_way(inputs: Inputs) -> float:
    """Solve dA/dB = (A l_A) / (B l_B), with draws = (A - A_0) / l_A + (B - B_0) / l_B, by halving."""
    (first, second), (a, b), low, high = _both(inputs), (inputs["n_A"], inputs["n_B"]), 0.0, 60.0
    for _ in range(200):
        middle = (low + high) / 2
        more = a * math.expm1(middle) / first + b * math.expm1(middle * second / first) / second
        low, high = (middle, high) if more < inputs["draws"] else (low, middle)
    grown = a * math.exp(low), b * math.exp(low * second / first)
    return grown[0] / sum(grown)


@drawn("CF15d")
def runaway_towns(rng: np.random.Generator) -> dict[str, Any]:
    many = {"n_A": int(rng.integers(600, 1200)), "n_B": int(rng.integers(600, 1200))}  # many, so that the fluid equation holds
    return {**_rates(rng), **many, "draws": int(rng.integers(3, 7)) * 1000, "w": 0}


@case("CF15d", most=600)
def measure_share_on_the_way(inputs: Inputs, size: int, seed: int) -> Measured:
    return mean(shares((inputs["n_A"], inputs["n_B"]), inputs["w"], inputs["draws"], size, seed, rates=_both(inputs)))


def _both(inputs: Inputs) -> tuple[float, float]:
    return inputs["lambda_A"], inputs["lambda_B"]


# ------------------------------------------------------------------ limited units

STEPS = 1000


@formula("CF16b")
def found_by_chance(inputs: Inputs) -> float:
    units, p, total = inputs["units"], 1 / len(inputs["rates"]), 0.0
    for rate in inputs["rates"]:
        # E min(X, Y) is the sum over k of P(X >= k) P(Y >= k).
        sent = [math.comb(units, k) * p**k * (1 - p) ** (units - k) for k in range(units + 1)]
        met = [math.exp(-rate) * rate**k / math.factorial(k) for k in range(units + 1)]
        total += sum(sum(sent[k:]) * (1 - sum(met[:k])) for k in range(1, units + 1))
    return STEPS * total


@drawn("CF16b")
def five_sites(rng: np.random.Generator) -> dict[str, Any]:
    return {"rates": [round(float(rate), 2) for rate in rng.uniform(0.2, 9, 5)], "units": int(rng.integers(2, 10))}


@case("CF16b", most=200)
def measure_found_by_chance(inputs: Inputs, size: int, seed: int) -> Measured:
    return mean(totals("uniform", 0, size, seed, periods=STEPS, rates=tuple(inputs["rates"]), units=inputs["units"])[0])


# ------------------------------------------------------------------ contagion

SPREAD = {
    "from_woman": {"mother": 0}, "from_man": {"mother": 0}, "strangers": 0, "background": 0, "start_month": 240, "start_age_below": 200, "age_min": 0,
    "term": 1, "term_shape": 0, "again": False,
}  # fmt: skip
FEW = 1000
"""One person in so many is listed at first, so that clusters hardly meet."""
GENERATIONS = 120


def clusters(rules: dict[str, Any], seeds: int, seed: int, **world: Any) -> tuple[np.ndarray, np.ndarray]:
    """Let listings spread until none is left; give the size of each first one's cluster, and how many it listed itself.

    Args:
        seeds: how many are listed at first, on average, in a world a thousand times as large, or in copies of the one given.
    """
    people = world.pop("people", FEW * min(seeds, 5000))
    sizes, children = [], []
    for part in range(math.ceil(seeds * FEW / people)):
        stated = {"enforce.contagion:spread": {**SPREAD, "start_share": 1 / FEW, **rules}, "review.register": {}, "review.memory": {}}
        played = scenario(
            stated, people=people, periods=GENERATIONS, seed=seed + 7919 * part, keep=("entries",), watch=_is_over, recorders=False, **world
        )
        rows = played.rows("entries")
        ids, root = np.zeros(0, np.int64), np.zeros(0, np.int64)
        count = np.zeros(len(_listed(rows, 0)), np.int64)
        for period in range(int(rows["period"].max()) + 1):
            now = _listed(rows, period)
            order = np.argsort(ids)
            root = np.arange(len(count)) if period == 0 else root[order][np.searchsorted(ids[order], rows["parent"][now])]
            ids = rows["id"][now]
            count += np.bincount(root, minlength=len(count))
            if period == 1:
                children.append(np.bincount(root, minlength=len(count)))
        sizes.append(count)
    return np.concatenate(sizes), np.concatenate(children)


def _listed(rows: dict[str, Any], period: int) -> np.ndarray:
    """Give the entries of a period that list somebody: who is exposed twice is listed by the first."""
    now = np.flatnonzero(rows["period"] == period)
    return now[np.unique(rows["subject"][now], return_index=True)[1]]


def _is_over(period: int, arms: dict[str, Any]) -> bool:
    played = arms["rules"]
    return period > 2 and not len(played.store("listings")["subject"]) and not played.arm.due


@formula("CF09a")
def mean_cluster(inputs: Inputs) -> float:
    return 1 / (1 - inputs["R"])


@formula("CF09b")
def listing_nobody(inputs: Inputs) -> float:
    return math.exp(-inputs["R"])


@drawn("CF09a", "CF09b")
def offspring(rng: np.random.Generator) -> dict[str, Any]:
    return {"R": round(rng.uniform(0.2, 0.65), 3)}


@case("CF09a", most=100_000)
def measure_mean_cluster(inputs: Inputs, size: int, seed: int) -> Measured:
    """Each listed person exposes a Poisson number of strangers, once; strangers are so many that nobody is met twice but by rare chance."""
    return mean(clusters({"strangers": inputs["R"]}, size, seed)[0])


@case("CF09b", most=100_000)
def measure_listing_nobody(inputs: Inputs, size: int, seed: int) -> Measured:
    children = clusters({"strangers": inputs["R"]}, size, seed)[1]
    return share(int((children == 0).sum()), len(children))


@formula("CF09d")
def cluster_on_a_network(inputs: Inputs) -> float:
    d, t = inputs["degree"], inputs["tie_prob"]
    return 1 + d * t / (1 - (d - 1) * t)


@drawn("CF09d")
def networks(rng: np.random.Generator) -> dict[str, Any]:
    degree = int(rng.integers(3, 9))
    return {"degree": degree, "tie_prob": round(rng.uniform(0.2, 0.6) / (degree - 1), 4)}


@case("CF09d", most=200_000)
def measure_cluster_on_a_network(inputs: Inputs, size: int, seed: int) -> Measured:
    """Each listed person exposes each friend once, on one large regular network, with other luck as often as the size asks."""
    people = 500_000
    world = build_world("regular", people, seed, degree=inputs["degree"])
    chance = {"friend_woman": inputs["tie_prob"]}
    return mean(clusters({"from_woman": chance}, size, seed, people=people, world=world)[0])
