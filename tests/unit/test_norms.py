"""Norms of small groups: a generation against plain loops, imitation by hand, limits."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from scslab.base import luck
from scslab.base.errors import ScslabError
from scslab.engine.declare import REGISTRY
from scslab.mechanisms.catalogue import load_all
from scslab.mechanisms.norms import sighting_ids
from scslab.mechanisms.outcome.norm_learning import followers
from scslab.study.verify import play, scenario

load_all()
GROUPS, MEMBERS = 3, 5
PEOPLE = GROUPS * MEMBERS
NATURE = {"boldness": "drawn", "conscientiousness": "drawn"}
pytestmark = pytest.mark.small_world


def rules(meta=True, mutation=0, **more):
    return {
        "conduct.temptation": {"chances": 4}, "respond.norm_enforcement": {"meta": meta, "punished": 9, "punishing": 2},
        "outcome.norm_learning": {"gain": 3, "hurt": 1, "mutation": mutation}, **more,
    }  # fmt: skip


def word(instance, draw, number, ordinal=0, month=240, seed=5):
    return int(luck.words(luck.stream_key(seed, f"{instance}/{draw}"), number, 0, month, ordinal)[0])


def generation(bold, angry, meta):
    """Play one generation with loops, from the description of the game: (breaches, points of each person)."""
    one, points, breaches, enforce = 1 << 31, defaultdict(int), [], "respond.norm_enforcement"
    for actor in range(PEOPLE):
        group = [p for p in range(PEOPLE) if p // MEMBERS == actor // MEMBERS]
        for chance in range(4):
            openness = word("conduct.temptation", "open", actor, chance)
            if openness * 7 >= bold[actor] * one - bold[actor] * one % 7:
                continue
            breaches.append((actor, chance))
            points[actor] += 300
            for other in group:
                if other == actor:
                    continue
                points[other] -= 100

                def number(watched, watcher, actor=actor, chance=chance):
                    base = actor // MEMBERS * MEMBERS
                    return int(sighting_ids(np.int64(actor // MEMBERS), actor - base, chance, watched - base, watcher - base))

                if word(enforce, "see", number(actor, other)) >= openness:
                    continue
                if word(enforce, "punish", number(actor, other)) < angry[other] * one // 7:
                    points[actor] -= 900
                    points[other] -= 200
                    continue
                for third in group if meta else ():
                    if third in (actor, other) or word(enforce, "see_lapse", number(other, third)) >= openness:
                        continue
                    if word(enforce, "punish_lapse", number(other, third)) < angry[third] * one // 7:
                        points[other] -= 900
                        points[third] -= 200
    return breaches, points


@pytest.mark.parametrize("meta", [False, True])
def test_a_generation_equals_plain_loops(meta):
    played = scenario(rules(meta), people=PEOPLE, periods=1, seed=5, world="islands", islands=GROUPS, traits=NATURE, keep=("norm_breaches", "norm_tolls"))
    bold, angry = (played.column(f"persons.{name}").astype(int) >> 5 for name in NATURE)
    breaches, points = generation(bold, angry, meta)
    rows, tolls = played.rows("norm_breaches"), played.rows("norm_tolls")
    assert sorted(zip(rows["subject"].tolist(), rows["chance"].tolist(), strict=True)) == sorted(breaches)
    of_game = defaultdict(int)
    for actor, _ in breaches:
        for person in range(PEOPLE):
            if person // MEMBERS == actor // MEMBERS:
                of_game[person] += 300 if person == actor else -100
    lost = {person: points[person] - of_game[person] for person in range(PEOPLE) if points[person] != of_game[person]}
    assert len(breaches) > 10 and len(lost) > 5
    assert dict(zip(tolls["subject"].tolist(), tolls["points"].tolist(), strict=True)) == lost
    # Whom each person follows next: levels of somebody of the group whose points allow followers.
    payoff = np.array([points[p] for p in range(PEOPLE)])
    for group in range(GROUPS):
        mine = np.arange(group * MEMBERS, group * MEMBERS + MEMBERS)
        score = payoff[mine]
        count = np.where(score >= score.mean() + score.std(), 2, np.where(score > score.mean() - score.std(), 1, 0))
        assert followers(score, np.zeros(MEMBERS, int), np.array([MEMBERS])).tolist() == count.tolist()
        models = {(bold[p], angry[p]) for p, n in zip(mine, count, strict=True) if n}
        learned = [(int(played.column("persons.norm_boldness")[p]) - 1, int(played.column("persons.norm_vengefulness")[p]) - 1) for p in mine]
        assert set(learned) <= models
        if count.sum() <= MEMBERS:
            assert all((bold[p], angry[p]) in learned for p, n in zip(mine, count, strict=True) if n)


def test_followers_by_hand():
    assert followers(np.array([0, 10, 20]), np.zeros(3, int), np.array([3])).tolist() == [0, 1, 2]  # mean 10, deviation 8.2
    assert followers(np.array([5, 5]), np.zeros(2, int), np.array([2])).tolist() == [2, 2]  # all alike: all at the mean, no deviation
    assert followers(np.array([-3, -3, 1, 1]), np.zeros(4, int), np.array([4])).tolist() == [0, 0, 2, 2]  # exactly one deviation off
    assert followers(np.array([0, 10, 20, 7]), np.array([0, 0, 0, 1]), np.array([3, 1])).tolist() == [0, 1, 2, 2]


def test_only_mutation_brings_back_what_nobody_has():
    alike = {"boldness": 255, "conscientiousness": 0}
    still = scenario(rules(), people=40, periods=5, world="islands", islands=2, traits=alike)
    assert (still.column("persons.norm_boldness") == 8).all() and (still.column("persons.norm_vengefulness") == 1).all()
    assert still.total("norm_breaches") >= 0.99 * 40 * 4 * 5
    moved = scenario(rules(mutation=1), people=40, periods=1, world="islands", islands=2, traits=alike)
    assert (moved.column("persons.norm_boldness") == 1).all() and (moved.column("persons.norm_vengefulness") == 8).all()


def test_groups_do_not_touch_each_other():
    """A group plays the same whoever lives elsewhere."""
    traits = {name: np.arange(PEOPLE) * 17 % 256 for name in NATURE}
    other = {name: np.where(np.arange(PEOPLE) < 2 * MEMBERS, values, 255 - values) for name, values in traits.items()}
    one, two = (scenario(rules(mutation=0.1), people=PEOPLE, periods=20, world="islands", islands=GROUPS, traits=t) for t in (traits, other))
    for name in ("persons.norm_boldness", "persons.norm_vengefulness"):
        assert (one.column(name)[: 2 * MEMBERS] == two.column(name)[: 2 * MEMBERS]).all()


def test_too_many_to_watch_each_other_are_refused():
    with pytest.raises(ScslabError, match="islands"):
        scenario(rules(), people=5000, periods=1, world="ring", traits={"boldness": 255, "conscientiousness": 255})
    with pytest.raises(ValueError, match="16"):
        REGISTRY["conduct.temptation"].params.compile({"chances": 17})


def test_the_metanorm_costs_those_who_look_away():
    arms = play({"norm": rules(False), "metanorm": rules(True)}, people=200, periods=1, world="islands", islands=10, traits=NATURE, keep=("norm_tolls",))
    lost = {name: -arm.rows("norm_tolls")["points"].sum() for name, arm in arms.items()}
    assert lost["metanorm"] > 1.5 * lost["norm"] > 0
    assert arms["norm"].total("norm_breaches") == arms["metanorm"].total("norm_breaches")  # the first generation breaks the norm alike
