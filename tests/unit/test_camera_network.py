"""Cameras and a watch-list: closed forms CF01 and CF02, group-specific error, evasion, a human look; each against a small hand calculation."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.base.luck import ONE
from scslab.engine.declare import REGISTRY
from scslab.mechanisms.kinds import FAULT, KIND, TRUST
from scslab.mechanisms.tables_alerts import at_least_one

MISATTRIBUTED = FAULT.code("misattributed")
NET = {
    "scans": 600, "drones": 0, "watch_list": 10_000, "false_matches": 1000, "error": {"female": 1, "male": 1}, "watched": ["evasion"], "sensitivity": 1,
    "evades": 0, "unavoidable": 0, "evasion_cost": 200, "look_drops_wrong": 0, "look_drops_right": 0, "filed": 0, "named_as": "breach_of_limits",
}  # fmt: skip


def compiled(**changed):
    return REGISTRY["observe.camera_network"].params.compile({**NET, **changed})


@pytest.mark.parametrize(("scans", "expected"), [(20, 0.1812693288), (600, 0.9975212553)])
def test_false_alerts_of_a_day_and_of_a_month_follow_the_closed_form(hand, scans, expected):
    """CF01a, CF01b: a list of 10,000, one false match in a million comparisons, 20 scans a day."""
    p = compiled(scans=scans)
    assert p.most / ONE == pytest.approx(expected, abs=1e-9)
    assert at_least_one(1000, 10**9, 10_000 * scans) == p.most


def test_false_alerts_of_a_whole_city_in_a_day(hand):
    """CF01c: 100,000 people, 20 scans each, every scan a trial of its own."""
    assert 100_000 * 20 * at_least_one(1000, 10**9, 10_000) / ONE == pytest.approx(19_900.3424, rel=1e-6)


def test_error_scans_and_settings_enter_the_chance(hand):
    p = compiled(scans={"rural": 1, "urban": 10}, error={"female": 3.5, "male": 1}, watch_list=1, unavoidable={"rural": 0, "urban": 2}, sensitivity=0.5)
    assert (p.wrong[0] / ONE).tolist() == pytest.approx([3.5e-6, 1e-6], abs=1e-9)
    assert p.wrong[1, 0] / p.wrong[1, 1] == pytest.approx(3.5, rel=1e-3)
    assert (p.right / ONE).tolist() == [pytest.approx([0.5, 0]), pytest.approx([1 - 0.5**10, 0.75], abs=1e-9)]


@pytest.fixture(autouse=True)
def _nobody_evades(monkeypatch):
    monkeypatch.setattr("scslab.mechanisms.observe.camera_network.lasting", lambda luck, draw, ids: np.full(len(ids), ONE - 1, np.uint32))


def month(hand, passers, watched, kind="evasion", word=0, **changed):
    """One month of the network; everybody of the first place of two is rural."""
    n = 8
    listings = hand.store("listings", watched, 1, kind=KIND.code(kind), list=1)
    cols = hand.cols({"place": np.arange(n) % 2, "sex": np.arange(n) % 4 // 2}, (listings,), places={"urban": np.array([0, 1])})
    words = {"hit": 0, "look": 0, "file": 0}
    p = {**NET, **changed}
    batches = {"scan": hand.batch("", passers, word=[word] * len(passers)), "listings": hand.each(listings)}
    return hand.step("observe.camera_network", batches, cols, p, **words)


def test_the_watched_are_found_and_others_are_taken_for_them(hand):
    made = month(hand, [1, 2, 3], [2], error={"female": 1, "male": 0}, word=1)
    assert sorted((r["subject"], r["fault"], r["stopped"]) for r in made["alerts"]) == [(1, MISATTRIBUTED, 1), (2, 0, 1)]
    made = month(hand, [1, 2, 3], [2], filed=1)
    assert sorted((r["subject"], r["fault"]) for r in made["alerts"]) == [(1, MISATTRIBUTED), (2, 0), (3, MISATTRIBUTED)]
    assert [(r["subject"], KIND.names[r["kind"]], r["fault"]) for r in made["observations"]] == [(w, "breach_of_limits", MISATTRIBUTED) for w in (1, 3)]


def test_a_list_that_is_not_watched_and_no_scans_give_nothing(hand):
    assert not month(hand, [], [2], kind="worship").get("alerts")
    assert not month(hand, [], [2], scans=0).get("alerts") and compiled(scans=0).most == 0


def test_a_look_drops_alerts_of_both_kinds(hand):
    made = month(hand, [1], [2], look_drops_wrong=1, filed=1)
    assert [(r["subject"], r["stopped"]) for r in made["alerts"]] == [(1, 0), (2, 1)] and not made.get("observations")
    assert [(r["subject"], r["stopped"]) for r in month(hand, [1], [2], look_drops_right=1)["alerts"]] == [(1, 1), (2, 0)]


def test_who_avoids_cameras_is_not_found_and_pays_for_it(drive):
    blocks = {"observe.camera_network": {**NET, "evades": 1, "false_matches": 0}}
    run = drive(blocks, persons__sex=np.zeros(12, np.uint8))
    made = REGISTRY["observe.camera_network"]
    assert made.lagged == ("listings",)
    p = compiled(evades=1, false_matches=0)
    assert p.right.tolist() == [[ONE, 0], [ONE, 0]] and p.most == 0
    assert not run.run(2).of("alerts")


def test_precision_is_driven_by_the_base_rate(hand):
    """CF02a: of 20,000 persons one in a hundred is watched; hits of 95 and false alerts of 5 percent: 16 right in a hundred alerts."""
    n, rng = 20_000, np.random.default_rng(3)
    watched = np.arange(0, n, 100)
    listings = hand.store("listings", watched, 1, kind=KIND.code("evasion"), list=1)
    cols = hand.cols({"place": np.zeros(n), "sex": np.zeros(n)}, (listings,), places={"urban": np.array([0])})
    p = {**NET, "scans": 1, "watch_list": 1, "false_matches": 50_000_000, "sensitivity": 0.95}
    passers = np.arange(n)
    hits = {int(who): int(word) for who, word in zip(watched, rng.integers(0, ONE, len(watched)), strict=True)}
    batches = {"scan": hand.batch("", passers, word=rng.integers(0, ONE, n)), "listings": hand.each(listings)}
    made = hand.step("observe.camera_network", batches, cols, p, look=0, file=ONE - 1,
                     hit=np.array([hits[int(w)] for w in watched]))["alerts"]  # fmt: skip
    right = sum(r["fault"] == 0 for r in made)
    assert right / len(made) == pytest.approx(0.1610169492, abs=0.00605 * (1_000_000 / n) ** 0.5)


def test_a_wrong_stop_moves_trust_and_a_right_one_does_not(hand):
    rows = hand.batch("alerts", [1, 2, 3], stopped=[1, 1, 0], fault=[MISATTRIBUTED, 0, MISATTRIBUTED])
    made = hand.step("respond.stopped", rows, hand.cols({"place": np.zeros(4)}), {"moves": -0.5})
    assert [(r["subject"], r["weight"], r["channel"]) for r in made["trust_events"]] == [(1, -32_768, TRUST.code("wrongful"))]
    assert not hand.step("respond.stopped", rows, hand.cols({"place": np.zeros(4)}), {"moves": 0})
