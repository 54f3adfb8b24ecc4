"""Reputation for caring: who takes part, what it says of them, by hand and in the fixed point."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scslab.base.luck import ONE
from scslab.mechanisms.public_spirit import care, takes_part
from scslab.study.verify import play, scenario

CALLS = {"calls": 1200, "cost": 0.7, "image": 0.6, "watched": 1}


def rules(**changed):
    return {"conduct.public_calls": {**CALLS, **changed}, "respond.reputation": {}}


def test_who_takes_part_by_hand():
    """Cost .7, image .6, all seen, gap .5: the image is worth .3, so that those who care .4 or more take part."""
    p = SimpleNamespace(cost=round(0.7 * ONE), image=round(0.6 * ONE), watched=ONE)
    cares = np.array([0, 26_213, 26_216, 65_535])  # .4 of 65,536 is 26,214.4
    assert takes_part(cares, np.full(4, 32_768), p).tolist() == [False, False, True, True]
    unseen = SimpleNamespace(cost=p.cost, image=p.image, watched=0)
    assert takes_part(np.array([45_870, 45_876]), np.full(2, 32_768), unseen).tolist() == [False, True]


def test_care_is_even():
    quantiles, grains = np.repeat(np.arange(256), 256), np.tile(np.arange(256) << 23, 256)
    assert care(quantiles, grains).tolist() == list(range(65_536))


def test_the_gap_of_a_place_by_hand(hand):
    place = SimpleNamespace(reputation_gap=np.array([100, 200, 300], np.int32))
    cols = hand.cols({"place": [0, 0, 0, 1, 1, 2]})
    cols.places = place
    rows = hand.batch("public_calls", [0, 1, 2, 3, 4, 5], took=[1, 0, 1, 1, 0, 1], seen=[1, 1, 0, 1, 0, 1], care=[500, 20, 9000, 800, 10, 700])
    hand.step("respond.reputation", rows, cols)
    assert place.reputation_gap.tolist() == [480, 200, 300]  # nobody of place 1 and 2 was seen to stay away


@pytest.mark.small_world
def test_nobody_watched_is_nobody_moved():
    arms = play({"plain": rules(image=0), "unseen": rules(watched=0), "seen": rules()}, people=400, periods=3, traits={"prosociality": "drawn"}, keep=("acts",))
    plain, unseen, seen = (set(arm.rows("acts")["id"].tolist()) for arm in arms.values())
    assert plain == unseen and plain < seen


def test_what_it_says_of_people_follows_from_who_takes_part():
    """Where caring is lumped, the gap is not one half: 300 who care .2 and 100 who care .9 differ by .7."""
    traits = {"prosociality": np.where(np.arange(400) < 300, 51, 230)}
    played = scenario(rules(cost=0.5, image=0.2), people=400, periods=2, traits=traits)
    assert abs(played.column("places.reputation_gap")[0] / 65_536 - 0.7) < 0.005
    assert played.counter("acts.volunteering").tolist() == [100, 100]
