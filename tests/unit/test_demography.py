"""Dated demography: yearly rates as published, marriages that can be, moves of one's own, and what becomes of those who grow up."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from scslab.base.errors import InputError
from scslab.world import build_world, load_spec
from scslab.world.distribution import curve, gini, solve
from scslab.world.families import Queues
from scslab.world.marriages import Rows, systematic
from scslab.world.model import MOVES_ALONE, SCHOOL_ENDS
from scslab.world.rates import periods, yearly_rate

NEVER = 32767


@pytest.fixture(scope="module")
def china():
    return build_world("china-2020", people=30_000, seed=2, cache=False)


def months(world, name):
    return world.columns[f"persons.{name}_month"].astype(int)


def per_1000(world, name, year, share=1):
    january, birth, death = 12 * (year - 2000), months(world, "birth"), months(world, "death")
    people = sum(((birth <= m) & (death > m)).sum() for m in (january, january + 12)) / 2
    when = months(world, name)
    return ((when >= january) & (when < january + 12)).sum() / share / people * 1000


@pytest.mark.parametrize("start", [168, 250])
@pytest.mark.parametrize("quantity, name, share, slack", [("births", "birth", 1, 0.02), ("weddings", "wed", 2, 0.03), ("divorces", "divorce", 2, 0.03),
                                                          ("deaths", "death", 1, 0.25)])  # fmt: skip
def test_each_year_has_its_published_rate(china, start, quantity, name, share, slack):
    world = china if start == china.start_month else build_world("china-2020", people=30_000, seed=2, start_month=start)
    spec = load_spec("china-2020")
    years = range(2000 + start // 12 + 1, 2026)
    asked = [yearly_rate(spec, quantity, year) for year in years]
    have = [per_1000(world, name, year, share) for year in years]
    assert np.allclose(have, asked, rtol=slack, atol=0)
    assert abs(np.mean(have) / np.mean(asked) - 1) < (0.06 if name == "death" else 0.01)


def test_periods_are_the_calendar_years_of_the_horizon():
    cut = periods(250)
    assert [(p.first, p.last, p.year) for p in (cut[0], cut[1], cut[-1])] == [(1, 1, 2020), (2, 13, 2021), (230, 240, 2040)]
    assert sum(p.months for p in cut) == 240 and all(a.last + 1 == b.first for a, b in zip(cut, cut[1:], strict=False))
    spec = load_spec("county")
    assert yearly_rate(spec, "births", 1990) == yearly_rate(spec, "births", 2014)
    assert yearly_rate(spec, "births", 2050) == spec.value("demography.births.later") and yearly_rate(spec, "deaths", 2050) is None


def test_the_systematic_draw_gives_the_number_asked_in_proportion():
    weight = np.array([0, 5, 1, 0, 4, 10], np.int64)
    drawn = np.array([np.bincount(systematic(weight, 2, word << 21), minlength=6) for word in range(1024)])
    assert (drawn.sum(1) == 2).all() and np.allclose(drawn.mean(0), 2 * weight / weight.sum(), atol=0.005)
    assert len(systematic(weight, 0, 5)) == len(systematic(np.zeros(3, np.int64), 4, 5)) == 0
    assert systematic(np.array([1, 1]), 9, 0).tolist() == [0, 1]


def test_queues_serve_each_offer_once():
    queue = Queues(np.array([2, 1, 2, 2]), 4)
    assert [a.tolist() for a in queue.take(np.array([2, 2, 3]))] == [[0, 1], [0, 2]]
    assert [a.tolist() for a in queue.take(np.array([2, 2, 1]))] == [[2, 0], [1, 3]]
    assert not len(queue.take(np.array([1, 2]))[0])


def test_rows_grow_past_their_room_and_shrink():
    rows = Rows(a=np.arange(3), b=np.arange(3, dtype=np.int16))
    rows.add(a=np.arange(100), b=np.ones(100, np.int16))
    rows.keep(rows.a % 2 == 1)
    assert len(rows) == 51 and rows.a[:3].tolist() == [1, 1, 3] and rows.b.dtype == np.int16
    with pytest.raises(AttributeError, match="c"):
        assert rows.c is None


def test_marriages_begin_and_end_for_both_at_once(china):
    wed, divorce, death, birth = (months(china, name) for name in ("wed", "divorce", "death", "birth"))
    spouse, sex, household = china.columns["persons.wed_partner"], china.columns["persons.sex"], china.columns["persons.household"]
    weds = np.flatnonzero(wed < NEVER)
    assert (spouse[spouse[weds]] == weds).all() and (sex[spouse[weds]] != sex[weds]).all() and (household[spouse[weds]] != household[weds]).all()
    assert (np.minimum(death[weds], death[spouse[weds]]) > wed[weds]).all()
    assert (wed[weds] - birth[weds] >= 240 + 24 * sex[weds].astype(int)).all()
    partner = first_partner(china)
    assert (divorce[weds][partner[weds] >= 0] < wed[weds][partner[weds] >= 0]).all()  # who had a partner parted first
    ends = np.flatnonzero(divorce < NEVER)
    old = (partner[ends] >= 0) & (divorce[ends] < wed[ends])
    other = np.where(old, partner[ends], spouse[ends])
    assert (other >= 0).all() and (divorce[other] == divorce[ends]).all() and old.mean() > 0.5
    assert ((wed < NEVER) & (partner >= 0)).sum() > 50  # some wed again
    assert (np.minimum(death[ends], death[other]) > divorce[ends]).all()


def first_partner(world):
    kin = world.networks["kin"]
    source, mine = np.repeat(np.arange(world.n_rows), np.diff(kin.offsets)), kin.relation == 0
    partner = np.full(world.n_rows, -1)
    partner[source[mine]] = kin.target[mine]
    return partner


def test_births_are_of_couples_and_apart(china):
    n, kin, birth = china.people, china.networks["kin"], months(china, "birth")
    source, parent = np.repeat(np.arange(china.n_rows), np.diff(kin.offsets)), kin.relation == 1
    mother = np.full(china.n_rows, -1)
    is_mother = parent & (china.columns["persons.sex"][kin.target] == 0)
    mother[source[is_mother]] = kin.target[is_mother]
    father = np.full(china.n_rows, -1)
    is_father = parent & (china.columns["persons.sex"][kin.target] == 1)
    father[source[is_father]] = kin.target[is_father]
    child = np.arange(n, china.n_rows)
    wed, partner = months(china, "wed"), first_partner(china)
    wife, husband = mother[child], father[child]
    since = (china.columns["persons.wed_partner"][wife] == husband) & (wed[wife] < birth[child])
    assert ((partner[wife] == husband) | since).all()
    order = child[np.lexsort((birth[child], mother[child]))]
    again = mother[order[1:]] == mother[order[:-1]]
    assert again.sum() > 100 and (birth[order[1:]] - birth[order[:-1]])[again].min() >= 10


def test_moves_of_ones_own_are_told_from_the_households(china):
    columns, n = china.columns, china.people
    move, alone = months(china, "move"), columns["persons.role"] & MOVES_ALONE > 0
    assert (move[alone] < NEVER).all()
    home, first = columns["persons.household"][:n], columns["households.start"]
    with_them = np.flatnonzero(~alone[:n])
    # Whoever does not move alone moves with everybody else of the household who does not.
    latest = np.full(len(first) - 1, -1)
    np.maximum.at(latest, home[with_them], move[with_them])
    assert (move[with_them] == latest[home[with_them]]).all()
    wed, spouse, sex = months(china, "wed"), columns["persons.wed_partner"], columns["persons.sex"]
    brides = np.flatnonzero((wed < NEVER) & (sex == 0) & alone & (move == wed))
    settled = brides[~(alone[spouse[brides]]) & (move[spouse[brides]] > wed[brides])]
    assert len(settled) > 100 and (columns["persons.move_place"][settled] == columns["persons.place"][spouse[settled]]).all()


def test_children_grow_into_work_and_pupils_have_none(china):
    start, birth, columns = china.start_month, months(china, "birth"), china.columns
    now, later = china.standing(start), china.standing(start + 240)
    age = (start - birth) // 12
    pupil = age < SCHOOL_ENDS[columns["persons.education"]]
    assert (now["status"][pupil] == 0).all() and (now["income"][pupil] == 0).all() and (now["status"][~pupil] > 0).all()
    assert (now["education"][age < 6] == 0).all() and now["education"][(age >= 6) & (age < 12)].max() == 1
    grown = age + 20 >= 22
    assert (later["status"][grown] > 0).all()
    young = (age < 16) & (age >= 2)
    works = np.isin(later["status"][young], (1, 2, 3, 4))
    assert 0.7 < works.mean() < 0.95 and not (columns["persons.status"][young] == 5).any()
    peers = (age >= 25) & (age < 40) & ~pupil
    assert abs(later["income"][young].mean() / now["income"][peers].mean() - 1) < 0.25
    unborn = np.arange(china.people, china.n_rows)
    assert (columns["persons.status"][unborn] > 0).all() and (columns["persons.income"][unborn] > 0).mean() > 0.8
    assert (now["education"][unborn] == 0).all() and (later["education"][unborn[birth[unborn] <= start + 12]] >= 2).mean() > 0.9


def test_kernels_are_compiled_for_one_signature_each(china):
    from scslab.world import kernels_columns, kernels_friends, kernels_households, kernels_kin

    build_world("county", people=200, seed=1, cache=False, threads=2)
    modules = (kernels_columns, kernels_friends, kernels_households, kernels_kin)
    made = {name: len(k.signatures) for m in modules for name, k in vars(m).items() if hasattr(k, "signatures") and k.__module__ == m.__name__}
    assert {"deal_blocks", "pick_into", "draw_into", "kin_rows", "start_ties"} <= made.keys()
    assert max(made.values()) == 1


def test_no_distribution_with_the_published_means_has_the_published_gini():
    optimize = pytest.importorskip("scipy.optimize")
    means, n = np.array(list(load_spec("china-2020").values("income.quintiles").values())), 100
    rises = np.eye(n, k=0)[:-1] - np.eye(n, k=1)[:-1]
    sums = np.repeat(np.eye(5), n // 5, axis=1)
    weight = (2 * np.arange(1, n + 1) - n - 1) / n
    best = optimize.linprog(-weight, A_ub=rises, b_ub=np.zeros(n - 1), A_eq=sums, b_eq=means * n / 5, bounds=(0, None))
    assert best.success and -best.fun / (means.sum() * n / 5) < 0.455 < load_spec("china-2020").value("income.gini") - 0.01


def test_means_give_way_alike_and_no_more_than_the_gini_needs():
    spec = load_spec("china-2020")
    points, give = (np.arange(50_000) + 0.5) / 50_000, solve(spec)
    income, means = curve(spec, give, points), np.array(list(spec.values("income.quintiles").values()))
    assert (np.diff(income) > 0).all() and abs(gini(income) - spec.value("income.gini")) < 0.01
    assert 0.05 < give < 0.07 and gini(curve(spec, give - 0.01, points)) < gini(income) - 0.003
    off = np.array([part.mean() for part in np.split(income, 5)]) / means - 1
    assert np.allclose(off, [-give] * 4 + [give], atol=0.004)


def test_quintiles_that_admit_no_distribution_are_refused():
    tree = copy.deepcopy(load_spec("county").tree)
    tree["income"]["gini"]["value"] = 0.9
    with pytest.raises(InputError, match="Gini"):
        solve(load_spec(tree))
