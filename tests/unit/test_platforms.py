"""Platform scores: what a platform reads, concludes and shares; who joins, stays, regrets and shows the score."""

from __future__ import annotations

from decimal import Decimal as D
from types import SimpleNamespace

import numpy as np
import pytest

from scslab.engine import loop
from scslab.engine.access import NetworkView
from scslab.engine.declare import REGISTRY
from scslab.engine.digest import arm_digest
from scslab.mechanisms.catalogue import catalogue, load_all
from scslab.mechanisms.kinds import FAULT, MEASURE
from scslab.regime import combine, load_regime
from scslab.study.replicate import RegimeSchedule, labels_of, society_of
from scslab.world import build_world
from scslab.world.model import Network

load_all()
N = 12
SCORE = {
    "low": 350, "high": 950, "weights": {"history": D("0.35"), "capacity": D("0.25"), "behaviour": D("0.2"), "identity": D("0.15"), "relationships": D("0.05")},
    "new": D("0.5"), "full_after": 10, "marked": D("0.1"), "loyalty": 0, "alone": 0, "lists": ["court"], "listed": 100,
}  # fmt: skip
DATA = {"accuracy": 1, "taste": D("0.5"), "spends": D("0.5"), "noise": 0, "schooling": 1}
CHOICE = {"offers": 12, "online": 1, "hoped": 20, "proof": 0, "closes": 12, "privacy_low": 15, "privacy_high": 15, "leaves": 1}


def only(factor):
    return {**SCORE, "weights": {name: int(name == factor) for name in SCORE["weights"]}}


def members(hand, n, **columns):
    return hand.store("memberships", np.arange(n), **{"since": hand.month - 1, **columns})


def persons(n, **columns):
    plain = {"sex": 0, "conscientiousness": 100, "means": 30, "education": 4, "status": 1, "quintile": 2}
    return {name: np.broadcast_to(columns.get(name, value), n) for name, value in plain.items()}


def test_an_exact_proxy_is_the_person_and_taste_is_the_group(hand):
    held = members(hand, 2)
    cols = hand.cols(persons(2, conscientiousness=[10, 240]), (held,))
    exact = hand.step("observe.platform_data", hand.each(held), cols, DATA)["platform_data"]
    assert [row["behaviour"] for row in exact] == [10, 240]
    assert exact[0]["capacity"] == 30 and exact[0]["identity"] == 255 and exact[0]["loyalty"] == 127
    taste = hand.step("observe.platform_data", hand.each(held), cols, {**DATA, "accuracy": 0, "taste": {"female": D("0.25"), "male": 1}})
    assert [row["behaviour"] for row in taste["platform_data"]] == [63, 63]


def test_a_platform_misreads_by_no_more_than_its_noise_and_reads_once_a_year(hand):
    held = members(hand, 3, since=[hand.month - 1, hand.month - 2, hand.month - 13])
    cols = hand.cols(persons(3), (held,))
    words = dict.fromkeys(("capacity", "identity", "loyalty"), 0) | {"behaviour": 2**31 - 1}
    rows = hand.step("observe.platform_data", hand.each(held), cols, {**DATA, "noise": 20}, **words)["platform_data"]
    assert [row["subject"] for row in rows] == [0, 2]
    assert rows[0]["behaviour"] == 120 and rows[0]["capacity"] == 10


def score(hand, held, params, *stores, friends=None):
    cols = hand.cols({"place": np.zeros(4)}, (held, *(s for s in (*stores,)), *missing(hand, stores)))
    cols.networks = SimpleNamespace(friends=friends or no_friends(4))
    return {row["subject"]: row["score"] / 100 for row in hand.step("decide.platform_score", hand.each(held), cols, params).get("platform_scores", [])}


def missing(hand, stores):
    have = {s._store.spec.name for s in stores}
    return [hand.store(name) for name in ("platform_files", "listings", "tie_changes") if name not in have]


def no_friends(n):
    return ties_of({}, n)


def ties_of(friends, n):
    """A network of a few ties, as a mechanism sees it."""
    offsets = np.cumsum([0, *(len(friends.get(i, ())) for i in range(n))]).astype(np.int32)
    target = np.array([f for i in range(n) for f in friends.get(i, ())], np.int32)
    return NetworkView(Network("csr", offsets, target, np.zeros(len(target), np.uint8)))


def test_history_grows_with_membership_and_falls_with_a_bad_debt(hand):
    since = [hand.month - 4, hand.month - 10, hand.month - 90, hand.month - 90]
    held = members(hand, 4, since=since)
    bad = hand.store("platform_files", [3], until=hand.month + 5)
    found = score(hand, held, only("history"), bad)
    assert found == {0: 350 + 600 * 0.7, 1: 950, 2: 950, 3: 350 + 60}  # 0.5 + 0.5 x 4/10; full after ten months; a tenth


def test_five_factors_are_weighed_on_the_platforms_scale(hand):
    held = members(hand, 1, since=hand.month - 10, capacity=255, behaviour=0, identity=255)
    assert score(hand, held, SCORE) == {0: 800}  # 350 + 600 x (0.35 + 0.25 + 0.15)
    half = {name: value / 2 for name, value in SCORE["weights"].items()}
    assert score(hand, held, {**SCORE, "weights": half}) == {0: 800}


def test_loyalty_takes_the_place_of_behaviour(hand):
    held = members(hand, 1, since=hand.month - 10, behaviour=0, loyalty=255)
    assert score(hand, held, only("behaviour"))[0] == 350
    assert score(hand, held, {**only("behaviour"), "loyalty": D("0.5")})[0] == 650


def test_relationships_are_the_friends_mean_without_hidden_ties(hand):
    held = members(hand, 4, since=hand.month - 10, score=[0, 95_000, 35_000, 0])
    friends = ties_of({0: [1, 2, 3]}, 4)
    assert score(hand, held, only("relationships"), friends=friends)[0] == 650
    hidden = hand.store("tie_changes", [0], sub=2, other=2, state=4)
    assert score(hand, held, only("relationships"), hidden, friends=friends)[0] == 950


def test_an_unchanged_score_is_not_announced_and_the_first_month_has_none(hand):
    held = members(hand, 2, since=[hand.month - 1, hand.month - 10], score=[0, 95_000])
    assert score(hand, held, only("history")) == {}


def choose(hand, held, **changed):
    cols = hand.cols({"place": np.zeros(4)}, (held, hand.store("former_members")))
    cols.networks = SimpleNamespace(friends=no_friends(4))
    return hand.step("respond.platform_choice", {"memberships": hand.each(held)}, cols, {**CHOICE, **changed}, leave=0)


def test_who_stays_who_leaves_and_who_regrets(hand):
    """All four are members, so that 12 yuan close to outsiders; worth w of 30 keeps 12 w/30 of them."""
    held = members(hand, 4, worth=[0, 10, 20, 30], full=30, cost=15)
    found = choose(hand, held)
    assert [row["subject"] for row in found["platform_exits"]] == [0, 1]  # 0 - 15 + 0 and 10 - 15 + 4 are below zero
    assert [(row["subject"], row["regrets"]) for row in found["platform_moods"]] == [(0, 1), (1, 1)]  # 20 - 15 - 4 is above
    drawn_in = members(hand, 4, worth=10, full=30, cost=13)
    found = choose(hand, drawn_in)  # 10 - 13 + 4 > 0: they stay; 10 - 13 - 8 < 0: they regret
    assert "platform_exits" not in found and len(found["platform_moods"]) == 4


def test_where_nothing_closes_whoever_regrets_would_leave(hand):
    held = members(hand, 4, worth=[0, 10, 20, 30], full=30, cost=15)
    found = choose(hand, held, closes=0)
    assert [row["subject"] for row in found["platform_exits"]] == [row["subject"] for row in found["platform_moods"]]


def joined(drive, months=1, **changed):
    blocks = {"respond.platform_choice:star": {**CHOICE, **changed}, "respond.membership": {}}
    return drive(blocks).run(months)


def test_people_join_when_it_seems_to_pay(drive):
    assert 0 < len(joined(drive).of("platform_joins")) < N  # an occasion a month on average
    assert len(set(joined(drive, 24).of("platform_joins", "subject"))) == N
    assert not joined(drive, 24, hoped=14).of("platform_joins")
    assert not joined(drive, 24, offers=0).of("platform_joins")
    assert not joined(drive, 24, online=0).of("platform_joins")


def test_closing_doors_draw_in_who_would_stay_outside(drive):
    """Costs spread from 0 to 40; who hopes for 20 joins at once, the others once enough of the twelve are in."""
    spread = {"privacy_low": 0, "privacy_high": 40, "hoped": 20}
    perks = {"enforce.perks:star": {"thresholds": {"all.deposit_free": 1}, "worth": {"all.deposit_free": 40}}}
    few, many = (
        drive({"respond.platform_choice:star": {**CHOICE, **spread, "closes": closes}, "respond.membership": {}, **perks}).run(40)
        for closes in (0, 40)
    )
    first = {subject for _, subject in few.of("platform_joins", "subject")}
    second = {subject for _, subject in many.of("platform_joins", "subject")}
    assert first < second == set(range(N))


def test_showing_unravels_to_the_closed_form(hand):
    """Scores even from a to b, showing costs c: what stays hidden is below a + 2c."""
    low, cost = 40_000, 2_000
    held = members(hand, 401, score=low + 100 * np.arange(401), since=0)
    p = REGISTRY["respond.platform_display"].params
    assert p is not None
    for _ in range(40):
        cols = hand.cols({"place": np.zeros(401)}, (held,))
        rows = hand.step("respond.platform_display", hand.each(held), cols, {"modesty": cost // 100}).get("platform_displays", [])
        held.set(np.array([row["subject"] for row in rows], np.int64), shown=np.array([row["shown"] for row in rows], np.int64))
    hidden = held.score[held.shown == 0]
    assert not rows and abs(int(hidden.max()) - (low + 2 * cost)) <= 200


def test_perks_follow_thresholds_and_end_with_membership(hand):
    perks = {"thresholds": {"bike.deposit_free": 600, "lane.fast_lane": 700}, "worth": {"bike.deposit_free": 10, "lane.fast_lane": 5}}
    bike = 1 << MEASURE.code("deposit_free")
    both = bike | 1 << MEASURE.code("fast_lane")
    held = hand.store("burdens", [2, 3], mask=[both, both])
    cols = hand.cols({"place": np.zeros(4)}, (held,))
    scores, exits = hand.batch("platform_scores", [0, 1, 2], score=[59_900, 60_000, 70_000]), hand.batch("platform_exits", [3])
    found = hand.step("enforce.perks", {"platform_scores": scores, "platform_exits": exits}, cols, perks)
    assert [(row["subject"], row["mask"]) for row in found["impositions"]] == [(1, bike), (3, 0)]
    assert [(row["worth"], row["full"]) for row in found["platform_worth"]] == [(0, 15), (10, 15), (15, 15)]


@pytest.mark.parametrize("worth", [{"bike.deposit_free": 1, "more.fast_lane": 1}, {"bike.wings": 1}])
def test_perks_that_do_not_match_are_refused(worth):
    with pytest.raises(ValueError, match="perk"):
        REGISTRY["enforce.perks"].params.compile({"thresholds": {"bike.deposit_free": 600} if len(worth) > 1 else {"bike.wings": 1}, "worth": worth})


def marks(drive, shared=1, mismatch=0, sees=1, mislinked=0):
    blocks = {
        "observe.platform_marks:star": {"sees": sees, "mislinked": mislinked},
        "record.joint_bureau": {"platforms": ["star", "grade"], "shared": shared, "mismatch": mismatch},
        "record.platform_files": {"memory": 24},
        "respond.membership": {},
    }
    made = drive(blocks)
    made.put("platform_joins", [3, 4], list=5).run()
    return made.put("debts", [3, 9], "missed_payment").run()


def test_a_platform_learns_of_its_members_and_the_bureau_tells_the_others(drive):
    made = marks(drive)
    assert made.of("platform_marks", "subject", "list") == [(1, 3, 5)]
    assert made.of("shared_marks", "subject", "list") == [(1, 3, 6)]
    held = made.arm.stores["platform_files"].data
    assert (held["subject"].tolist(), (held["key"] & 0xFFFF).tolist(), held["until"].tolist()) == ([3, 3], [5, 6], [265, 265])
    assert not marks(drive, shared=0).of("shared_marks") and not marks(drive, sees=0).of("platform_marks")


def test_a_mismatch_lands_on_somebody_else_of_the_place_and_is_marked_so(drive):
    ((_, subject, actor, fault),) = marks(drive, mismatch=1).of("shared_marks", "subject", "true_actor", "fault")
    assert actor == 3 and fault == FAULT.code("mislinked") and subject != 3 and subject < N // 2
    ((_, subject, actor, fault),) = marks(drive, mislinked=1).of("platform_marks", "subject", "true_actor", "fault")
    assert actor == 3 and fault == FAULT.code("mislinked") and subject != 3


def test_a_platform_forgets(drive):
    made = marks(drive).run(36)
    assert not len(made.arm.stores["platform_files"].data["subject"])


def test_lenders_prefer_good_scores_and_distrust_those_without(hand):
    held = members(hand, 2, score=[60_000, 59_900])
    cols = hand.cols({"place": np.zeros(4)}, (held,))
    p = REGISTRY["outcome.platform_credit"].params.compile({"cut": 600, "accept": 1, "thin": 2, "below": D("0.5"), "outside": D("0.5")})
    step = REGISTRY["outcome.platform_credit"].step
    who = np.arange(4)
    assert (step("credit.thin", who, cols, p) / 2**16).tolist() == [2, 0.5, 0.75, 0.75]  # half of the four are members
    assert (step("credit.accept", who, cols, p) / 2**16).tolist() == [1, 0.5, 0.75, 0.75]
    everybody = REGISTRY["outcome.platform_credit"].params.compile({"cut": 0, "accept": 1, "thin": 2, "below": D("0.5"), "outside": D("0.5")})
    assert (step("credit.thin", who, cols, everybody) / 2**16).tolist() == [2, 2, 0.75, 0.75]  # no score is no good score


def test_the_recorder_counts_persons_errors_and_regret(drive):
    blocks = {"respond.membership": {}, "measure.platforms": {}}
    made = drive(blocks, persons__conscientiousness=np.full(N, 100, np.uint8), persons__sex=np.arange(N, dtype=np.uint8) % 2)
    made.put("platform_joins", [2, 3, 3], list=[5, 5, 6])
    made.run().put("platform_data", [2, 3], list=5, behaviour=[90, 130])
    made.put("platform_scores", [2, 3], list=5, score=[50_000, 60_000]).put("platform_moods", [3], list=5, regrets=1).run()
    counted = {name: made.count(name)[-1] for name in ("platform_members", "platform_seats", "platform_regretters", "proxy_error", "proxy_abs_error")}
    assert counted == {"platform_members": 2, "platform_seats": 3, "platform_regretters": 1, "proxy_error": 20, "proxy_abs_error": 40}
    assert made.count("proxy_error.female")[-1] == -10 and made.count("proxy_error.male")[-1] == 30
    assert made.count("hidden_misread_points")[-1] == 50  # the mean of the hidden is 550


TOGETHER = ("court-list", "sesame", "tencent-score", "third-platform", "platforms-joint", "ties-follow-scores", "dating-boost", "credit-score", "nosedive")


def test_all_together_run_and_do_not_depend_on_threads(monkeypatch):
    monkeypatch.setattr(loop, "THREAD_ROWS", 0)
    regime, start, digests = combine([load_regime(name, catalogue()) for name in TOGETHER], catalogue()), 222, set()
    world = build_world("county", 1500, 1, start_month=start)
    for threads in (1, 3):
        society = society_of(world, 1, labels_of([regime]), threads, start, span_people=0)
        simulation = loop.Simulation(society, start, 8, threads)
        arm = simulation.add("a", RegimeSchedule(regime))
        simulation.run(start + 8)
        simulation.close()
        digests.add(arm_digest(arm))
        assert all(len(arm.stores[name]) for name in ("memberships", "tie_changes", "credit_scores"))
    assert len(digests) == 1
