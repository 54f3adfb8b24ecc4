"""Sensors: watch-lists, base rates, strikes, uneven looking, denunciation, human review."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import rules
from ..register import Inputs, Measured, case, drawn, formula, mean, ratio, share
from ..scenario import play, scenario

KIND = "jaywalking"


def _network(inputs: Inputs, scans: int) -> dict[str, Any]:
    """Give the rules of cameras that compare everybody with a watch-list none of whom lives here."""
    return {
        "observe.camera_network": {
            "scans": scans, "drones": 0, "watch_list": inputs["watchlist_size"], "false_matches": round(inputs["per_comparison_fmr"] * 1e9),
            "error": 1, "watched": [], "sensitivity": 0, "evades": 0, "unavoidable": 0, "evasion_cost": 0, "look_drops_wrong": 0,
            "look_drops_right": 0, "filed": 0, "named_as": KIND,
        }
    }  # fmt: skip


@drawn("CF01a", "CF01b", "CF01c")
def watch_lists(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "per_comparison_fmr": int(rng.integers(300, 2000)) * 1e-9, "population": 100_000, "scans_per_person_day": int(rng.integers(5, 30)),
        "watchlist_size": int(rng.integers(2000, 10_000)), "days": int(rng.integers(2, 10)),
    }  # fmt: skip


def _none(inputs: Inputs, comparisons: int) -> float:
    return math.exp(comparisons * math.log1p(-inputs["per_comparison_fmr"]))


@formula("CF01a")
def alert_in_a_day(inputs: Inputs) -> float:
    return 1 - _none(inputs, inputs["watchlist_size"] * inputs["scans_per_person_day"])


@case("CF01a")
def measure_alert_in_a_day(inputs: Inputs, size: int, seed: int) -> Measured:
    played = scenario(_network(inputs, inputs["scans_per_person_day"]), people=size, periods=1, period="day", seed=seed, keep=("alerts",))
    return share(len(played.rows("alerts")["subject"]), size)


@formula("CF01b")
def alert_in_days(inputs: Inputs) -> float:
    return 1 - _none(inputs, inputs["watchlist_size"] * inputs["scans_per_person_day"] * inputs["days"])


@case("CF01b")
def measure_alert_in_days(inputs: Inputs, size: int, seed: int) -> Measured:
    rows = _network(inputs, inputs["scans_per_person_day"])
    played = scenario(rows, people=size, periods=inputs["days"], period="day", seed=seed, keep=("alerts",))
    return share(len(np.unique(played.rows("alerts")["subject"])), size)


@formula("CF01c")
def alerts_of_a_city(inputs: Inputs) -> float:
    return inputs["population"] * inputs["scans_per_person_day"] * (1 - _none(inputs, inputs["watchlist_size"]))


@case("CF01c")
def measure_alerts_of_a_city(inputs: Inputs, size: int, seed: int) -> Measured:
    """A round is one scan, because a person raises one alert a period at most; a day has as many rounds as scans."""
    scans = inputs["scans_per_person_day"]
    played = scenario(_network(inputs, 1), people=size, periods=scans, period="round", seed=seed, keep=("alerts",))
    found = share(len(played.rows("alerts")["subject"]), size * scans)
    return Measured(found.value * inputs["population"] * scans, found.error * inputs["population"] * scans)


@formula("CF02a", "CF02b")
def ppv_of_a_test(inputs: Inputs) -> float:
    right, wrong = inputs["prevalence"] * inputs["tpr"], (1 - inputs["prevalence"]) * inputs["fpr"]
    return right / (right + wrong)


@drawn("CF02a", "CF02b")
def tests(rng: np.random.Generator) -> dict[str, Any]:
    return {"prevalence": rng.uniform(0.02, 0.2), "tpr": rng.uniform(0.6, 0.99), "fpr": rng.uniform(0.02, 0.15)}


@case("CF02a", "CF02b")
def measure_ppv(inputs: Inputs, size: int, seed: int) -> Measured:
    """A period of acts, a test of everybody: who is flagged, and did they act?"""
    plan = rules.acts({KIND: inputs["prevalence"]}) | rules.screening(KIND, inputs["tpr"], inputs["fpr"])
    played = scenario(plan, people=size, periods=1, seed=seed, keep=("acts", "observations"))
    flagged = played.rows("observations")["subject"]
    return share(int(np.isin(flagged, played.rows("acts")["subject"]).sum()), len(flagged))


@formula("CF03a")
def listed_within(inputs: Inputs) -> float:
    n, q = inputs["days"], inputs["false_capture_per_day"]
    return 1 - sum(math.comb(n, k) * q**k * (1 - q) ** (n - k) for k in range(inputs["strikes"]))


@drawn("CF03a")
def strike_rules(rng: np.random.Generator) -> dict[str, Any]:
    return {"days": int(rng.integers(30, 80)), "false_capture_per_day": rng.uniform(0.02, 0.06), "strikes": int(rng.integers(2, 5))}


@case("CF03a")
def measure_listed_within(inputs: Inputs, size: int, seed: int) -> Measured:
    plan = rules.passers(inputs["false_capture_per_day"], KIND) | rules.RECORDS | rules.strikes(KIND, inputs["strikes"], None)
    played = scenario(plan, people=size, periods=inputs["days"], period="day", seed=seed)
    return share(int((played.column("persons.listed") > 0).sum()), size)


@formula("CF03c")
def days_to_listing(inputs: Inputs) -> float:
    return inputs["strikes"] / inputs["false_capture_per_day"]


@drawn("CF03c")
def strike_times(rng: np.random.Generator) -> dict[str, Any]:
    return {"false_capture_per_day": rng.uniform(0.05, 0.2), "strikes": int(rng.integers(2, 7))}


@case("CF03c", most=200_000)
def measure_days_to_listing(inputs: Inputs, size: int, seed: int) -> Measured:
    """Listings last a day, so that few strikes are held at a time; the first of each person counts."""
    plan = rules.passers(inputs["false_capture_per_day"], KIND) | rules.RECORDS | rules.strikes(KIND, inputs["strikes"], 1)
    days = min(4090, math.ceil((inputs["strikes"] + 8 * math.sqrt(inputs["strikes"]) + 12) / inputs["false_capture_per_day"]))
    played = scenario(plan, people=size, periods=days, period="day", start=0, seed=seed, keep=("listings",))
    rows = played.rows("listings")
    first = np.full(size, days)
    np.minimum.at(first, rows["subject"], rows["period"] + 1)
    left = size - len(np.unique(rows["subject"]))
    return mean(first, f"{left} of {size} not listed after {days} days")


@formula("CF16a")
def recorded_ratio(inputs: Inputs) -> float:
    return inputs["obs_A"] / inputs["obs_B"]


@drawn("CF16a")
def uneven_eyes(rng: np.random.Generator) -> dict[str, Any]:
    return {"obs_A": rng.uniform(0.5, 1), "obs_B": rng.uniform(0.1, 0.5), "rate": rng.uniform(0.1, 0.5)}


@case("CF16a")
def measure_recorded_ratio(inputs: Inputs, size: int, seed: int) -> Measured:
    """Two places of `size` persons who act alike, one of which is looked at more; weighing records by 1 / chance makes them alike again."""
    plan = rules.acts({KIND: inputs["rate"]}) | rules.camera([KIND], coverage={"urban": inputs["obs_A"], "rural": inputs["obs_B"]}) | rules.RECORDS
    played = scenario(plan, people=2 * size, periods=1, seed=seed, keep=("records", "acts"), places=2, urban=[1, 0])
    found = np.bincount(played.rows("records")["subject"], minlength=2 * size)
    weighed = found[:size].sum() / inputs["obs_A"] / (found[size:].sum() / inputs["obs_B"])
    return ratio(found[:size], found[size:], f"weighed by the chance of being seen: {weighed:.3f}")


@formula("CF28a")
def ppv_of_a_report(inputs: Inputs) -> float:
    n, share_ = inputs["neighbours"], inputs["violator_share"]
    right, wrong = share_ * (1 - (1 - inputs["true_report"]) ** n), (1 - share_) * (1 - (1 - inputs["false_report"]) ** n)
    return right / (right + wrong)


@drawn("CF28a")
def denunciations(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "false_report": rng.uniform(0.005, 0.03), "neighbours": 2 * int(rng.integers(3, 11)), "true_report": rng.uniform(0.05, 0.3),
        "violator_share": rng.uniform(0.1, 0.4),
    }  # fmt: skip


@case("CF28a", most=1_000_000)
def measure_ppv_of_a_report(inputs: Inputs, size: int, seed: int) -> Measured:
    """Everybody has so many neighbours, each of whom may tell; the office believes the first report."""
    plan = rules.acts({KIND: inputs["violator_share"]}) | {
        "observe.witnesses": {"kinds": [KIND], "witnesses": 0, "tells": 0, "friend_tells": inputs["true_report"], "pull": 1, "mistakes": 0},
        "observe.false_tips": {"kinds": [KIND], "chance": inputs["false_report"], "named_as": KIND},
        "observe.tip_line": {"needed": 1, "window": 1, "look_drops_wrong": 0, "look_drops_right": 0, "reward": 0, "slander": 0, "fine": 0},
    }
    played = scenario(plan, people=size, periods=1, seed=seed, keep=("acts", "observations"), degree=inputs["neighbours"])
    flagged = played.rows("observations")["subject"]
    once = len(np.unique(flagged)) == len(flagged)
    return share(int(np.isin(flagged, played.rows("acts")["subject"]).sum()), len(flagged)) if once else Measured(0.0, holds=False, note="flagged twice")


def _reviewed(inputs: Inputs, keep_true: float, keep_false: float) -> dict[str, Any]:
    """Give the rules of a test whose findings list people, after a look that keeps some of them."""
    test = rules.screening(KIND, inputs.get("algo_tpr", 1), inputs["algo_fpr"])
    look = {"looked_at": 1, "drops_wrong": 1 - keep_false, "drops_right": 1 - keep_true}
    return rules.acts({KIND: inputs["prevalence"]}) | test | rules.RECORDS | rules.listed([KIND]) | {"review.human_review:a": look}


@formula("CF34a")
def ppv_after_review(inputs: Inputs) -> float:
    right = inputs["prevalence"] * inputs["algo_tpr"] * inputs["review_keep_true"]
    return right / (right + (1 - inputs["prevalence"]) * inputs["algo_fpr"] * inputs["review_keep_false"])


@drawn("CF34a", "CF34b")
def reviews(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "algo_fpr": rng.uniform(0.02, 0.1), "algo_tpr": rng.uniform(0.6, 0.95), "prevalence": rng.uniform(0.02, 0.1),
        "review_keep_false": rng.uniform(0.1, 0.5), "review_keep_true": rng.uniform(0.7, 1),
    }  # fmt: skip


@case("CF34a")
def measure_ppv_after_review(inputs: Inputs, size: int, seed: int) -> Measured:
    plan = _reviewed(inputs, inputs["review_keep_true"], inputs["review_keep_false"])
    played = scenario(plan, people=size, periods=1, seed=seed, keep=("acts",))
    listed = played.store("listings")["subject"]
    return share(int(np.isin(listed, played.rows("acts")["subject"]).sum()), len(listed))


@formula("CF34b")
def avoided(inputs: Inputs) -> float:
    return (1 - inputs["prevalence"]) * inputs["algo_fpr"] * (1 - inputs["review_keep_false"])


@case("CF34b")
def measure_avoided(inputs: Inputs, size: int, seed: int) -> Measured:
    """The same society with and without the look; nobody may be listed because of it."""
    arms = {"with": _reviewed(inputs, 1, inputs["review_keep_false"]), "without": _reviewed(inputs, 1, 1)}
    played = play(arms, people=size, periods=1, seed=seed, keep=("acts",))
    guilty = played["with"].rows("acts")["subject"]
    wrong = {name: np.setdiff1d(arm.store("listings")["subject"], guilty) for name, arm in played.items()}
    found = share(len(wrong["without"]) - len(wrong["with"]), size)
    return Measured(found.value, found.error, holds=bool(np.isin(wrong["with"], wrong["without"]).all()))
