"""Points: hours with diminishing returns, awards, strikes and their closed forms, tokens, the market for points, the census of scores."""

from __future__ import annotations

from decimal import Decimal as D
from types import SimpleNamespace

import numpy as np
import pytest

from scslab.base.luck import ONE
from scslab.base.parameters import FACTOR_ONE
from scslab.engine.declare import REGISTRY
from scslab.engine.loop import Simulation
from scslab.engine.plan import Block
from scslab.measure.moves import moves
from scslab.measure.outcomes import outcome
from scslab.mechanisms.catalogue import catalogue, load_all
from scslab.mechanisms.decide import hours as hours_module
from scslab.mechanisms.decide.strikes import is_dead
from scslab.mechanisms.kinds import CATALOGUE, FAULT, GROUND, KIND
from scslab.mechanisms.scores import deviation, stored_form
from scslab.regime import load_regime
from scslab.study.replicate import society_of
from scslab.study.unseen import seen_kinds, without_unseen
from scslab.world import build_world

load_all()
WEIHAI = {
    "kinds": ["volunteering"], "tiers": {"first": 0, "second": 20, "third": 80, "fourth": 200}, "most": 1000, "period": 12, "valid": None,
    "hours_per_point": {"first": 1, "second": 2, "third": 3, "fourth": 4},
}  # fmt: skip
LOCAL = {"admission": {"others": 1}, "delay": 0, "retention": None}
STRIKES = {"kinds": ["jaywalking"], "strikes": 3, "window": 6, "term": 12, "age_min": 18}


# ------------------------------------------------------------------ hours


@pytest.mark.parametrize(("given", "points"), [(0, 0), (20, 20), (41, 30.5), (80, 50), (83, 51), (200, 90), (204, 91), (280, 110)])
def test_points_of_hours_by_the_published_schedule(given, points):
    p = hours_module.Params.compile(WEIHAI)
    assert hours_module.points_of(np.array([given]), p)[0] == points * 100


@pytest.mark.parametrize("recovery", [0, 1, 30])
def test_scores_below_the_start_recover_up_to_it_and_no_further(recovery):
    values = np.array([-200, -150, -149, -121, -1, 0, 1, 500])
    for month in (0, 1, 5):
        assert deviation(stored_form(values, month, recovery), month, recovery).tolist() == values.tolist()
        later = [v if v >= 0 else min(0, v + 5 * recovery) for v in values.tolist()]
        assert deviation(stored_form(values, month, recovery), month + 5, recovery).tolist() == later


def test_pieces_of_any_size_bring_what_the_whole_brings():
    p = hours_module.Params.compile(WEIHAI)
    pieces = np.random.default_rng(1).integers(1, 9, 80)
    done = np.concatenate([[0], np.cumsum(pieces)])
    steps = np.diff(hours_module.points_of(done, p))
    assert steps.sum() == hours_module.points_of(done[-1:], p)[0] and (np.diff(steps / pieces) <= 100).all() and (steps > 0).all()


def test_whole_points_come_when_their_hours_are_complete():
    p = hours_module.Params.compile({**WEIHAI, "whole": True})
    assert hours_module.points_of(np.array([19, 21, 22, 82, 83]), p).tolist() == [1900, 2000, 2100, 5000, 5100]


def test_hours_of_a_new_period_count_anew_and_points_lapse(drive):
    sim = drive({"decide.hours": {**WEIHAI, "valid": 3}, "decide.ledger": LEDGER})
    sim.put("records", [1, 1], "volunteering", amount=[20, 20]).run()
    assert [(who, points) for _, who, points in sim.of("awards", "subject", "points") if points > 0] == [(1, 2000), (1, 1000)]
    assert sim.arm.columns["persons.score"][1] == 3000
    sim.run(11)
    assert sim.arm.columns["persons.score"][1] == 0, "after three months the points lapsed"
    sim.put("records", [1], "volunteering", amount=20).run()
    assert sim.arm.columns["persons.score"][1] == 2000, "in a new year the first hours bring a point each again"


@pytest.mark.parametrize(
    ("change", "word"),
    [({"tiers": {"first": 5}, "hours_per_point": {"first": 1}}, "begin at 0"), ({"hours_per_point": {"a": 1}}, "not those of tiers"),
     ({"tiers": {"first": 0}, "hours_per_point": {"first": 0}}, "at least 1 hour")],
)  # fmt: skip
def test_schedules_that_make_no_sense_are_refused(change, word):
    with pytest.raises(ValueError, match=word):
        hours_module.Params.compile({**WEIHAI, **change})


LEDGER = {
    "start": 1000, "floor": 0, "cap": 1300, "per_record": {"littering": -10}, "recovery": 0, "grades": {"C": 0, "B": 950, "A": 960, "AA": 1030},
    "override_months": None, "enrolled_only": False,
}  # fmt: skip


def test_an_award_is_posted_and_graded_and_the_sound_ledger_leaves_out_a_bought_one(drive):
    sim = drive({"decide.ledger": LEDGER, "measure.sound_ledger": LEDGER})
    sim.put("awards", [2, 3], "volunteering", points=[4000, 4000], fault=[0, FAULT.code("fabricated")]).run()
    assert sim.of("postings", "subject", "points") == [(0, 2, 4000), (0, 3, 4000)]
    assert [row[1:] for row in sim.of("grades", "subject", "grade")] == [(2, 3), (3, 3)]
    assert sim.arm.columns["persons.score"][[2, 3]].tolist() == [4000, 4000]
    assert sim.arm.columns["persons.sound_score"][[2, 3]].tolist() == [4000, 0]


def test_an_order_sets_the_score_as_of_last_month_and_recovery_goes_on(drive):
    sim = drive({"decide.ledger": {**LEDGER, "recovery": 2}, "measure.sound_ledger": {**LEDGER, "recovery": 2}})
    sim.put("score_orders", [2, 3], "littering", points=[90_000, 105_000]).run()
    for name in ("score", "sound_score"):
        assert deviation(sim.arm.columns[f"persons.{name}"][[2, 3]], sim.simulation.month - 1, 200).tolist() == [-9_800, 5_000]


# ------------------------------------------------------------------ strikes


@pytest.mark.parametrize(
    ("reset", "months", "dead"),
    [("never", [0, 5], [False, False]), ("rolling", [4, 5], [True, False]), ("quiet", [0, 5], [False, False]), ("quiet", [0, 4], [True, True]),
     ("cycle", [5, 6], [True, False])],
)  # fmt: skip
def test_when_strikes_are_forgotten(reset, months, dead):
    """Looked at in month 10 with a window of 6: the cycle of month 10 is 6..11."""
    p = SimpleNamespace(reset=reset, window=6)
    assert is_dead(np.array(months), np.array([1, 1]), 10, p).tolist() == dead


@pytest.mark.parametrize(
    ("reset", "gaps", "listed"),
    [("never", (0, 20, 20), True), ("rolling", (0, 2, 2), True), ("rolling", (0, 3, 3), False), ("quiet", (0, 5, 5), True),
     ("quiet", (0, 6, 0), False), ("cycle", (0, 1, 1), True), ("cycle", (4, 1, 1), False)],
)  # fmt: skip
def test_three_strikes_list_by_the_way_they_are_forgotten(drive, reset, gaps, listed):
    """Strikes come after `gaps` months; month 0 of the drive begins a cycle of six."""
    sim = drive({"decide.strikes:court": {**STRIKES, "reset": reset}, "review.register": {}})
    for gap in gaps:
        if gap:
            sim.run(gap)
        sim.put("records", [4], "jaywalking")
    sim.run()
    assert (sim.listed() == [4]) is listed


def test_a_listing_uses_up_its_strikes_and_says_which_they_were(drive):
    sim = drive({"decide.strikes:court": {**STRIKES, "reset": "never"}, "review.register": {}, "measure.strikes": {}})
    sim.put("records", [4, 5], "jaywalking", fault=FAULT.code("fabricated")).run()
    sim.put("records", [4, 4, 5], "jaywalking", fault=[0, 0, FAULT.code("fabricated")]).run()
    assert sim.listed() == [4]
    assert [row[1:] for row in sim.of("strikes_counted", "subject", "needed", "fault")] == [(4, 3, 0), (4, 3, 0), (4, 3, 1)]
    sim.put("records", [5], "jaywalking", fault=FAULT.code("fabricated")).run()
    counted = {name: int(array.sum()) for name, array in sim.arm.tallies.items()}
    assert counted == {"strike_listings": 2, "strike_listings_wrong": 2, "strike_listings_innocent": 1, "first_struck_innocent": 1}
    assert len(sim.arm.stores["strikes"]) == 0


def test_so_many_strikes_list_as_rows_can_tell(drive):
    with pytest.raises(ValueError, match="256 is out of range: a count lies in 0 to 255"):
        REGISTRY["decide.strikes"].params.compile({**STRIKES, "reset": "never", "strikes": 256})
    sim = drive({"decide.strikes:court": {**STRIKES, "reset": "never", "strikes": 255}, "review.register": {}})
    sim.put("records", [4] * 200, "jaywalking").run()
    sim.put("records", [4] * 55, "jaywalking").run()
    assert sim.listed() == [4] and {row[1:] for row in sim.of("strikes_counted", "subject", "needed")} == {(4, 255)}


def test_a_deleted_record_takes_its_strike_along(drive):
    sim = drive({"decide.strikes:court": {**STRIKES, "reset": "never"}, "review.register": {}})
    sim.put("records", [4], "jaywalking").run()
    sim.put("records", [4], "jaywalking").put("record_ends", [4], "jaywalking", ground=GROUND.code("corrected")).run()
    assert sim.arm.stores["strikes"].data["month"].tolist() == [241], "the one deleted was the only one held when the order came"
    sim.put("records", [4], "jaywalking").run()
    assert sim.listed() == []


def test_strikes_during_a_listing_wait_for_the_next_one(drive):
    sim = drive({"decide.strikes:court": {**STRIKES, "reset": "never"}, "review.register": {}})
    sim.put("records", [4, 4, 4], "jaywalking").run()
    sim.put("records", [4, 4, 4], "jaywalking").run()
    assert [row[0] for row in sim.of("listings", "subject")] == [0]
    sim.run(12)
    sim.put("records", [4], "jaywalking").run()
    assert [row[0] for row in sim.of("listings", "subject")] == [0, 14]


def captured(people: int, rounds: int, chance: D, reset: str, window: int | None, seed: int = 1) -> float:
    """Give the share of law-abiding persons listed by five false captures within some rounds, through the ordinary mechanisms."""
    world = build_world("ring", people, seed)
    plain = {
        "observe.false_capture": {"chance": chance, "coverage": 1, "named_as": "jaywalking"},
        "record.local": LOCAL,
        "decide.strikes:list": {"kinds": ["jaywalking"], "strikes": 5, "window": window, "reset": reset, "term": None, "age_min": 18},
        "review.register": {},
        "measure.strikes": {},
    }
    known = {name: name.partition(":")[0] for name in plain}
    compiled = {n: REGISTRY[known[n]].params.compile(v) if REGISTRY[known[n]].params else None for n, v in plain.items()}
    blocks = {name: Block(known[name], params) for name, params in compiled.items()}
    simulation = Simulation(society_of(world, seed, {"list": 1}, 1, 240), 240, rounds)
    arm = simulation.add("a", SimpleNamespace(at=lambda month: blocks, change_months=lambda a, b: set()))
    simulation.run(240 + rounds)
    return int(arm.tallies.get("first_struck_innocent", np.zeros(1, np.int64)).sum()) / people


def listed_by_rolling(rounds: int, q: float, window: int, strikes: int) -> float:
    """Compute the chance of so many captures within a rolling window, from every pattern of the last captures."""
    patterns, listed = {(): 1.0}, 0.0
    for _ in range(rounds):
        new: dict[tuple[int, ...], float] = {}
        for ages, chance in patterns.items():
            older = tuple(age + 1 for age in ages if age + 1 < window)
            new[older] = new.get(older, 0) + chance * (1 - q)
            if len(older) + 1 >= strikes:
                listed += chance * q
            else:
                new[(0, *older)] = new.get((0, *older), 0) + chance * q
        patterns = new
    return listed


def binomial_tail(n: int, q: float, least: int) -> float:
    from math import comb

    return 1 - sum(comb(n, k) * q**k * (1 - q) ** (n - k) for k in range(least))


@pytest.mark.slow
def test_five_false_captures_a_year_without_expiry():
    """Closed form CF03a: P(Bin(365, .005) >= 5) = .03783593628, a round a day."""
    people = 200_000
    expected = binomial_tail(365, 0.005, 5)
    assert expected == pytest.approx(0.03783593628, abs=1e-10)
    assert captured(people, 365, D("0.005"), "never", None) == pytest.approx(expected, abs=0.00171)


@pytest.mark.parametrize(("reset", "window"), [("never", None), ("rolling", 12), ("cycle", 12)])
def test_innocent_persons_listed_with_and_without_reset(reset, window):
    people, rounds, q = 40_000, 36, 0.08
    expected = {
        "never": binomial_tail(rounds, q, 5), "rolling": listed_by_rolling(rounds, q, 12, 5), "cycle": 1 - (1 - binomial_tail(12, q, 5)) ** 3,
    }[reset]  # fmt: skip
    tolerance = 4 * (expected * (1 - expected) / people) ** 0.5
    assert captured(people, rounds, D("0.08"), reset, window) == pytest.approx(expected, abs=tolerance)


def test_zero_chance_captures_nobody():
    assert captured(2000, 12, D(0), "never", None) == 0


# ------------------------------------------------------------------ tokens

YANJI = {"per_record": {"blood_donation": 200, "litter_collected": 10}, "model": 450}
ACCOUNTS = {"kinds": ["blood_donation", "litter_collected"], "joins": 1, "age_min": 18}
GOODS = {"costs": {"haircut": 150, "cleaning": 500}, "wants": {"haircut": 1, "cleaning": 1}}


def test_deeds_bring_tokens_tokens_buy_goods_and_high_earners_are_praised(drive):
    sim = drive({"record.accounts": ACCOUNTS, "decide.token_bank:star": YANJI, "respond.redeeming": GOODS, "review.register": {}, "measure.tokens": {}})
    sim.put("records", [3, 3, 5], "blood_donation").run()
    held = sim.arm.stores["tokens"].data
    assert held["balance"].tolist() == [40_000, 20_000] and held["earned"].tolist() == [40_000, 20_000]
    assert [row[1:] for row in sim.of("redemptions", "subject", "points")] == [(3, 15_000), (5, 15_000)], "a haircut each; the cleaning is too dear"
    sim.put("records", [3], "litter_collected").run()
    held = sim.arm.stores["tokens"].data
    assert held["balance"].tolist() == [26_000, 5_000] and held["earned"].tolist() == [41_000, 20_000]
    sim.put("records", [3], "blood_donation").run()
    assert sim.listed("star") == [3] and sim.of("listings", "subject", "kind", "until") == [(2, 3, 0, 32767)]
    assert int(sim.arm.tallies["goods_taken"].sum()) == len(sim.rows["redemptions"])
    assert sim.arm.stores["tokens"].data["balance"].min() >= 0


def test_the_smallest_part_of_a_token_counts(drive):
    sim = drive({"record.accounts": ACCOUNTS, "decide.token_bank:star": {"per_record": {"blood_donation": 0.01, "litter_collected": 0}, "model": 450}})
    sim.put("records", [3], "blood_donation").put("records", [5], "litter_collected").run()
    held = sim.arm.stores["tokens"].data
    assert held["subject"].tolist() == [3] and held["earned"].tolist() == [1]


def test_who_wants_no_account_gets_no_tokens(drive):
    sim = drive({"record.accounts": {**ACCOUNTS, "joins": 0}, "decide.token_bank:star": YANJI})
    sim.put("records", [3], "blood_donation").run()
    assert len(sim.arm.stores["account_holders"]) == len(sim.arm.stores["tokens"]) == 0


# ------------------------------------------------------------------ the market for points

MARKET = {
    "wanted": 30, "recovery": 0, "purse": D("0.0625"), "valid": 24, "offers": 12, "buys": 1, "bought": 20, "price": 125, "found": 0, "delay": 6,
}  # fmt: skip


def test_who_wants_points_and_can_pay_buys_them(hand):
    """Five persons with an offer: a buyer, one who does not know, one who stands high, one too poor, a minor."""
    person = {
        "aware": [3, 0, 3, 3, 3], "income": [40_000, 40_000, 40_000, 39_999, 40_000],
        "birth_month": [hand.month - 480] * 4 + [hand.month - 200],
    }  # fmt: skip
    columns = hand.cols(person)
    columns.persons.__dict__["score"] = np.array([0, 0, 3001, 0, 0], np.int32)
    made = hand.step("respond.score_market", hand.batch("", range(5)), columns, MARKET, buy=0, find=ONE - 1)
    assert [(row["subject"], row["points"], row["due"] - hand.month) for row in made["awards"]] == [(0, 2000, 1), (0, -2000, 25)]
    assert {row["fault"] for row in made["awards"]} == {FAULT.code("fabricated")}
    assert [(row["subject"], row["amount"], row["paid_to"]) for row in made["purchases"]] == [(0, 2500, -1)]
    found = hand.step("respond.score_market", hand.batch("", range(5)), columns, {**MARKET, "found": 1}, buy=0, find=0)
    assert [row["due"] - hand.month for row in found["awards"]] == [1, 7], "found out after six months"
    assert hand.step("respond.score_market", hand.batch("", range(5)), columns, {**MARKET, "buys": 0}, buy=0, find=0) == {}


def test_volunteering_by_proxy_names_the_buyer_and_keeps_who_worked(drive):
    given = {"wanted": 30, "recovery": 0, "purse": 1, "offers": 1200, "buys": 1, "hours": 8, "wage": 40}
    sim = drive({"respond.paid_volunteering": given}, persons__aware=np.full(12, 3, np.uint8), persons__income=np.full(12, 50_000, np.int32))
    sim.run()
    rows = sim.rows["observations"]
    assert rows and all(row.true_actor != row.subject and row.true_actor // 6 == row.subject // 6 for row in rows)
    assert {(KIND.names[row.kind], row.amount, FAULT.names[row.fault]) for row in rows} == {("volunteering", 8, "misattributed")}
    assert {row.amount for row in sim.rows["purchases"]} == {320}


def test_cheap_deeds_tire_with_the_hours_counted(hand):
    p = REGISTRY["respond.cheap_deeds"].params.compile(
        {"kinds": ["volunteering"], "wanted": 30, "recovery": 0, "more": 3, "halved": 40}
    )  # fmt: skip
    columns = hand.cols({"aware": [3, 3, 0]}, stores=(hand.store("hours_counted", [1], hours=40), hand.store("account_holders", [2])))
    columns.persons.__dict__["score"] = np.zeros(3, np.int32)
    step = REGISTRY["respond.cheap_deeds"].step
    who = np.arange(3)
    assert step("conduct.volunteering", who, columns, p).tolist() == [3 * FACTOR_ONE, 2 * FACTOR_ONE, FACTOR_ONE]
    assert step("conduct.donation", who, columns, p) is None
    holders = REGISTRY["respond.cheap_deeds"].params.compile(
        {"kinds": ["volunteering"], "wanted": 0, "recovery": 0, "more": 3, "halved": 40, "whom": "holders"}
    )
    assert step("conduct.volunteering", who, columns, holders).tolist() == [FACTOR_ONE, FACTOR_ONE, 3 * FACTOR_ONE]


# ------------------------------------------------------------------ the census


def test_the_census_counts_grades_moves_and_an_exact_covariance(drive):
    score = np.array([0, -5000, 4000, -1000, 0, 0, 0, 0, 0, 0, 0, 0], np.int32)
    means = (np.arange(12) * 20).astype(np.uint8)
    sim = drive({"decide.ledger": LEDGER, "measure.score_census": LEDGER}, persons__means=means)
    sim.arm.columns["persons.score"][:] = score
    sim.run()
    sim.arm.columns["persons.score"][1] = 4000
    sim.run(12)
    total = {name: array.sum(axis=1) for name, array in sim.arm.tallies.items()}
    assert total["score_people"][[0, 12]].tolist() == [12, 12]
    assert (total["grade.B"][0], total["grade.AA"][0], total["grade.A"][0], total["grade_start"][0]) == (1, 1, 10, 10)
    assert total["moves.B.AA"][12] == total["moved.low.high"][12] == 1 and total["moves.A.A"][12] == total["moved.usual.usual"][12] == 10
    first = {name: array[0] for name, array in total.items()}
    sums = {name: np.array([first[name]]) for name in outcome("score_means").numerator}
    assert outcome("score_means").formula(sums, np.array([12])) == pytest.approx(np.corrcoef(score, means)[0, 1], abs=1e-12)
    adult = np.zeros(240, np.int64)
    adult[100] = 1
    found = moves([{name: array * adult for name, array in sim.arm.tallies.items()}], "all", ("AA", "A", "B"))
    assert [(row["from"], row["to"], row["persons"]) for row in found] == [("AA", "AA", 1), ("A", "A", 10), ("B", "AA", 1)]


def test_losses_and_gains_are_counted_by_what_caused_them(drive):
    sim = drive({"decide.ledger": {**LEDGER, "per_record": {"littering": -10, "donation": 5}}, "measure.points": {}})
    sim.put("records", [1, 2], "littering").put("records", [3], "donation").run()
    sim.put("record_ends", [1], "littering").put("record_ends", [3], "donation").put("awards", [4, 5], "volunteering", points=[300, -300]).run()
    counted = {name: int(array.sum()) for name, array in sim.arm.tallies.items()}
    assert (counted["losses"], counted["gains_posted"], counted["points_lost"], counted["points_gained"]) == (2, 2, 2000, 800)
    assert counted["losses.littering"] == 2 and counted["gains_posted.volunteering"] == 1


# ------------------------------------------------------------------ the shared catalogue of conduct


def test_conduct_of_the_catalogue_stays_where_some_sensor_of_some_arm_looks():
    law, suzhou, weihai = (load_regime(name, catalogue()) for name in ("ordinary-law", "suzhou-2018", "weihai-2018"))
    assert not seen_kinds([law]) and {"gaming", "fare_evasion"} <= seen_kinds([law, suzhou]) <= set(CATALOGUE)
    alone = without_unseen([law])[0]
    assert not {"conduct.games", "conduct.town", "conduct.home", "conduct.kindness"} & alone.clauses.keys() and "conduct.walking" in alone.clauses
    beside, mine = without_unseen([law, suzhou])
    assert {"conduct.games", "conduct.town"} <= beside.clauses.keys() & mine.clauses.keys(), "people do the same in both worlds"
    assert "conduct.games" not in without_unseen([law, weihai])[0].clauses


@pytest.mark.parametrize("name", ["conduct.town", "conduct.home", "conduct.games", "conduct.kindness"])
def test_catalogue_conduct_needs_living_people_of_age(hand, name):
    kinds = [trigger.kind for trigger in REGISTRY[name].on]
    born = [hand.month - 480, hand.month - 100, hand.month - 480]
    dead = [32767, 32767, hand.month - 1]
    columns = hand.cols({"birth_month": born, "death_month": dead, "prosociality": [255] * 3, "status": [2] * 3})
    given = {kind: hand.batch("", range(3), kind=KIND.code(kind)) for kind in kinds}
    acts = hand.step(name, given, columns, load_regime("society", catalogue()).at(216)[name].params, act=0)["acts"]
    assert {row["subject"] for row in acts} == {0} and len(acts) >= len(kinds) - 1
