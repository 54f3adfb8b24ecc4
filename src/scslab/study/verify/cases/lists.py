"""Lists: who gets on them, how many are on them, how long; appeals; several lists and agencies together."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import rules
from ..register import Inputs, Measured, case, drawn, formula, mean, share
from ..scenario import Played, play, scenario

KIND, OTHER = "littering", "jaywalking"
ONCE = ["2020-01", "2020-02"]
"""In force in the first period only."""


def _blacklist(inputs: Inputs) -> dict[str, Any]:
    """Give the rules of a list that a record leads to, for a term; records while listed change nothing."""
    plan = rules.passers(inputs["hazard_month"], KIND) | rules.RECORDS
    national = {"record.national": {"kinds": [KIND], "delay": 0, "miss": 0, "mislink": 0}}
    listed = rules.listed([KIND], inputs["duration"])
    return plan | national | {"decide.binary_list:a": listed.pop("decide.local_list:a")} | listed


@formula("CF06a")
def ever_listed(inputs: Inputs) -> float:
    return 1 - (1 - inputs["hazard_month"]) ** inputs["months"]


@drawn("CF06a", "CF06b")
def hazards(rng: np.random.Generator) -> dict[str, Any]:
    return {"hazard_month": rng.uniform(0.02, 0.08), "months": int(rng.integers(5, 20)), "duration": int(rng.integers(3, 20))}


@case("CF06a")
def measure_ever_listed(inputs: Inputs, size: int, seed: int) -> Measured:
    played = scenario(_blacklist(inputs), people=size, periods=inputs["months"], seed=seed, keep=("listings",), recorders=False)
    return share(len(np.unique(played.rows("listings")["subject"])), size)


@formula("CF06b")
def share_listed(inputs: Inputs) -> float:
    return inputs["duration"] / (inputs["duration"] + 1 / inputs["hazard_month"])


@case("CF06b")
def measure_share_listed(inputs: Inputs, size: int, seed: int) -> Measured:
    """Where records are rare, the waves of the start (nobody is listed) die out like (hazard x duration)^k in k terms, else with each round."""
    rate, duration = inputs["hazard_month"] * inputs["duration"], inputs["duration"]
    periods = 8 * duration if rate < 0.1 else math.ceil(8 * (duration + 1 / inputs["hazard_month"]))
    played = scenario(_blacklist(inputs), people=size, periods=periods, start=0, seed=seed, recorders=False)
    return share(int((played.column("persons.listed") > 0).sum()), size)


PEOPLE_PER_ARRIVAL = 12_000
"""So many persons for each arrival a month: few arrivals fall on somebody who is listed already (some 0.1 %)."""


def _census(inputs: Inputs, repaired: float) -> dict[str, Any]:
    plan = rules.passers(1 / PEOPLE_PER_ARRIVAL, KIND) | rules.RECORDS | rules.listed([KIND], inputs["max_term"])
    return plan | {"review.credit_repair:a": {"after": 0, "repaired": repaired}}


def _stay(inputs: Inputs, hazard: float) -> float:
    return sum((1 - hazard) ** months for months in range(inputs["max_term"]))


def _counted(inputs: Inputs, arms: dict[str, float], size: int, seed: int) -> dict[str, np.ndarray]:
    """Count the lists of all arms `size` times, a term apart, so that nobody is counted twice."""
    found: dict[str, list[int]] = {name: [] for name in arms}

    def look(period: int, played: dict[str, Played]) -> None:
        if period % inputs["max_term"] == 0:
            for name, arm in played.items():
                found[name].append(len(arm.store("listings")["subject"]))

    plans = {name: _census(inputs, hazard) for name, hazard in arms.items()}
    people = inputs["arrivals_per_month"] * PEOPLE_PER_ARRIVAL
    play(plans, people=people, periods=size * inputs["max_term"], start=0, seed=seed, watch=look, recorders=False)
    return {name: np.array(counts) for name, counts in found.items()}


@formula("CF07a")
def census(inputs: Inputs) -> float:
    return inputs["arrivals_per_month"] * _stay(inputs, inputs["repair_hazard_month"])


@drawn("CF07a", "CF07c")
def censuses(rng: np.random.Generator) -> dict[str, Any]:
    return {"arrivals_per_month": int(rng.integers(150, 300)), "max_term": int(rng.integers(6, 20)), "repair_hazard_month": rng.uniform(0.04, 0.15)}


@case("CF07a", least=10, most=200)
def measure_census(inputs: Inputs, size: int, seed: int) -> Measured:
    found = _counted(inputs, {"repair": inputs["repair_hazard_month"]}, size, seed)["repair"]
    return Measured(float(found.mean()), math.sqrt(found.mean() / size))


@formula("CF07c")
def fewer(inputs: Inputs) -> float:
    return inputs["arrivals_per_month"] * (inputs["max_term"] - _stay(inputs, inputs["repair_hazard_month"]))


@case("CF07c", least=10, most=600)
def measure_fewer(inputs: Inputs, size: int, seed: int) -> Measured:
    found = _counted(inputs, {"repair": inputs["repair_hazard_month"], "none": 0}, size, seed)
    difference = found["none"] - found["repair"]
    return Measured(float(difference.mean()), math.sqrt(max(difference.mean(), 1) / size), holds=bool((difference >= 0).all()))


def _joint(agencies: int, acts: float, lifted: float) -> dict[str, Any]:
    """Give the rules of a list that so many agencies may act upon."""
    names = [f"a{number}" for number in range(agencies)]
    joint = {
        "agencies": names, "breadth": agencies, "memoranda": [f"a.{name}" for name in names], "acts": dict.fromkeys(names, acts),
        "measures": {f"{name}.air": 1 for name in names}, "own_term": dict.fromkeys(names, 0), "lifted": lifted, "delay": 0, "hears_of_end": 1,
        "hears_of_error": 1, "lateness": 0,
    }  # fmt: skip
    plan = rules.acts({KIND: 1}) | rules.camera([KIND]) | rules.RECORDS | rules.listed([KIND]) | {"enforce.joint": joint}
    plan["conduct.steady"]["in_force"] = ONCE
    return plan


@formula("CF10a")
def any_agency(inputs: Inputs) -> float:
    return 1 - (1 - inputs["adopt_prob"]) ** inputs["agencies"]


@drawn("CF10a")
def adoption(rng: np.random.Generator) -> dict[str, Any]:
    return {"adopt_prob": rng.uniform(0.01, 0.15), "agencies": int(rng.integers(3, 25))}


@case("CF10a")
def measure_any_agency(inputs: Inputs, size: int, seed: int) -> Measured:
    played = scenario(_joint(inputs["agencies"], inputs["adopt_prob"], 0), people=size, periods=1, seed=seed, recorders=False)
    return share(len(np.unique(played.store("joint_actions")["subject"])), size)


@formula("CF10b")
def last_to_clear(inputs: Inputs) -> float:
    return inputs["mean_months"] * sum(1 / k for k in range(1, inputs["lists"] + 1))


@drawn("CF10b")
def clearings(rng: np.random.Generator) -> dict[str, Any]:
    return {"lists": int(rng.integers(2, 12)), "mean_months": int(rng.integers(6, 40))}


ROUNDS = 60
"""Rounds that a listing lasts on average: steps so short that months are as good as continuous."""


@case("CF10b", most=200_000)
def measure_last_to_clear(inputs: Inputs, size: int, seed: int) -> Measured:
    """Agencies act upon one listing, and each lifts its action in its own time; what ends in a round ends in its middle."""
    hazard = -math.expm1(-1 / ROUNDS)
    periods = math.ceil(ROUNDS * (math.log(inputs["lists"]) + math.log(size) + 4))
    last = np.zeros(size, np.int64)

    def look(period: int, arms: dict[str, Played]) -> None:
        last[arms["rules"].store("joint_actions")["subject"]] = period

    plan = _joint(inputs["lists"], 1, hazard)
    played = scenario(plan, people=size, periods=periods, period="round", seed=seed, watch=look, recorders=False)
    left = len(played.store("joint_actions")["subject"])
    return mean((last - 0.5) * inputs["mean_months"] / ROUNDS, f"{left} actions left at the end" if left else "")


def _appeals(inputs: Inputs, delay: int, term: int | None, wrongful: float) -> dict[str, Any]:
    """Give the rules of a list whose entries are wrongful by a share, with a notice and one round of appeal."""
    test = rules.acts({KIND: 1 - wrongful}) | rules.screening(KIND, 1, 1) | rules.RECORDS | rules.listed([KIND], term)
    test["observe.screening"]["in_force"] = test["conduct.steady"]["in_force"] = ONCE
    return test | {
        "review.notice:a": {"told": 1, "delay": 0},
        "review.objection:a": {
            "access": 1, "files_if_wrong": inputs["appeal_wrongful"], "files_if_right": inputs["appeal_rightful"], "delay": delay, "body": "court",
        },
        "review.appeal_body:court": {
            "capacity": 10_000, "overturns_wrong": inputs["success_wrongful"], "overturns_right": inputs["success_rightful"], "sees_excuse": 0,
            "false_excuse": 0, "delay": 0, "goes_on": 0,
        },
    }  # fmt: skip


@drawn("CF13a", "CF13b", "CF13d")
def appeals(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "appeal_rightful": rng.uniform(0.1, 0.5), "appeal_wrongful": rng.uniform(0.3, 1), "success_rightful": rng.uniform(0.05, 0.4),
        "success_wrongful": rng.uniform(0.3, 1), "wrongful_share": rng.uniform(0.1, 0.5), "decision_day": int(rng.integers(5, 40)),
        "term_days": int(rng.integers(60, 120)),
    }  # fmt: skip


@formula("CF13a")
def wrongful_left(inputs: Inputs) -> float:
    wrong = inputs["wrongful_share"] * (1 - inputs["appeal_wrongful"] * inputs["success_wrongful"])
    return wrong / (wrong + (1 - inputs["wrongful_share"]) * (1 - inputs["appeal_rightful"] * inputs["success_rightful"]))


@case("CF13a")
def measure_wrongful_left(inputs: Inputs, size: int, seed: int) -> Measured:
    played = scenario(_appeals(inputs, 1, None, inputs["wrongful_share"]), people=size, periods=3, seed=seed)
    fault = played.store("listings")["fault"]
    return share(int((fault > 0).sum()), len(fault))


@formula("CF13b")
def overturned(inputs: Inputs) -> float:
    wrong, right = inputs["wrongful_share"] * inputs["appeal_wrongful"], (1 - inputs["wrongful_share"]) * inputs["appeal_rightful"]
    return (wrong * inputs["success_wrongful"] + right * inputs["success_rightful"]) / (wrong + right)


@case("CF13b")
def measure_overturned(inputs: Inputs, size: int, seed: int) -> Measured:
    played = scenario(_appeals(inputs, 1, None, inputs["wrongful_share"]), people=size, periods=3, seed=seed, keep=("decisions",))
    granted = played.rows("decisions")["granted"]
    return share(int(granted.sum()), len(granted))


@formula("CF13d")
def days_listed(inputs: Inputs) -> float:
    won = inputs["appeal_wrongful"] * inputs["success_wrongful"]
    return (1 - won) * inputs["term_days"] + won * inputs["decision_day"]


@case("CF13d", most=1_000_000)
def measure_days_listed(inputs: Inputs, size: int, seed: int) -> Measured:
    """Everybody is listed wrongly on the first day."""
    plan = _appeals(inputs, inputs["decision_day"], inputs["term_days"], 1)
    played = scenario(plan, people=size, periods=inputs["term_days"] + 1, period="day", seed=seed, keep=("listing_ends",))
    rows = played.rows("listing_ends")
    return mean(rows["period"], holds=len(np.unique(rows["subject"])) == size)


@formula("CF27b")
def longest_share(inputs: Inputs) -> float:
    stay = [term * weight for term, weight in zip(inputs["terms"], inputs["weights"], strict=True)]
    return stay[1] / sum(stay)


@drawn("CF27b")
def terms(rng: np.random.Generator) -> dict[str, Any]:
    short = int(rng.integers(3, 20))
    weight = round(rng.uniform(0.3, 0.8), 3)
    return {"terms": [short, short + int(rng.integers(5, 30))], "weights": [weight, 1 - weight]}


@case("CF27b")
def measure_longest_share(inputs: Inputs, size: int, seed: int) -> Measured:
    """Two kinds of breaches with terms of their own; about `size` persons are listed at a time."""
    hazard = 0.005
    stay = hazard * sum(t * w for t, w in zip(inputs["terms"], inputs["weights"], strict=True))
    chances = {KIND: hazard * inputs["weights"][0], OTHER: hazard * inputs["weights"][1]}
    listed = rules.listed([KIND, OTHER], dict(zip((KIND, OTHER), inputs["terms"], strict=True)))
    plan = rules.acts(chances, form="one") | rules.camera([KIND, OTHER]) | rules.RECORDS | listed
    people = math.ceil(size * (1 + stay) / stay)
    played = scenario(plan, people=people, periods=4 * max(inputs["terms"]), seed=seed, recorders=False)
    held = played.store("listings")
    term = held["until"].astype(np.int64) - held["since"]
    return share(int((term == inputs["terms"][1]).sum()), len(term))


@formula("CF35a")
def months_listed(inputs: Inputs) -> float:
    term, hazard = inputs["term_months"], inputs["discovery_hazard_month"]
    saved = sum(hazard * (1 - hazard) ** (t - 1) * max(term - t - inputs["decision_delay"], 0) for t in range(1, term + 1))
    return term - inputs["success"] * saved


@drawn("CF35a")
def discoveries(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "decision_delay": int(rng.integers(1, 6)), "discovery_hazard_month": rng.uniform(0.05, 0.4), "success": rng.uniform(0.2, 0.9),
        "term_months": int(rng.integers(10, 40)),
    }  # fmt: skip


@case("CF35a")
def measure_months_listed(inputs: Inputs, size: int, seed: int) -> Measured:
    """Everybody is listed for nothing, and told nothing; who wants to fly is refused, asks why, and objects once."""
    once = {"appeal_wrongful": 1, "appeal_rightful": 0, "success_wrongful": inputs["success"], "success_rightful": 0}
    plan = _appeals(once, 0, inputs["term_months"], 1)
    plan.pop("review.notice:a")
    plan["review.appeal_body:court"]["delay"] = inputs["decision_delay"]
    wishes = -12 * math.log1p(-inputs["discovery_hazard_month"])
    plan |= {
        "enforce.measures:a": {"execution": {"air": 1}, "spill": 0}, "enforce.book": {}, "review.first_inquiry": {"asks": 1},
        "outcome.travel": {"air": wishes, "rail": 0, "air_insists": 1, "rail_insists": 0, "again": 0},
    }  # fmt: skip
    played = scenario(plan, people=size, periods=inputs["term_months"] + 1, seed=seed, keep=("listing_ends",))
    rows = played.rows("listing_ends")
    return mean(rows["period"], holds=len(np.unique(rows["subject"])) == size)
