"""Scores that read friends: the posterior against enumeration, scores in a small network, parts of a network, ties that follow stars."""

from __future__ import annotations

import itertools
from fractions import Fraction as F
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from scslab.engine.declare import REGISTRY
from scslab.mechanisms.catalogue import load_all
from scslab.mechanisms.measure.components import labels
from scslab.mechanisms.network_scores import posterior, score_of
from scslab.mechanisms.standing import standing
from scslab.study.verify import play, scenario

load_all()
SIGNALS = {"error": 0.2}
SCORE = {"form": "friends", "error": 0.2, "mixing": 0.4, "scale": 1000}
SEEN = {"source": "ledger", "start": 500, "recovery": 0, "listed": 0}
SORTING = {"source": "ledger", "start": 500, "recovery": 0, "listed": 0, "reviews": 1200, "gap": 500, "cuts": 1, "hides": 0, "seeks": 0, "tries": 1}


def enumerated(own, high, low, error, mixing):
    """Sum over all types of the friends: a tie is 1 within a type and `mixing` across, a signal is wrong with chance `error`."""
    weight = {}
    for mine in (True, False):
        total = F(0)
        for friends in itertools.product((True, False), repeat=high + low):
            chance = F(1) if own == 0 else (1 - error if (own > 0) == mine else error)
            for at, kind in enumerate(friends):
                chance *= (1 if kind == mine else mixing) * (1 - error if kind == (at < high) else error)
            total += chance
        weight[mine] = total
    return weight[True] / (weight[True] + weight[False])


@pytest.mark.parametrize("own", [1, -1, 0])
def test_the_posterior_is_what_bayes_says(own):
    for high, low in ((0, 0), (3, 1), (1, 3), (2, 2), (0, 4)):
        for error, mixing in ((F(1, 5), F(2, 5)), (F(1, 20), F(0)), (F(2, 5), F(1))):
            assert posterior(own, high, low, error, mixing) == enumerated(own, high, low, error, mixing)


def test_scores_of_a_ring_by_hand():
    """Six persons in a ring, signals never wrong in effect: 0, 1, 2 high, 3, 4, 5 low; the bureau believes that one in five is wrong."""
    means = [255, 255, 255, 0, 0, 0]
    rules = {"observe.credit_signals": {"error": 0}, "decide.network_score": SCORE}
    played = scenario(rules, people=6, periods=1, world="ring", traits={"means": means})
    expected = [round(float(posterior(own, high, 2 - high, F(1, 5), F(2, 5))) * 100_000) for own, high in ((1, 1), (1, 2), (1, 1), (-1, 1), (-1, 0), (-1, 1))]
    assert (played.column("persons.score") + 50_000).tolist() == expected
    alone = scenario({**rules, "decide.network_score": {**SCORE, "form": "alone"}}, people=6, periods=1, world="ring", traits={"means": means})
    assert alone.column("persons.score").tolist() == [30_000] * 3 + [-30_000] * 3


def test_a_signal_lasts_and_is_wrong_as_often_as_stated():
    played = scenario({"observe.credit_signals": SIGNALS}, people=20_000, periods=3, traits={"means": 255})
    assert abs((played.column("persons.credit_signal") == 1).mean() - 0.2) < 0.012
    once = scenario({"observe.credit_signals": SIGNALS}, people=20_000, periods=1, traits={"means": 255})
    assert (once.column("persons.credit_signal") == played.column("persons.credit_signal")).all()


def test_cut_friends_count_no_more():
    rules = {"observe.credit_signals": {"error": 0}, "decide.network_score": SCORE, "respond.tie_sorting": SORTING, "outcome.ties": {}}
    played = scenario(rules, people=6, periods=2, world="ring", traits={"means": [255, 255, 255, 0, 0, 0]})
    after = [(1, 1), (1, 2), (1, 1), (-1, 0), (-1, 0), (-1, 0)]  # ties 2-3 and 5-0 are gone
    lows = [0, 0, 0, 1, 2, 1]
    expected = [round(float(posterior(own, high, low, F(1, 5), F(2, 5))) * 100_000) for (own, high), low in zip(after, lows, strict=True)]
    assert (played.column("persons.score") + 50_000).tolist() == expected


def test_signals_that_are_never_wrong_leave_nothing_to_weigh():
    for error in (0, 1):
        with pytest.raises(ValueError, match="error"):
            REGISTRY["decide.network_score"].params.compile({**SCORE, "error": error})
    assert score_of(0, 0, 1 << 29, 1 << 30, 1000) == 500


def test_parts_of_a_network_are_those_of_scipy():
    rng = np.random.default_rng(3)
    for people, ties in ((50, 20), (200, 150), (300, 900), (5, 0)):
        a, b = rng.integers(0, people, (2, ties))
        n, found = connected_components(coo_matrix((np.ones(ties), (a, b)), (people, people)), directed=False)
        mine = labels(a, b, people)
        assert len(np.unique(mine)) == n
        assert all(len(np.unique(found[mine == label])) == 1 for label in np.unique(mine))
        assert all(mine[i] == np.flatnonzero(mine == mine[i])[0] for i in range(people))


def test_who_stands_low_is_a_burden_to_those_who_stand_low_as_well():
    """In the ring 0, 1, 2 stand high and 3, 4, 5 low: everybody drops the low, and 3, 4, 5 have no friend left."""
    bureau = {"observe.credit_signals": {"error": 0}, "decide.network_score": {**SCORE, "form": "alone"}}
    rules = {**bureau, "outcome.ties": {}, "measure.ties": {**SEEN, "every": 1}}
    low = {**rules, "respond.tie_sorting": {**SORTING, "gap": 100, "burden": "low"}}
    lower = {**rules, "respond.tie_sorting": {**SORTING, "gap": 100}}
    arms = play({"low": low, "lower": lower}, people=6, periods=1, world="ring", traits={"means": [255, 255, 255, 0, 0, 0]})
    assert [arms[name].total("tie_ends") for name in arms] == [4, 8] and [arms[name].total("isolates") for name in arms] == [3, 0]


@pytest.mark.small_world
def test_parts_are_counted_after_cuts():
    rules = {"observe.credit_signals": {"error": 0}, "decide.network_score": SCORE, "measure.components": {"every": 1}}
    cut = {**rules, "respond.tie_sorting": SORTING, "outcome.ties": {}}
    arms = play({"kept": rules, "cut": cut}, people=6, periods=2, world="ring", traits={"means": [255, 255, 255, 0, 0, 0]})
    assert arms["kept"].counter("network_parts").tolist() == [1, 1]
    assert arms["cut"].counter("network_parts").tolist() == [2, 2]
    assert arms["cut"].counter("network_adults").tolist() == [6, 6]


def test_standing_by_stars_reads_the_stars_shown():
    cols = SimpleNamespace(persons=SimpleNamespace(stars=np.array([0, 65536, 98304], np.int32)), month=0)
    p = SimpleNamespace(source="stars", start=0, recovery=0, listed=0)
    assert standing(cols, p, np.array([2, 1, 0])).tolist() == [150, 100, 0]
