"""Reports by neighbours: witnesses, grudges, corroboration, rewards, mistrust; each against a small hand calculation, and closed form CF28a."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.mechanisms.kinds import FAULT, KIND, TRUST
from scslab.mechanisms.tables_reports import MOTIVE
from scslab.mechanisms.ties import CHANGE

WORSHIP, FRAUD = KIND.codes(("worship", "benefit_fraud"))
SOUND, MISATTRIBUTED, GRUDGE = FAULT.codes(("sound", "misattributed", "grudge"))
WATCH = {"kinds": ["worship", "benefit_fraud"], "witnesses": 5, "tells": 1, "friend_tells": 0, "pull": 1, "mistakes": 0}
LINE = {"needed": 1, "window": 6, "look_drops_wrong": 0, "look_drops_right": 0, "reward": 500, "slander": 0, "fine": 100}
ILL = {"grudges": 100, "reports": 1, "pull": 1, "kinds": ["worship"]}


def told(drive, months=1, acts=((3, "worship"),), **changed):
    run = drive({"observe.witnesses": {**WATCH, **changed}})
    for who, kind in acts:
        run.put("acts", who, kind, cause=1)
    return run.run(months).of("tips", "subject", "reporter", "fault", "true_actor", "cause", "motive")


def test_every_neighbour_who_tells_names_the_one_who_acted(drive):
    found = told(drive)
    assert len(found) == 5 and all((s, f, a, c, m) == (3, SOUND, 3, 1, MOTIVE.code("witness")) for _, s, _, f, a, c, m in found)
    assert all(r != 3 and r < 6 for _, _, r, *_ in found)  # of the same place
    assert not told(drive, tells=0) and not told(drive, witnesses=0) and not told(drive, acts=((3, "donation"),))


def test_a_mistake_names_another_person_of_the_place(drive):
    for _, subject, reporter, fault, actor, *_ in told(drive, mistakes=1):
        assert fault == MISATTRIBUTED and actor == 3 and subject not in (3, reporter) and subject < 6


def test_friends_tell_and_a_reward_brings_more(drive):
    ties = [(3, 4, "sibling"), (4, 3, "sibling")]
    run = drive({"observe.witnesses": {**WATCH, "tells": 0, "friend_tells": 0.5, "pull": 2}}, ties)
    assert run.put("acts", 3, "worship").run().of("tips", "subject", "reporter") == [(0, 3, 4)]
    run = drive({"observe.witnesses": {**WATCH, "tells": 0, "friend_tells": 0.5, "pull": 0}}, ties)
    assert not run.put("acts", 3, "worship").run().of("tips")


def test_a_grudge_accuses_somebody_of_the_place_of_nothing(drive):
    found = drive({"observe.grudges": ILL}).run(2).of("tips", "subject", "reporter", "fault", "kind")
    assert found and all(a != b and a // 6 == b // 6 and f == GRUDGE and k == WORSHIP for _, a, b, f, k in found)
    assert not drive({"observe.grudges": {**ILL, "reports": 0}}).run(2).of("tips")
    assert not drive({"observe.grudges": {**ILL, "kinds": []}}).run(2).of("tips")


def office(hand, tips, waiting=(), month=0, words=0, **changed):
    """One month of the office; tips are (subject, reporter, kind, fault)."""
    month = month or hand.month
    columns = dict(zip(("reporter", "kind", "fault"), zip(*[t[1:] for t in tips], strict=True), strict=True)) if tips else {}
    rows = hand.batch("tips", [t[0] for t in tips], true_actor=[t[0] for t in tips], **columns)
    held = {"reporter": [w[1] for w in waiting], "kind": [w[2] for w in waiting], "fault": [w[3] for w in waiting], "month": [w[4] for w in waiting]}
    store = hand.store("tips_waiting", [w[0] for w in waiting], [w[1] for w in waiting], true_actor=[w[0] for w in waiting], **held)
    cols = hand.cols({"place": np.zeros(9)}, (store,), month=month)
    made = hand.step("observe.tip_line", {"tips": rows, "tips_waiting": hand.each(store)}, cols, {**LINE, **changed}, look=words, charge=words)
    store._store.apply()
    return made, sorted(zip(store.subject.tolist(), store.reporter.tolist(), strict=True))


def test_one_report_is_a_case_and_the_first_reporter_is_paid(hand):
    made, left = office(hand, [(1, 5, WORSHIP, SOUND), (1, 6, WORSHIP, SOUND), (2, 5, FRAUD, GRUDGE)])
    assert [(r["subject"], r["kind"], r["fault"]) for r in made["observations"]] == [(1, WORSHIP, SOUND), (2, FRAUD, GRUDGE)]
    assert [(r["subject"], r["reporter"], r["first"], r["reward"]) for r in made["upheld_tips"]] == [(1, 5, 1, 500), (1, 6, 0, 0), (2, 5, 1, 500)]
    assert not left


def test_two_are_needed_different_ones_about_the_same_act_within_the_window(hand):
    tip = (1, 5, WORSHIP, SOUND)
    made, left = office(hand, [tip], needed=2)
    assert not made.get("observations") and left == [(1, 5)]
    late, soon = (1, 6, WORSHIP, SOUND, hand.month - 6), (1, 6, WORSHIP, SOUND, hand.month - 5)
    assert not office(hand, [tip], [late], needed=2)[0].get("observations")
    made, left = office(hand, [tip], [soon], needed=2)
    assert len(made["observations"]) == 1 and not left
    assert [(r["reporter"], r["first"]) for r in made["upheld_tips"]] == [(6, 1), (5, 0)]
    for other in ((1, 5, WORSHIP, SOUND, hand.month - 1), (1, 6, FRAUD, SOUND, hand.month - 1), (2, 6, WORSHIP, SOUND, hand.month - 1)):
        assert not office(hand, [tip], [other], needed=2)[0].get("observations")


def test_a_case_with_one_sound_report_is_sound(hand):
    made, _ = office(hand, [(1, 5, WORSHIP, GRUDGE), (1, 6, WORSHIP, SOUND)], needed=2)
    assert [r["fault"] for r in made["observations"]] == [SOUND]


def test_a_look_drops_cases_and_liars_are_fined(hand):
    tips = [(1, 5, WORSHIP, SOUND), (2, 6, FRAUD, GRUDGE)]
    made, _ = office(hand, tips, look_drops_wrong=1, slander=1)
    assert [r["subject"] for r in made["observations"]] == [1]
    assert [(r["subject"], r["amount"], KIND.names[r["kind"]]) for r in made["penalties"]] == [(6, 100, "false_claim")]
    made, _ = office(hand, tips, look_drops_right=1)
    assert [r["subject"] for r in made["observations"]] == [2] and not made.get("penalties")


def test_precision_of_single_reports_follows_the_base_rate(hand):
    """CF28a: 20 neighbours, 5 % violators, true reports .15, false ones .01: 21.7 percent of the persons flagged have done it."""
    rng, people = np.random.default_rng(4), 40_000
    guilty = rng.random(people) < 0.05
    said = rng.random((people, 20)) < np.where(guilty, 0.15, 0.01)[:, None]
    who, reporter = np.nonzero(said)
    tips = [(int(a), people + int(b), WORSHIP, SOUND if guilty[a] else GRUDGE) for a, b in zip(who, reporter, strict=True)]
    made, _ = office(hand, tips)
    flagged = np.array([r["subject"] for r in made["observations"]])
    true, false = 1 - 0.85**20, 1 - 0.99**20
    assert guilty[flagged].mean() == pytest.approx(0.05 * true / (0.05 * true + 0.95 * false), abs=0.0111 * (100_000 / people) ** 0.5)
    assert len(flagged) == len(set(flagged.tolist()))
    assert 0.05 * true / (0.05 * true + 0.95 * false) == pytest.approx(0.2174256022)


def test_those_reported_and_their_friends_trust_less_and_a_friend_found_out_is_dropped(drive):
    ties = [(1, 2, "sibling"), (2, 1, "sibling")]
    run = drive({"respond.mistrust": {"reported": -1, "heard": -0.5, "found_out": 1}}, ties)
    run.put("upheld_tips", [1, 1], "worship", reporter=[2, 3], first=[1, 0]).run()
    assert run.of("trust_events", "subject", "channel", "weight") == [(0, 1, TRUST.code("denounced"), -65_536), (0, 2, TRUST.code("suspicion"), -32_768)]
    assert run.of("tie_orders", "subject", "other", "change") == [(0, 1, 2, CHANGE.code("cut"))]
    quiet = drive({"respond.mistrust": {"reported": 0, "heard": 0, "found_out": 0}}, ties).put("upheld_tips", [1], "worship", reporter=2, first=1).run()
    assert not quiet.of("trust_events") and not quiet.of("tie_orders")


def test_reports_are_counted_once_a_case(drive):
    run = drive({"respond.mistrust": {"reported": 0, "heard": 0, "found_out": 0}, "measure.tips": {}})
    run.put("upheld_tips", [1, 1, 2], "worship", reporter=[2, 3, 3], first=[1, 0, 1], reward=[500, 0, 500], fault=[0, 0, GRUDGE]).run()
    assert [run.count(n) for n in ("cases_upheld", "cases_true", "cases_false", "cases_protected", "rewards_false_yuan")] == [[2], [1], [1], [2], [500]]
