"""Paired luck: the banned person, the newcomer, and that a leak of luck would be found."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.base.errors import InputError
from scslab.engine.access import Luck
from scslab.engine.declare import REGISTRY
from scslab.mechanisms.catalogue import load_all
from scslab.mechanisms.kinds import KIND
from scslab.study.paths import changes, reach
from scslab.study.published.models import paired_luck as model
from scslab.study.published.run import replicate
from scslab.world import build_world
from scslab.world.newcomer import with_newcomer

START = model.START


@pytest.fixture(scope="module")
def county():
    return build_world("county", 600, 4, start_month=START)


@pytest.fixture(scope="module")
def free(county):
    return model.lived(model.rules_of(model.RULES), county, 4, 8)


def ban(county, who, kind):
    return model.lived(model.forbid(model.rules_of(model.RULES), who, kind), county, 4, 8)


def test_a_banned_person_changes_nobody_without_a_causal_path(county, free):
    far = model.far_reaching(free, 4)
    found = [(who, reach(free, ban(county, who, kind), who)) for who, kind in far]
    assert all(not one.unexplained for _, one in found)
    assert all(who in one.changed for who, one in found[:2]) and sum(len(one.changed) for _, one in found) > len(found)  # some reach others


def test_what_is_forbidden_does_not_happen(county, free):
    (who, kind), *_ = model.far_reaching(free, 1)
    rows = ban(county, who, kind).rows("acts")
    mine = rows["kind"][rows["subject"] == who]
    before = free.rows("acts")
    assert KIND.code(kind) not in mine and KIND.code(kind) in before["kind"][before["subject"] == who]


def test_one_generator_for_all_would_be_found(county, monkeypatch):
    """With one stream of words, drawn from in the order of calls, one act less shifts the luck of people whom no path leads to."""
    honest, drawn = Luck.at, [0]

    def next_words(luck, name, ids, ordinal=0):
        drawn[0] += len(ids)
        return honest(luck, name, drawn[0] - len(ids) + np.arange(len(ids)), ordinal)

    def run(rules):
        drawn[0] = 0
        return model.lived(rules, county, 4, 6)

    monkeypatch.setattr(Luck, "at", next_words)
    rules = model.rules_of(model.RULES)
    leaky = run(rules)
    found = [reach(leaky, run(model.forbid(rules, who, kind)), who) for who, kind in model.far_reaching(leaky, 4)[:3]]
    assert sum(len(one.unexplained) for one in found) > 5  # with keyed luck: none


def test_only_what_asks_can_be_forbidden():
    load_all()
    with pytest.raises(ValueError, match="illness"):
        REGISTRY["respond.forbidden"].params.compile({"person": 3, "kinds": ["illness"]})


def test_a_newcomer_without_ties_changes_nobody_in_a_county(county, free):
    newcomer = with_newcomer(county, 300)
    later = model.lived(model.rules_of(model.RULES), newcomer, 4, 8)
    found = reach(free, later, county.n_rows)
    assert not found.unexplained and county.n_rows in found.changed  # the newcomer lives a life of their own


def test_on_an_island_only_those_who_meet_the_newcomer_or_later_them_differ():
    world = build_world("islands", 200, 4, start_month=START, islands=10)
    rules = model.rules_of(("nosedive", "court-list"))
    base = model.lived(rules, world, 4, 6)
    for friends in ((), (181, 185)):
        found = reach(base, model.lived(rules, with_newcomer(world, 181, friends), 4, 6), 200)
        assert not found.unexplained and sum(found.channels.values()) > 2
        assert all(person >= 180 for person in found.changed)  # nobody off the last island


def test_a_newcomer_is_added_behind_everybody(county):
    made = with_newcomer(county, 7, friends=[3, 9], boldness=255)
    last = county.n_rows
    assert made.n_rows == last + 1 and made.people == county.people and made.columns["persons.boldness"][last] == 255
    assert all((made.columns[name][: len(values)] == values).all() for name, values in county.columns.items())
    for name, network in county.networks.items():
        for person in (0, 3, 9, 300, last - 1):
            extra = [last] if name == "friends" and person in (3, 9) else []
            assert made.networks[name].neighbours(person).tolist() == [*network.neighbours(person).tolist(), *extra]
    assert made.networks["friends"].neighbours(last).tolist() == [3, 9] and made.digest() != county.digest()
    ring = with_newcomer(build_world("ring", people=6, seed=1), 0)
    assert ring.people == 7 and ring.columns["households.start"][-1] == 7 and ring.networks["friends"].neighbours(0).tolist() == [5, 1]
    for wrong in ({"like": 10**6}, {"like": 1, "friends": [10**6]}, {"like": 1, "boldnes": 3}, {"like": 1, "place": 3}):
        with pytest.raises(InputError):
            with_newcomer(county, **wrong)


def test_rows_are_compared_whole(county, free):
    assert changes(free, free) == []


def test_pairing_helps_where_both_worlds_have_much_in_common():
    rng = np.random.default_rng(1)
    luck, effect, own = rng.normal(0, 3, 400), rng.normal(0, 1, 400), rng.normal(0, 3, 400)
    paired, apart = model.ratio_of(luck + effect, luck), model.ratio_of(luck + effect, own)
    assert abs(paired.value - 1 / 19) < 4 * paired.error and abs(apart.value - 1) < 4 * apart.error


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2])
def test_the_whole_model(seed):
    found = replicate(["paired-luck"], seed)[0]
    assert found["ok"], [row for row in found["rows"] if not row["pass"]]
