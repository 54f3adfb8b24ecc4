"""Ties that follow scores: the sparse store over the world's friendships, who drops, hides and seeks, who is noticed."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scslab.engine.access import Luck
from scslab.engine.declare import REGISTRY
from scslab.measure.outcomes.ties import correlation
from scslab.mechanisms.catalogue import load_all
from scslab.mechanisms.outcome.dating import _first_shown
from scslab.mechanisms.standing import standing
from scslab.mechanisms.ties import CHANGE, CUT, MADE, friends_now

load_all()
CUTS, MAKES, HIDES = (CHANGE.code(name) for name in ("cut", "made", "hidden"))
SORTING = {
    "source": "ledger", "start": 1000, "recovery": 0, "listed": 0, "reviews": 12, "gap": 50, "cuts": 1, "hides": 0, "seeks": 0, "tries": 3,
}  # fmt: skip
SEEN = {"source": "ledger", "start": 1000, "recovery": 0, "listed": 0}


def friends_of(pairs, n):
    near = {i: sorted({b for a, b in pairs if a == i} | {a for a, b in pairs if b == i}) for i in range(n)}

    def expand(subjects):
        source = np.array([i for i, s in enumerate(subjects) for _ in near[int(s)]], np.int64)
        target = np.array([f for s in subjects for f in near[int(s)]], np.int64)
        return source, target, np.zeros(len(source), np.uint8)

    return SimpleNamespace(friends=SimpleNamespace(expand=expand))


def now(store, pairs, n, shown=False):
    cols = SimpleNamespace(networks=friends_of(pairs, n), stores=SimpleNamespace(tie_changes=store))
    source, friend = friends_now(cols, np.arange(n), shown)
    return sorted(zip(source.tolist(), friend.tolist(), strict=True))


def orders(hand, store, *asked):
    """Carry out orders (who, other, change) of one month."""
    rows = hand.batch("tie_orders", [a for a, _, _ in asked], other=[b for _, b, _ in asked], change=[c for _, _, c in asked])
    hand.step("outcome.ties", rows, hand.cols({"place": np.zeros(4)}, (store,)), {})
    store._store.apply()
    return store


def test_a_cut_holds_both_ways_and_making_up_restores_the_world(hand):
    store, pairs = hand.store("tie_changes"), [(0, 1), (1, 2)]
    orders(hand, store, (1, 0, CUTS))
    assert now(store, pairs, 3) == [(1, 2), (2, 1)]
    orders(hand, store, (0, 1, MAKES))
    assert len(store) == 0 and now(store, pairs, 3) == [(0, 1), (1, 0), (1, 2), (2, 1)]


def test_a_made_tie_is_there_both_ways_and_its_end_leaves_nothing(hand):
    store = orders(hand, hand.store("tie_changes"), (2, 0, MAKES))
    assert now(store, [], 3) == [(0, 2), (2, 0)] and set(store.state) == {MADE}
    assert len(orders(hand, store, (0, 2, CUTS))) == 0


def test_a_hidden_tie_stays_but_is_not_seen(hand):
    store, pairs = orders(hand, hand.store("tie_changes"), (0, 1, HIDES)), [(0, 1)]
    assert now(store, pairs, 2) == [(0, 1), (1, 0)] and now(store, pairs, 2, shown=True) == []
    orders(hand, store, (2, 1, MAKES), (2, 1, HIDES))
    assert (1, 2) not in now(store, pairs, 3, shown=True)


@pytest.mark.parametrize("asked", [[(0, 1, CUTS), (1, 0, HIDES)], [(0, 1, HIDES), (1, 0, CUTS)], [(1, 0, MAKES), (0, 1, CUTS)]])
def test_a_cut_prevails_whoever_asked_first(hand, asked):
    store = orders(hand, hand.store("tie_changes"), *asked)
    assert store.state.tolist() == [CUT, CUT] and store.other.tolist() == [1, 0]


def sort(hand, score, pairs, **changed):
    """One month in which everybody looks over the own friendships; scores in points."""
    n = len(score)
    none = np.zeros(n)
    cols = hand.cols({"score": none, "listed": none, "place": none}, (hand.store("tie_changes"),), places={"start": np.array([0, n])})
    cols.persons.score = np.asarray(score, np.int32) * 100 - 100_000
    cols.networks = friends_of(pairs, n)
    rows = hand.batch("", np.arange(n))
    found = hand.step("respond.tie_sorting", rows, cols, {**SORTING, **changed}, cut=0, hide=0, seek=0).get("tie_orders", [])
    return [(row["subject"], row["other"], row["change"]) for row in found]


def test_friends_who_stand_much_lower_are_dropped_or_hidden(hand):
    score, pairs = [1000, 949, 950, 1200], [(0, 1), (0, 2), (0, 3)]
    assert sort(hand, score, pairs) == [(0, 1, CUTS), (3, 0, CUTS)]
    assert sort(hand, score, pairs, cuts=0, hides=1) == [(0, 1, HIDES), (3, 0, HIDES)]
    assert sort(hand, score, pairs, cuts=0) == []
    assert sort(hand, score, pairs, gap=300) == []


def sorting(drive, months=36, **changed):
    blocks = {"respond.tie_sorting": {**SORTING, "seeks": 1, **changed}, "outcome.ties": {}}
    score = np.where(np.arange(12) % 2, 0, -10_000).astype(np.int32)
    pairs = [(i, i + 1, "sibling") for i in range(5)]
    ties = [*pairs, *((b, a, r) for a, b, r in pairs)]
    return drive(blocks, ties, persons__score=score, persons__listed=np.zeros(12, np.uint8))


def test_people_seek_likes_of_their_place_and_both_must_agree(drive):
    made = [(a, b) for _, a, b, change in sorting(drive, cuts=0).run(36).of("tie_orders", "subject", "other", "change") if change == MAKES]
    assert made and all(a % 2 == b % 2 and a // 6 == b // 6 and a != b for a, b in made)
    assert len({frozenset(pair) for pair in made}) <= 12  # three likes of each kind in each of two places: three pairs each


def test_nobody_does_anything_without_cuts_hides_and_seeks(drive):
    assert not sorting(drive, cuts=0, seeks=0).run(36).of("tie_orders")


def test_no_order_waits_however_many_one_month_brings(drive):
    pairs = [(a, b, "sibling") for a in range(12) for b in range(12) if a != b]
    everybody = {**SORTING, "reviews": 1000, "burden": "low", "seeks": 0, "gap": -1}
    run = drive({"respond.tie_sorting": everybody, "outcome.ties": {}}, pairs).run(1)
    asked = {frozenset((a, b)) for _, a, b in run.of("tie_orders", "subject", "other")}
    assert len(asked) == 66 and len(run.of("tie_orders")) == 132 and len(run.arm.stores["tie_changes"].data["subject"]) == 132


def candidates(n_boosted, boost, months=400):
    """How often each of ten women is noticed first by a man of the place."""
    who = np.arange(11)
    cols = SimpleNamespace(persons=SimpleNamespace(place=np.zeros(11, np.int64), sex=np.array([1] + [0] * 10)))
    boosted, seen = np.isin(who, np.arange(1, 1 + n_boosted)), np.zeros(11)
    for month in range(months):
        luck = Luck({"show": (np.uint64(1), np.uint64(2))}, None, month)
        seeker, candidate = _first_shown(who, boosted, cols, SimpleNamespace(boost=boost), luck)
        seen[candidate[seeker == 0]] += 1
    return seen[1:]


def test_a_boosted_profile_comes_first_as_many_times_as_often():
    seen = candidates(1, 5)
    assert seen.sum() == 400 and 0.29 < seen[0] / 400 < 0.43  # 5 of 14 tickets
    plain = candidates(1, 1)
    assert plain[0] / 400 < 0.16 and np.array_equal(plain, candidates(0, 9))


def test_one_more_candidate_moves_only_who_is_shown_the_newcomer():
    before = {}
    for n in (10, 11):
        who = np.arange(n)
        cols = SimpleNamespace(persons=SimpleNamespace(place=np.zeros(n, np.int64), sex=who % 2))
        luck = Luck({"show": (np.uint64(1), np.uint64(2))}, None, 3)
        seeker, candidate = _first_shown(who, np.zeros(n, bool), cols, SimpleNamespace(boost=1), luck)
        shown = dict(zip(seeker.tolist(), candidate.tolist(), strict=True))
        assert all(shown[i] == j or shown[i] == 10 for i, j in before.items())
        before = shown


FIRST = 240
UNWED = {
    "persons__wed_month": np.full(12, 32767, np.int16), "persons__wed_partner": np.full(12, -1, np.int32),
    "persons__divorce_month": np.full(12, 32767, np.int16),
}  # fmt: skip


def test_who_is_divorced_looks_again_and_who_has_wed_does_not(drive):
    """0 and 1 part in month 1; 2 and 3 wed in month 1 and part in month 3; 4 and 5 are partners for good."""
    world = {name: column.copy() for name, column in UNWED.items()}
    world["persons__divorce_month"][[0, 1]], world["persons__divorce_month"][[2, 3]] = FIRST + 1, FIRST + 3
    world["persons__wed_month"][[2, 3]], world["persons__wed_partner"][[2, 3]] = FIRST + 1, [3, 2]
    pairs = [(a, b, "partner") for a, b in ((0, 1), (1, 0), (4, 5), (5, 4))]
    made = drive({"conduct.dating": {"wishes": 1200, "wishes_by_age": 1}}, pairs, **world).run(4)
    seekers = [{s for m, s in made.of("date_requests", "subject") if m == month} for month in range(4)]
    alone = set(range(6, 12))
    assert seekers == [alone | {2, 3}, alone | {0, 1}, alone | {0, 1}, alone | {0, 1, 2, 3}]


def test_dating_needs_no_partner_and_other_standing_matters(drive):
    blocks = {"conduct.dating": {"wishes": 1200, "wishes_by_age": 1}, "outcome.dating": {**SEEN, "cut": 1000, "boost": 1, "gap": 50, "sticks": 1}}
    wed = {**UNWED}
    sex, score = np.arange(12, dtype=np.uint8) % 2, np.where(np.arange(12) < 4, -20_000, 0).astype(np.int32)
    world = {**wed, "persons__sex": sex, "persons__score": score, "persons__listed": np.zeros(12, np.uint8)}
    made = drive(blocks, [(0, 1, "partner"), (1, 0, "partner")], **world).run()
    seekers = {subject for _, subject in made.of("date_requests", "subject")}
    assert seekers == set(range(2, 12))
    dates = made.of("dates", "subject", "other", "agreed", "boosted")
    assert all(sex[a] != sex[b] and a // 6 == b // 6 for _, a, b, _, _ in dates)
    assert all(agreed == (score[a] == score[b]) and boosted == (score[a] == 0) for _, a, b, agreed, boosted in dates)
    kept = sum(agreed for *_, agreed, _ in dates)
    assert kept == len(made.of("tie_orders"))


def test_the_census_makes_the_correlation_out_of_whole_numbers(drive):
    pairs = [(0, 1), (0, 2), (1, 2), (3, 4), (4, 5)]
    score = np.array([0, -10, -20, -300, -280, -100, *[0] * 6]) * 100
    ties = [(a, b, "sibling") for a, b in pairs] + [(b, a, "sibling") for a, b in pairs]
    census = {"measure.ties": {**SEEN, "every": 1}}
    made = drive(census, ties, persons__score=score.astype(np.int32), persons__listed=np.zeros(12, np.uint8)).run()
    sums = {name: np.array([made.count(name)[0]]) for name in ("tie_ends", "tie_x", "tie_xx", "tie_y", "tie_yy", "tie_xy", "isolates", "tie_adults")}
    ends = np.array([(score[a], score[b]) for a, b in pairs] + [(score[b], score[a]) for a, b in pairs])
    assert correlation("tie")(sums, np.zeros(1))[0] == pytest.approx(np.corrcoef(ends.T)[0, 1], abs=1e-12)
    assert sums["isolates"] == 6 and sums["tie_adults"] == 12 and sums["tie_ends"] == 10
    assert made.count("tie_alike") == [4]  # 990 and 980, 700 and 720 lie in one band of 50 each; seen from both ends


def test_a_hidden_platform_score_looks_like_none(hand):
    held = hand.store("memberships", [0, 1], score=80_000, shown=[1, 0])
    cols = hand.cols({"score": np.zeros(3), "listed": np.array([0, 0, 2])}, (held,))
    p = REGISTRY["respond.tie_sorting"].params.compile({**SORTING, "source": "platform", "start": 600, "listed": 50})
    assert standing(cols, p, np.arange(3)).tolist() == [80_000, 60_000, 50_000]

