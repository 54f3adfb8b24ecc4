"""Edges that seeded faults found untested: a word at its limit, queues, rows due in several months, a list that reads neighbours."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from tests.unit.conftest import START

from scslab.base import luck
from scslab.engine import kernels
from scslab.engine.access import NetworkView
from scslab.engine.batches import Batches
from scslab.engine.declare import REGISTRY
from scslab.mechanisms.decide import network_list as rule
from scslab.mechanisms.kinds import FAULT, KIND
from scslab.mechanisms.wrongfulness import WRONG, wrong_class

pytestmark = pytest.mark.small_world


def test_a_word_at_its_limit_does_not_count() -> None:
    words, row, word = np.array([4, 5, 6, 0], np.uint32), np.zeros(8, np.int64), np.zeros(8, np.uint32)
    able = np.array([1, 1, 1, 0], np.uint8)
    assert kernels.compact_below(words, np.uint32(5), able, False, 100, 4, row, word, 0) == 2 and row[:2].tolist() == [100, 103]
    assert kernels.compact_below(words, np.uint32(5), np.concatenate([np.zeros(100, np.uint8), able]), True, 100, 4, row, word, 0) == 1
    limits = np.array([4, 6, 6, 1], np.uint32)
    assert kernels.compact_under(words, limits, 0, row, word, 0) == 2 and row[:2].tolist() == [1, 3]
    table, classes = np.array([5, 6], np.uint32), np.array([0, 0, 1, 1], np.uint8)
    assert kernels.compact_class(words, np.uint32(6), table, classes, able, False, 0, 4, row, word, 0) == 2
    assert row[:2].tolist() == [0, 3]


def test_flagged_rows_are_listed_once_whatever_the_ends() -> None:
    """Blocks of 64: ends at their edges, within one, across several; the memory holds no row more than asked for."""
    flag = np.zeros(256, np.uint8)
    flag[[0, 1, 62, 63, 64, 65, 127, 128, 191, 192, 255]] = 1
    out = np.empty(256, np.int64)
    for lo, hi in ((0, 256), (0, 64), (64, 128), (1, 65), (63, 64), (64, 65), (65, 127), (100, 100), (128, 256), (63, 193)):
        n = kernels.take_flagged(flag[: -(-hi // 64) * 64], flag[: -(-hi // 64) * 64].view(np.uint64), lo, hi, out)
        assert out[:n].tolist() == [i for i in range(lo, hi) if flag[i]], (lo, hi)
    for one in range(256):
        flag[:] = 0
        flag[one] = 1
        assert kernels.take_flagged(flag, flag.view(np.uint64), 0, 256, out) == 1 and out[0] == one


def test_neighbours_at_a_cut_are_not_below_it() -> None:
    """Own value and mean of neighbours, at the cut and one step below: sums begin at nothing, values stop at the cap."""
    base, targets = np.array([-10, -4, -6, 7], np.int32), np.array([[1, 2], [0, 3], [0, 1], [0, 2]], np.int32)
    sums = np.empty(4, np.int64)
    kernels.neighbour_sum(targets, base, np.int64(1), np.int64(0), sums)
    assert sums.tolist() == [-3 - 5, -9 + 0, -9 - 3, -9 - 5]
    own = np.minimum(0, base.astype(np.int64) + 1)
    value = own * 2 * 4 + 3 * sums  # full weight 4 for oneself, 3 for those near
    for cut in range(-12, 1):
        out, skip = np.empty(4, np.int64), np.zeros(4, np.uint8)
        n = kernels.rows_below(np.int64(0), targets, base, np.int64(1), np.int64(0), skip, np.int64(4), np.int64(3), np.int64(cut), out)
        assert out[:n].tolist() == np.flatnonzero(value < cut * 2 * 4).tolist(), cut
    assert (value % 8 == 0).any()


def appeals_of(any_town, capacity, people=10_000):
    """A body that decides so many appeals a month per 10,000 persons."""
    body = {"capacity": capacity, "overturns_wrong": 1, "overturns_right": 0, "sees_excuse": 0, "false_excuse": 0, "delay": 0, "goes_on": 0}
    return any_town(people, {"review.appeal_body:court": body})


def test_appeals_beyond_capacity_wait_and_the_oldest_come_first(any_town):
    town = appeals_of(any_town, 1)
    label = 2  # `court` of this town
    town.put("appeals", [5, 6, 7], "evasion", body=label).run()
    town.put("appeals", [1, 2], "evasion", body=label).run(5)
    decided = town.all("decisions", "month", "subject")
    assert [month for month, _ in decided] == [0, 1, 2, 3, 4]
    assert {who for _, who in decided[:3]} == {5, 6, 7} and {who for _, who in decided[3:]} == {1, 2}


@pytest.mark.parametrize("people, capacity", [(2000, 4), (2000, 7), (2000, 5), (1500, 3)])
def test_the_rest_of_a_capacity_is_decided_by_the_months_word(any_town, people, capacity):
    """In a world of 2,000 a body for 4 in 10,000 decides 0.8 a month, not none."""
    town, months = appeals_of(any_town, capacity, people), 40
    town.put("appeals", np.arange(100), "evasion", body=2).run(months)
    key, share = luck.stream_key(7, "review.appeal_body:court/queue"), capacity * people / 10_000
    words = [int(luck.words(key, np.zeros(1, np.int64), 0, START + month)[0]) for month in range(months)]
    expected = [int(share) + (word < (share % 1) * luck.ONE) for word in words]
    decided = [month for month, _ in town.all("decisions", "month", "subject")]
    assert [decided.count(month) for month in range(months)] == expected
    assert 0.5 < len(decided) / (share * months) < 1.5


def test_rows_due_in_several_months_come_when_they_are_due(any_town):
    """Half of the deletions are three months late; none comes at any other time."""
    people = 200
    town = any_town(people, {"review.register": {}, "review.repair:court": {"deleted": {"evasion": 1}, "delay": 1, "late": 0.5, "lateness": 3}})
    town.put("entries", np.arange(people), "evasion", list=2, until=32767).run()
    town.put("performances", np.arange(people), "evasion").run(8)
    months = [month for month, _ in town.all("listing_ends", "month", "subject")]
    assert set(months) == {2, 5} and len(months) == people and 60 < months.count(5) < 140


def scored(scores, weight, cut, ragged, month=2):
    """Who is listed among four persons in a ring, whose points recover by one a month, given stored deviations in 1/100 point."""
    n = len(scores)
    ties = np.array([[(k - 1) % n, (k + 1) % n] for k in range(n)], np.int32)
    network = SimpleNamespace(kind="csr", offsets=np.arange(0, 2 * n + 1, 2, dtype=np.int32), target=ties.reshape(-1), relation=None, degree=2)
    if not ragged:
        network = SimpleNamespace(kind="regular", target=ties, degree=2, relation=None)
    persons = SimpleNamespace(score=np.array(scores, np.int32), listed=np.array([0] * (n - 1) + [1], np.uint8))
    cols = SimpleNamespace(persons=persons, networks=SimpleNamespace(friends=NetworkView(network)), month=month, label=3)
    p = SimpleNamespace(recovery=100, start=1000, cut=cut, neighbours=weight, term=6)
    found = []
    for rows in (SimpleNamespace(is_range=True, lo=0, hi=n), SimpleNamespace(is_range=False, subject=np.arange(n))):
        rows.emit = lambda table, parent, **columns: [*sorted(parent.tolist()), columns["list"], columns["until"]]
        found.append(rule.network_list.step(rows, cols, p, None))
    return found


def test_nobody_who_may_fall_below_the_cut_is_passed_over():
    """By every small case: stored scores, recovery, month, weight of the neighbours in quarters, distance of the cut."""
    for worst, recovery, month, quarters, cut in itertools.product(range(-9, 1), (0, 1, 2), (0, 3), (0, 1, 2, 4), range(-6, 1)):
        cols = SimpleNamespace(persons=SimpleNamespace(score=np.array([worst, 0], np.int32)), month=month)
        p = SimpleNamespace(recovery=recovery, start=0, cut=cut, neighbours=quarters * rule.FULL // 4)
        bound, low = rule.reach(cols, p), min(worst + recovery * month, 0)
        below = [s for s in range(worst, 1) if 4 * min(s + recovery * month, 0) + quarters * low < 4 * cut]
        assert all(s <= bound for s in below), (worst, recovery, month, quarters, cut)


@pytest.mark.parametrize("ragged", [True, False])
def test_a_list_that_reads_neighbours_adds_their_mean_and_refuses_at_the_cut(ragged):
    # stored -500 has recovered to -300 by month 2; what is above the start counts as 0; person 3 is on the list already
    half = 1 << 15
    stored = [-500, -300, 900, -900]
    own, mean = [-300, -100, 0, -700], [(-100 - 700) / 2, -300 / 2, (-100 - 700) / 2, -300 / 2]
    effective = [a + b / 2 for a, b in zip(own, mean, strict=True)]
    assert effective[:3] == [-500, -175, -200]
    for cut in (500, 501, 801, 826):
        expected = [k for k in range(3) if effective[k] < cut - 1000]
        for found in scored(stored, half, cut, ragged):
            assert found == [*expected, 3, 8]
    assert all(found == [0, 3, 8] for found in scored(stored, half, 501, ragged))  # -500 is below -499
    assert all(found == [3, 8] for found in scored(stored, half, 500, ragged))  # and not below -500


def test_nobody_beyond_the_reach_of_a_score_can_be_listed() -> None:
    rng = np.random.default_rng(4)
    for _ in range(50):
        score, month = rng.integers(-2000, 1, 30).astype(np.int32), int(rng.integers(1, 5))
        p = SimpleNamespace(recovery=50, start=1000, cut=int(rng.integers(200, 900)), neighbours=int(rng.integers(0, 1 << 16)), term=6)
        cols = SimpleNamespace(persons=SimpleNamespace(score=score), month=month)
        limit = rule.reach(cols, p)
        lowest = min(int(score.min()) + 50 * month, 0)
        for stored in range(limit + 1, min(limit + 40, 1)):  # no score is stored above the start; even the worst neighbours leave these at the cut
            assert min(0, stored + 50 * month) * 65536 + p.neighbours * lowest >= (p.cut - 1000) * 65536
        own = limit - 1 + 50 * month
        assert own > 0 or own * 65536 + p.neighbours * lowest < (p.cut - 1000) * 65536  # and the bound is as low as it can be


def test_a_forged_record_of_somebody_elses_act_is_first_of_all_no_act() -> None:
    faults = FAULT.codes(("fabricated", "misattributed", "sound"))
    rows = SimpleNamespace(subject=np.array([1, 1, 1]), true_actor=np.array([2, 2, 2]), fault=np.array(faults, np.uint8), cause=np.zeros(3, np.uint8),
                           kind=np.full(3, KIND.code("littering"), np.uint8))  # fmt: skip
    assert [WRONG.names[code] for code in wrong_class(rows)] == ["W1", "W2", "W2"]


def test_a_month_under_own_measures_and_for_kin_is_one_month(hand) -> None:
    own, kin = hand.store("burdens", [1], sub=3, list=3, mask=1), hand.store("kin_burdens", [1], mask=2, source=4)
    cols = hand.cols({"sex": [0] * 6}, (hand.store("listings"), own, kin))
    made = REGISTRY["measure.burden"].step(Batches({"burdens": hand.each(own), "kin_burdens": hand.each(kin)}), cols, None, None)
    months = {}
    for tally in made:
        months[tally.name] = months.get(tally.name, 0) + len(tally.subject)
    assert months["burden_months"] == 1 and months["burden_own_months"] == 1 and months["burden_kin_months"] == 1
    assert not months.get("no_own_act_months", 0)
