"""Guilt by association: friends under measures, scores that follow those near, children and school; against hand calculations and closed forms."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scslab.base import luck
from scslab.base.errors import InputError
from scslab.engine.access import Cols, NetworkView
from scslab.engine.batches import Batches
from scslab.engine.declare import REGISTRY
from scslab.mechanisms.decide.score_spill import Params
from scslab.mechanisms.kinds import BASIS, KIND, MEASURE, RELATION
from scslab.mechanisms.wrongfulness import WRONG, wrong_class

N, START = 12, 240
CREDIT, JOB = 1 << MEASURE.code("credit"), 1 << MEASURE.code("public_job")
BOOK = {"enforce.book": {}}


# ------------------------------------------------------------------ measures on friends


def network(ties, size=N):
    """A network of (a, b, relation of b to a)."""
    edges = sorted((a, b, RELATION.code(r)) for a, b, r in ties)
    offsets = np.searchsorted([a for a, _, _ in edges], np.arange(size + 1)).astype(np.int32)
    relation = np.array([r for *_, r in edges], np.uint8)
    return SimpleNamespace(kind="csr", offsets=offsets, target=np.array([b for _, b, _ in edges], np.int32), relation=relation)


def near(drive, kin=(), friends=(), months=2, **reach):
    """Person 1 is under measures that spill credit; ties of kin and friends of their own."""
    rows = drive({"enforce.kin": reach, **BOOK}, ties=kin, persons__household=np.arange(N, dtype=np.int32))
    rows.arm.society.networks["friends"] = network(friends)
    rows.arm.adopt(rows.simulation.schedules["arm"].at(START))
    return rows.put("impositions", [1], list=1, mask=0, spill=CREDIT).run(months)


BOTH = [(1, 2, "sibling"), (2, 1, "sibling")]


def test_friends_bear_what_rules_name_for_them_a_month_later(drive):
    found = near(drive, friends=BOTH, friend=["credit"]).rows["measures"]
    assert [(row.subject, row.basis, row.month - START, row.source) for row in found] == [(2, BASIS.code("associate"), 1, 1)]
    both = near(drive, kin=BOTH, friends=BOTH, friend=["credit"], sibling=["credit"]).rows["measures"]
    assert [(row.basis, row.month - START) for row in both] == [(BASIS.code("kin"), 0)]
    for none in (near(drive, friends=BOTH, friend=["public_job"]), near(drive, friends=BOTH), near(drive, kin=BOTH)):
        assert none.rows["measures"] == []


def test_measures_on_friends_end_with_the_listing(drive):
    rows = near(drive, friends=BOTH, months=3, friend=["credit"])
    rows.put("listing_ends", [1], list=1).run(2)
    ended = [(row.subject, row.basis, row.source) for row in rows.rows["measure_ends"]]
    assert ended == [(2, BASIS.code("associate"), 1)] and len(rows.arm.stores["kin_burdens"]) == 0


def test_kin_exposure_is_binomial(hand):
    """P(at least one of n relatives is listed) = 1 - (1 - p)^n, for relatives listed each on their own with chance p."""
    n, p, families = 3, 0.3, 4000
    size = families * (n + 1)
    ego = np.arange(0, size, n + 1)
    ties = [(a, a + k, "sibling") for a in ego.tolist() for k in range(1, n + 1)]
    ties += [(b, a, r) for a, b, r in ties]
    listed = np.flatnonzero(luck.words(luck.stream_key(3, "listed"), np.arange(size)) < luck.threshold(p))
    listed = listed[listed % (n + 1) > 0]
    burdens = hand.store("burdens", listed, sub=1, spill=CREDIT, mask=0)
    columns = hand.cols({"household": [0] * size}, (burdens, hand.store("kin_burdens")))
    columns.networks.__dict__["kin"] = NetworkView(network(ties, size))
    made = REGISTRY["enforce.kin"]
    empty = {name: hand.batch("", []) for name in ("kin_burdens", "burdens", "spill")}
    given = Batches({**empty, "kin_checks": hand.batch("kin_checks", ego)})
    reached = [e for e in made.step(given, columns, made.params.compile({"sibling": ["credit"]}), None) if e.table == "measures"]
    expected = 1 - (1 - p) ** n
    assert len(reached[0].subject) / families == pytest.approx(expected, abs=4 * (expected * (1 - expected) / families) ** 0.5)


# ------------------------------------------------------------------ scores that follow those near


def spill(hand, subjects, points, ties=(), size=N, household=None, **params):
    """Spread changes; points in whole points. Returns points by person."""
    ring = NetworkView(network([(a, b, "partner") for a, b in ties], size))
    home = np.arange(size) if household is None else np.asarray(household)
    start = np.searchsorted(home, np.arange(home.max() + 2)).astype(np.int32)
    cols = Cols({"persons": {"household": home.astype(np.int32)}, "households": {"start": start}}, {}, {"kin": ring, "friends": ring}, {}, "", size)
    cols.month = hand.month
    rows = hand.batch("postings", subjects, kind=KIND.code("littering"), points=np.asarray(points) * 100, true_actor=subjects)
    made = REGISTRY["decide.score_spill"].step(rows, cols, Params.compile({"form": "shared", "near": "kin", **params}), None)
    total = np.zeros(size)
    if made is not None:
        np.add.at(total, made.subject, np.asarray(made.columns["points"]) / 100)
    np.add.at(total, subjects, points)  # what the ledger posted itself
    return total


def test_a_family_of_four_shares_a_loss(hand):
    """CF08c: own -72.727, each of three relatives -9.091, the household -100."""
    total = spill(hand, [4], [-100], household=[0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], near="household", weight=0.3)
    assert total[4] == pytest.approx(-72.727, abs=0.02) and total[5:8] == pytest.approx([-9.091] * 3, abs=0.02)
    assert total.sum() == pytest.approx(-100, abs=0.05) and not total[:4].any() and not total[8:].any()


def test_a_ring_of_friends_shares_a_loss(hand):
    """CF08a: on a ring of 200 the shocked person keeps -73.380."""
    size = 200
    ties = [(i, (i + d) % size) for i in range(size) for d in (-1, 1)]
    total = spill(hand, [50], [-100], ties, size, near="friends", weight=0.3)
    assert total[50] == pytest.approx(-73.37993857, abs=0.02) and total.sum() == pytest.approx(-100, abs=0.1)
    assert total[49] == total[51] and total[49] < total[48] < 0


def test_added_scores_multiply_and_a_weight_without_end_is_refused(hand):
    """CF08d: where changes come on top, one change moves the sum of all scores by 1 / (1 - a)."""
    size = 60
    ties = [(i, (i + d) % size) for i in range(size) for d in (-1, 1)]
    total = spill(hand, [10], [-100], ties, size, form="added", weight=0.3)
    assert total.sum() == pytest.approx(-142.857, abs=0.1)
    with pytest.raises(ValueError, match="below 1"):
        Params.compile({"form": "added", "near": "kin", "weight": 1})
    with pytest.raises(ValueError, match="weight"):
        Params.compile({"form": "shared", "near": "kin", "weight": 1.1})


def test_weight_zero_and_no_relatives_move_nobody(hand):
    ties = [(0, 1), (1, 0)]
    assert spill(hand, [0], [-100], ties, weight=0).tolist() == [-100] + [0] * (N - 1)
    alone = spill(hand, [5], [-100], ties, weight=0.3)
    assert alone[5] == pytest.approx(-70, abs=0.01) and not np.delete(alone, 5).any()


def test_changes_add_up_whoever_they_come_from(hand):
    ties = [(0, 1), (1, 0), (1, 2), (2, 1)]
    apart = spill(hand, [0], [-50], ties, weight=0.3) + spill(hand, [2], [30], ties, weight=0.3)
    assert spill(hand, [0, 2], [-50, 30], ties, weight=0.3) == pytest.approx(apart, abs=0.02)


def test_scores_follow_a_month_later_and_only_once(drive):
    ledger = {"start": 1000, "floor": 0, "cap": 1300, "per_record": {"littering": -10}, "recovery": 0, "grades": {"D": 0, "A": 998}, "override_months": None}
    blocks = {"decide.ledger": ledger, "decide.score_spill": {"form": "shared", "near": "kin", "weight": 0.4}, "measure.association": {}}
    world = {"persons__household": np.arange(N, dtype=np.int32), "households__start": np.arange(N + 1, dtype=np.int32)}
    rows = drive(blocks, ties=[(1, 2, "partner"), (2, 1, "partner")], **world).put("records", [1], "littering").run()
    score = rows.arm.columns["persons.score"]
    assert score[[1, 2]].tolist() == [-1000, 0]
    rows.run()
    after = score[[1, 2]].tolist()
    assert after == [pytest.approx(-714, abs=2), pytest.approx(-286, abs=2)] and sum(after) == pytest.approx(-1000, abs=2)
    rows.run(6)
    assert score[[1, 2]].tolist() == after
    count = {name: int(array.sum()) for name, array in rows.arm.tallies.items()}
    assert count["association_points"] == 1 and count["association_falls"] == 1


def test_a_score_for_anothers_record_is_association_whatever_the_record(hand):
    rows = hand.batch("postings", [1, 1], kind=KIND.code("association"), true_actor=2, fault=[0, 1])
    assert [WRONG.names[code] for code in wrong_class(rows)] == ["W6", "W1"]


# ------------------------------------------------------------------ children


@pytest.mark.small_world
def test_children_of_the_listed_are_counted_apart_and_remembered(drive):
    born = np.full(N, START - 480, np.int16)
    born[[2, 3]] = START - 12 * 7
    ties = [(1, 2, "child"), (2, 1, "parent")]
    measures = {"measures": ["private_school"], "years": 3}
    rows = drive({"measure.children": measures, "review.register": {}, "review.memory": {}}, ties=ties, persons__birth_month=born)
    rows.put("entries", [1], list=1, until=START + 60).run()
    code = MEASURE.code("private_school")
    rows.put("school_requests", [2, 3]).put("refusals", [2, 2, 1], "school_application", measure=code).run(13)
    rows.put("refusals", [2], "school_application", measure=code).put("refusals", [3], measure=code).run()
    count = {name: int(array.sum()) for name, array in rows.arm.tallies.items()}
    assert [count[f"school_asked{of}"] for of in ("", ".parent_listed", ".no_parent_listed")] == [2, 1, 1]
    assert count["school_refused"] == count["school_refused.parent_listed"] == 2
    assert count["school_refused_again"] == count["school_doors_shut"] == 1 and count["school_years_lost"] == 9


def test_restrictions_are_split_by_degree(hand):
    """Person 2 bears for a sibling, person 3 for a friend."""
    made = REGISTRY["measure.burden"]
    kin_burdens = hand.store("kin_burdens", [2, 3], mask=CREDIT | JOB, source=[1, 1])
    cols = hand.cols({"sex": [0] * 4}, (hand.store("burdens"), kin_burdens, hand.store("listings")))
    cols.networks.__dict__["kin"] = NetworkView(network(BOTH, 4))
    given = Batches({"burdens": hand.each(hand.store("burdens")), "kin_burdens": hand.each(kin_burdens)})
    found = {tally.name: len(tally.subject) for tally in made.step(given, cols, None, None)}
    assert found["no_own_act_months"] == 2 and found["no_own_act_months.sibling"] == 1 and found["no_own_act_months.friend"] == 1


def test_fine_changes_are_told_to_a_part_in_a_billion_and_too_large_ones_are_refused(hand):
    ties = [(i, j, "sibling") for i in range(3) for j in range(3) if i != j]
    cols = {"networks": {"kin": NetworkView(network(ties))}}
    rows = hand.batch("postings", [0], kind=KIND.code("offence"), points=-10_000, id=7)
    params = Params.compile({"near": "kin", "weight": 0.3, "fine": True})
    made = REGISTRY["decide.score_spill"].step(rows, Cols({}, {}, cols["networks"], {}, "", N), params, None)
    fine = np.zeros(N)
    fine[made[1].subject] = made[1].columns["fine"] / (1 << 36) / 100
    a = 0.3
    other = -100 * (1 - a) * (1 / (3 * (1 - a)) - 1 / (3 * (1 + a / 2)))
    assert fine[:3] == pytest.approx([-2 * other, other, other], abs=1e-10) and not fine[3:].any()
    most = hand.batch("postings", [0], kind=KIND.code("offence"), points=-50_000, id=7)
    assert REGISTRY["decide.score_spill"].step(most, Cols({}, {}, cols["networks"], {}, "", N), params, None), "500 points are still handed on"
    rows = hand.batch("postings", [0, 1], kind=KIND.code("offence"), points=[-50_001, 100], id=[7, 8])
    with pytest.raises(InputError, match="500 points"):
        REGISTRY["decide.score_spill"].step(rows, Cols({}, {}, cols["networks"], {}, "", N), params, None)
