"""Published models of inspection, lending, gaming and contagion, small enough for every day; the sizes of the publications are behind `soak`."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.study.published.kinship import renewing_world
from scslab.study.published.models import contagion, delayed_impact, gaming, inspection, inspection_with_response, lending
from scslab.study.published.run import replicate
from scslab.study.verify import verify, verify_drawn
from scslab.study.verify.cases.feedback import share_on_the_way
from scslab.world.model import RELATIONS

MODELS = ("contagion", "delayed-impact", "gaming", "inspection", "inspection-with-response", "lending")
QUICK = {1.0: ("CF16b", "CF22", "CF38"), 0.1: ("CF14a", "CF09a", "CF09b", "CF33", "CF37")}


@pytest.mark.parametrize("scale", QUICK)
def test_cases_agree_with_their_closed_forms(scale):
    for row in verify(QUICK[scale], seed=2, scale=scale):
        assert row["pass"], row


def test_without_reports_the_share_runs_away_and_the_correction_holds_it():
    fluid = share_on_the_way({"lambda_A": inspection.RATES[0], "lambda_B": inspection.RATES[1], "n_A": 61, "n_B": 38, "draws": 2000})
    for correction, expected in ((0, fluid), (1, inspection.TRUE)):
        found = inspection.shares((61, 38), 0, 2000, 200, seed=2, correction=correction)
        assert abs(found.mean() - expected) < 0.02
    true = inspection.shares(inspection._limit(0.5), 0.5, 300, 300, seed=2)
    assert abs(true.mean() - inspection.LIMITS[0.5]) < 0.004


def test_incidents_answer_to_uniform_units_as_published_and_greed_finds_and_misses_more():
    found, missed = inspection_with_response.totals("uniform", 0.05, 20, seed=2)
    assert abs(found.mean() - 483) < 30 and abs(missed.mean() - 1002) < 80
    more, left = inspection_with_response.totals("greedy", 0.05, 20, seed=2)
    assert more.mean() > found.mean() + 50 and left.mean() > missed.mean() + 200


def test_a_lender_with_one_cut_lends_more_where_scores_begin_higher():
    loans, chance = lending.lend(3, 10, seed=2, steps=4000)
    assert loans[:, 0].mean() > loans[:, 1].mean() + 200 and (chance > 0.3).all()


def test_equal_rates_of_lending_harm_those_they_lend_to_where_default_is_likely():
    assert delayed_impact.change("demographic parity", 4, seed=2, people=20_000)[1].value < -5
    assert delayed_impact.change("maximum profit", 4, seed=2, people=20_000)[1].value > 5
    score, larger, smaller = delayed_impact.groups()
    x = (np.arange(len(score)) + 0.5) * 100 / len(score)
    assert abs((larger - smaller) @ x - delayed_impact.GAP) < 0.01 and larger.min() > 0
    free, even = delayed_impact.cuts("maximum profit", 4), delayed_impact.cuts("demographic parity", 4)
    assert free[0] == free[1] and even[1] < free[1] < even[0]
    rates = [law[score >= cut].sum() for law, cut in zip((larger, smaller), even)]
    assert abs(rates[0] - rates[1]) < 0.002


def test_who_pays_less_to_look_better_gets_in_unqualified():
    true = np.repeat([0.5, 0.56, 0.58, 0.66, 0.8], 2)  # both groups alike, in turn
    admitted, effort = gaming.admit(true, 0.75, gaming.COSTS, seed=1)
    assert admitted[0::2].tolist() == [False, True, True, True, True] and admitted[1::2].tolist() == [False, False, False, True, True]
    assert np.allclose(effort[1::2], [0, 0, 0, 0.9, 0], atol=1e-3)


def test_the_population_renews_itself_and_its_ties_agree():
    world = renewing_world(births=60, years=60, friends=1.5, seed=3)
    kin, people = world.networks["kin"], world.count("persons")
    source = np.repeat(np.arange(people), np.diff(kin.offsets))
    ties = {relation: set(zip(source[kin.relation == k].tolist(), kin.target[kin.relation == k].tolist())) for k, relation in enumerate(RELATIONS)}
    assert ties["parent"] == {(b, a) for a, b in ties["child"]}
    assert all(ties[name] == {(b, a) for a, b in ties[name]} for name in ("partner", "sibling"))
    born, sex = world.columns["persons.birth_month"].astype(int), world.columns["persons.sex"]
    ages = np.array([born[child] - born[parent] for child, parent in ties["parent"] if sex[parent] == 0]) / 12
    assert 18.9 < ages.min() and ages.max() < 37.1
    alive = [int(contagion.grown(world, month).sum()) for month in (0, 300, 700)]
    assert max(alive) < 1.1 * min(alive)
    friends = world.networks["friends"]
    pair = np.repeat(np.arange(people), np.diff(friends.offsets))
    assert abs(len(friends.target) / people - 1.5) < 0.05 and (np.abs(born[pair] - born[friends.target]) < 12).all()


def test_longer_terms_list_more_than_in_proportion():
    found = contagion.prevalence(years=40, from_year=20, births=100, seed=2)
    assert found[17].mean() > 1.3 * found[14].mean() > 0


@pytest.mark.soak
def test_models_meet_their_publications():
    assert [model["name"] for model in replicate(MODELS) if not model["ok"]] == []


@pytest.mark.soak
def test_cases_agree_at_full_size():
    assert [row["case"] for row in verify(("CF09", "CF14", "CF15", "CF16b", "CF22", "CF33", "CF37", "CF38")) if not row["pass"]] == []


@pytest.mark.soak
def test_freshly_drawn_parameters_agree_with_the_formulas():
    names = ("CF09", "CF14", "CF15", "CF16b", "CF22", "CF33", "CF37", "CF38")
    assert [(row["case"], row["inputs"]) for row in verify_drawn(names, sets=2, seed=5) if not row["pass"]] == []
