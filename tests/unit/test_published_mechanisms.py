"""Mechanisms of published models, against hand calculations: urns, limited units, ladders of scores, gaming, statistical employers, contagion."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from scslab.base import luck
from scslab.base.luck import ONE
from scslab.base.parameters import FACTOR_ONE
from scslab.mechanisms.counts import below_rate, chunk_table, mixture_table, normal
from scslab.mechanisms.observe.patrols import patrols
from scslab.mechanisms.observe.units import MOST_UNITS, estimates, greedy, tails
from scslab.study.verify import scenario

pytestmark = pytest.mark.small_world
EVEN = (np.arange(20_000) * (ONE // 20_000)).astype(np.uint32)
SITES = ("first", "second", "third")

# ------------------------------------------------------------------ numbers drawn in integers


@pytest.mark.parametrize("rate", [0.001, 0.5, 3.25, 3.999])
def test_poisson_numbers_follow_their_law(rate):
    rate = round(rate * FACTOR_ONE) / FACTOR_ONE
    cut = (stats.poisson.cdf(np.arange(12), rate) * ONE).astype(np.int64)
    cut = cut[cut < ONE - 1000]
    for side in (-200, 200):  # a word just below a chance, or just above it: 1e-7 apart
        found = below_rate((cut + side).astype(np.uint32), np.full(len(cut), round(rate * FACTOR_ONE)))
        assert found.tolist() == [k + (side > 0) for k in range(len(cut))]
    assert abs(below_rate(EVEN, np.full(len(EVEN), round(rate * FACTOR_ONE))).mean() - rate) < 0.01


def test_a_piece_of_four_and_a_gamma_mixture_are_exact():
    assert np.abs(chunk_table() - stats.poisson.cdf(np.arange(len(chunk_table())), 4) * ONE).max() < 2
    table = mixture_table(round(1.2 * FACTOR_ONE), 14 * FACTOR_ONE)
    shape = round(1.2 * FACTOR_ONE) / FACTOR_ONE
    assert table[-1] == ONE and np.abs(table - stats.nbinom.cdf(np.arange(len(table)), shape, shape / (shape + 14)) * ONE).max() < 2
    assert mixture_table(FACTOR_ONE, 0).tolist() == [ONE]


def test_normal_numbers_have_their_deviation():
    drawn = normal((np.arange(1 << 14) << 17).astype(np.uint32), 3 * FACTOR_ONE) / FACTOR_ONE
    assert abs(drawn.mean()) < 1e-3 and abs(drawn.std() - 3) < 3e-3


# ------------------------------------------------------------------ inspectorates of a few places

URN = {"sites": 2, "visits": 1, "reported": 0, "correction": 0}


def urn(offices=1, periods=1, seed=1, sites=2, **params):
    rules = {"observe.patrols": {**URN, "sites": sites, **params}}
    played = scenario(rules, people=offices * sites, periods=periods, world="islands", islands=offices * sites, seed=seed)
    return played.column("places.known_incidents").reshape(-1, sites) / FACTOR_ONE, played.column("places.patrol_visits").reshape(-1, sites)


def test_a_place_of_which_nothing_is_known_is_never_visited_and_never_known():
    known, visits = urn(periods=4, found={"first": 3, "second": 5}, start={"first": 1, "second": 0})
    assert known.tolist() == [[12, 0]] and visits.tolist() == [[4, 0]]
    known, _ = urn(periods=1, found={"first": 2, "second": 4}, start={"first": 1, "second": 0}, reported=0.5)
    assert known.tolist() == [[2, 2]]


def test_what_one_inspectorate_knows_does_not_move_the_visits_of_another():
    """Sums are cut to 31 bits each by itself: before, the largest of a block decided for all of it, so that blocks changed results."""
    params = SimpleNamespace(sites=2, visits=1, start=np.zeros(8, np.int64), found=np.zeros(8, np.int64), reported=0, correction=0)

    def visited(others):
        held = {"start": np.arange(5), "known_incidents": np.array([5 * FACTOR_ONE // 4, FACTOR_ONE, *others]), "patrol_visits": np.zeros(4, np.int32)}
        cols, luck = SimpleNamespace(places=SimpleNamespace(**held)), SimpleNamespace(at=lambda name, ids, visit: np.full(len(ids), 1 << 30, np.uint32))
        patrols.step(SimpleNamespace(lo=0, hi=4), cols, params, luck)
        return cols.places.patrol_visits[:2].tolist()

    assert visited([1, 1]) == visited([1 << 46, 1 << 46]) == [1, 0]


def test_visits_follow_what_is_known_and_the_correction_refuses_in_proportion():
    start = {"first": 3, "second": 1}
    known, visits = urn(offices=4000, found={"first": 1, "second": 1}, start=start)
    assert (known == visits).all() and abs(visits[:, 0].mean() - 0.75) < 4 * np.sqrt(0.1875 / 4000)
    known, visits = urn(offices=4000, found={"first": 1, "second": 1}, start=start, correction=1)
    assert (known[:, 1] == visits[:, 1]).all()  # the place visited least: every update counts
    often = visits[:, 0] == 1
    assert abs(known[often, 0].mean() - 1 / 3) < 4 * np.sqrt(2 / 9 / often.sum())


def test_one_more_place_moves_nobody_elses_visits():
    params = {"found": {"others": 1}, "start": {"others": 2}}
    few, many = urn(offices=20, periods=5, **params), urn(offices=21, periods=5, **params)
    assert (few[1] == many[1][:20]).all()


UNITS = {"sites": 2, "units": 3, "response": 0, "explore": 0, "learn_first": 2, "every": 1, "memory": None}


def sent(periods, **params):
    sites = params.get("sites", 2)
    played = scenario({"observe.units": {**UNITS, **params}}, people=2 * sites, periods=periods, world="islands", islands=sites)
    return {name: played.column(f"places.{name}") for name in ("rate_shift", "incidents_found", "incidents_missed", "believed_rate", "months_sent")}


def test_units_lower_what_is_expected_where_they_are_and_raise_it_elsewhere():
    found = sent(3, policy="greedy", rates={"others": 0}, response=0.25, learn_first=100)
    assert (found["rate_shift"] / FACTOR_ONE).tolist() == [0, 0.75]  # all three go to the first place; nothing falls below zero
    found = sent(2, sites=1, rates={"others": 2}, response=0.25)
    assert (found["rate_shift"] / FACTOR_ONE).tolist() == [-1.5]
    assert found["months_sent"].tolist() == [2]


def test_a_unit_finds_one_incident_and_the_rest_is_missed():
    found = sent(400, sites=1, units=2, rates={"others": 20})
    assert found["incidents_found"].tolist() == [800]
    assert abs(found["incidents_missed"][0] / 400 - 18) < 4 * np.sqrt(20 / 400)


def test_rates_are_estimated_from_counts_that_units_cut_off():
    told = np.zeros(2 + MOST_UNITS, np.int64)
    told[:2] = 8, 20
    assert estimates(told * FACTOR_ONE) == 20  # eighths: 20 incidents in 8 months
    told[2 + 2] = 4  # four months in which each of three units found one
    grid = np.arange(1, 241) / 8
    best = grid[np.argmax(20 * np.log(grid) - 8 * grid + 4 * np.log(stats.poisson.sf(2, grid)))]
    assert estimates(told * FACTOR_ONE) / 8 == best
    assert np.abs(tails()[20] / ONE - stats.poisson.sf(np.arange(MOST_UNITS + 1), 2.5)).max() < 1e-8


def test_greedy_units_go_where_one_more_is_likeliest():
    assert greedy(np.array([[8, 64]]), 6).tolist() == [[0, 6]]  # P(more than 5 of 8) .81 beside P(some of 1) .63
    assert greedy(np.array([[8, 24]]), 3).tolist() == [[1, 2]]  # .95, .80, then .63 beside .58
    found = sent(300, policy="greedy", rates={"first": 1, "second": 4}, learn_first=20, explore=0.2)
    assert abs(found["believed_rate"][1] / 8 - 4) < 0.8


def test_remembered_months_fade():
    rules = {"observe.units": {**UNITS, "sites": 1, "policy": "proportional", "rates": {"others": 0}, "memory": 2}}
    played = scenario(rules, people=1 + 1, periods=3, world="islands", islands=2)
    assert (played.column("places.looks") / FACTOR_ONE).tolist() == [1.75, 1.75]


# ------------------------------------------------------------------ scores

LADDER = {"low": 0, "high": 3, "bands": {"poor": 0, "good": 2}, "repays": {"poor": 0, "good": 1}, "up": 1, "down": 1, "applications": 0}


def test_scores_climb_and_fall_only_by_loans_and_stay_on_the_ladder():
    rules = {"outcome.score_ladder": {**LADDER, "cut": {"unmarked": 0, "marked": 1}}}
    roles = np.array([0, 0, 0, 0, 8, 8])
    played = scenario(rules, people=6, periods=2, columns={"role": roles}, begin={"persons.loan_score": np.array([0, 1, 2, 3, 0, 1]) * 100})
    assert (played.column("persons.loan_score") // 100).tolist() == [0, 0, 3, 3, 0, 0]
    assert played.column("persons.loans_granted").tolist() == [2, 2, 2, 2, 0, 1]
    assert played.column("persons.loans_repaid").tolist() == [0, 0, 2, 2, 0, 0]


def test_one_applicant_of_each_place_at_a_time():
    rules = {"outcome.score_ladder": {**LADDER, "applicants": "one", "applications": 3, "cut": {"others": 0}}}
    played = scenario(rules, people=40, periods=50, world="islands", islands=4)
    granted = played.column("persons.loans_granted").reshape(4, 10)
    assert granted.sum(axis=1).tolist() == [150] * 4 and stats.chisquare(granted.sum(axis=0)).pvalue > 1e-4


def test_bands_and_chances_must_name_the_same():
    with pytest.raises(Exception, match="bands and chances"):
        scenario({"outcome.score_ladder": {**LADDER, "repays": {"poor": 0, "fair": 1}, "cut": {"others": 0}}}, people=2, periods=1)


def test_a_score_is_gamed_up_to_the_cut_where_it_pays():
    rules = {"respond.score_gaming": {"cut": 75, "worth": 1, "cost": {"lowest": 10, "others": 5}}, "decide.admission": {"cut": 75}}
    true = np.array([54, 55, 64, 65, 80, 74]) * 100
    quintile = np.array([4, 4, 0, 0, 0, 0])
    played = scenario(rules, people=6, periods=2, columns={"quintile": quintile}, begin={"persons.true_score": true, "persons.shown_score": true})
    assert (played.column("persons.shown_score") // 100).tolist() == [54, 75, 64, 75, 80, 75]
    assert played.column("persons.admitted").tolist() == [0, 1, 0, 1, 1, 1]
    spent = played.column("persons.effort_spent") / FACTOR_ONE / 2
    assert np.allclose(spent, [0, 1, 0, 1, 0, 0.1], atol=1e-3)


def test_an_employer_lowers_the_cut_for_a_group_known_to_make_the_effort():
    rules = {"decide.signal_cut": {"payoff": 3}, "respond.investing": {"wage": 1, "adjust": 0}}
    played = scenario(rules, people=8, periods=1, world="islands", islands=2, begin={"persons.invests": np.array([1, 0, 0, 0, 1, 1, 1, 1])})
    assert np.allclose(played.column("places.signal_cut") / ONE, [0.75 / (0.75 + 3 * 0.25), 0], atol=1e-9)
    cost = np.array([0, 0.37, 0.38, 0.9]) * FACTOR_ONE  # cut 3/4: 2 x 3/4 x 1/4 = .375
    rules = {"decide.signal_cut": {"payoff": 1}, "respond.investing": {"wage": 1, "adjust": 1}}
    played = scenario(rules, people=4, periods=1, begin={"persons.effort_cost": cost.astype(int), "persons.invests": np.array([0, 0, 0, 1])})
    assert played.column("persons.invests").tolist() == [1, 1, 0, 0]


def test_a_model_is_trained_on_what_it_brought_about():
    rules = {"respond.performing": {"base": 10, "follows": 0.5, "spread": 0}, "outcome.retraining": {}}
    played = scenario(rules, people=6, periods=2, world="islands", islands=2, begin={"places.deployed": np.array([4, 0]) * FACTOR_ONE})
    assert (played.column("places.deployed") / FACTOR_ONE).tolist() == [16, 15]


# ------------------------------------------------------------------ contagion

CONTAGION = {
    "from_woman": {"mother": 0}, "from_man": {"mother": 0}, "strangers": 0, "background": 0, "start_month": 240, "start_share": 1, "start_age_below": 30,
    "age_min": 15, "term": 1, "term_shape": 0, "again": False,
}  # fmt: skip
FIRST = np.array([240 - 12 * 20] + [-240] * 7)  # the first of eight is 20 years old, the others 40


def spread(people=8, periods=8, **params):
    rules = {"enforce.contagion:spread": {**CONTAGION, **params}, "review.register": {}, "review.memory": {}}
    columns = {"birth_month": FIRST} if people == 8 else {}
    return scenario(rules, people=people, periods=periods, keep=("entries",), columns=columns)


def test_exposure_goes_round_a_ring_and_never_twice():
    rows = spread(from_woman={"friend_woman": 1}).rows("entries")
    entered = sorted(zip(rows["period"].tolist(), rows["subject"].tolist()))
    assert entered == [(0, 0), (1, 1), (1, 7), (2, 2), (2, 6), (3, 3), (3, 5), (4, 4), (4, 4)]  # the last by both friends, and listed once
    assert spread(from_woman={"friend_woman": 1}).store("former_listings")["subject"].tolist() == list(range(8))
    again = spread(from_woman={"friend_woman": 1}, again=True).rows("entries")
    assert (again["subject"][again["period"] == 2] == [0, 0, 2, 6]).all()


def test_spans_change_nothing_where_several_expose_one(monkeypatch, drive):
    monkeypatch.setattr("scslab.engine.loop.THREAD_ROWS", 0)
    ties = [(*pair, "sibling") for one in range(10) for other in (10, 11) for pair in ((one, other), (other, one))]
    found = []
    for spans in (1, 4):
        sure = {**CONTAGION, "from_woman": {"others": 1}, "from_man": {"others": 1}, "start_month": None, "start_share": 0}
        sex = np.zeros(12, np.uint8)
        world = drive({"enforce.contagion:court": sure, "review.register": {}}, ties=ties, spans=spans, persons__sex=sex)
        world.put("entries", range(10), list=1, until=400).run(2)
        found.append(world.of("entries", "subject", "id", "parent"))
        assert sorted(world.listed()) == list(range(12))
    assert found[0] == found[1] and sum(subject == 11 for _, subject, _, _ in found[0]) == 20  # ten relatives, who are friends too


def test_a_cause_is_the_entry_of_the_listed_person():
    rows = spread(from_woman={"friend_woman": 1}, periods=3).rows("entries")
    first = rows["id"][rows["period"] == 0]
    assert (rows["parent"][rows["period"] == 1] == first).all()


def test_the_chance_depends_on_the_sex_of_the_listed_and_on_who_the_other_is(drive):
    ties = [(0, 1, "parent"), (1, 0, "child"), (0, 2, "parent"), (2, 0, "child"), (0, 3, "sibling"), (3, 0, "sibling"), (4, 5, "child"), (5, 4, "parent")]
    sex = np.array([1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0], np.uint8)
    chances = {"from_man": {"mother": 1, "sister": 0, "father": 0}, "from_woman": {"daughter": 1}}
    quiet = {**CONTAGION, "start_month": None, "start_share": 0, **chances}
    world = drive({"enforce.contagion:court": quiet, "review.register": {}}, ties=ties, persons__sex=sex)
    world.put("entries", [0, 4], list=1, until=400).run(2)
    assert sorted(world.listed()) == [0, 1, 4, 5]  # his mother, and her daughter; neither his father nor his sister


def test_terms_are_drawn_and_who_is_too_young_is_spared():
    term = {"start_age_below": 200, "term": 14, "term_shape": 1.2}
    rows = spread(people=20_000, periods=1, **term).rows("entries")
    months = rows["until"].astype(int) - 241
    assert (months > 0).all() and abs(len(months) / 20_000 - (1 - (1.2 / 15.2) ** 1.2)) < 0.006
    assert abs(months.sum() / 20_000 - 14) < 4 * np.sqrt(177.3 / 20_000)
    assert not len(spread(age_min=25).rows("entries")["period"])


def test_strangers_are_a_poisson_number_of_others():
    played = spread(people=20_000, periods=2, start_age_below=200, start_share=0.02, strangers=0.5)
    rows = played.rows("entries")
    seeds, children = (rows["period"] == 0).sum(), (rows["period"] == 1).sum()
    assert abs(children / seeds - 0.5) < 4 * np.sqrt(0.5 / seeds) + 0.02  # some meet one who is listed already


def test_nothing_happens_at_rates_of_zero():
    assert not len(spread(start_share=0).rows("entries")["period"])
    words = luck.words(luck.stream_key(1, "x"), np.arange(5))
    assert below_rate(words, np.zeros(5, np.int64)).tolist() == [0] * 5
