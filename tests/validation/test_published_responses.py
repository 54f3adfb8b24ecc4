"""Published models of responses and norms, small enough for every day; the sizes of the publications are behind `soak`."""

from __future__ import annotations

from decimal import Decimal as D
from fractions import Fraction

import pytest

from scslab.mechanisms.respond.self_censorship import best_act
from scslab.study.published.models import metanorms, network_scoring, peer_rating, self_censorship
from scslab.study.published.run import replicate
from scslab.study.verify import play


def test_brute_force_finds_what_can_be_found_by_hand():
    """Flat penalty .6, tolerance .25, surveillance .2, boldness 1: below .7115 people say .25, above it what they want; proportional: .625 at most."""
    held = self_censorship.by_force(D("0.7"), D(1), D("0.25"), D("0.6"), D("0.2"), "flat")
    free = self_censorship.by_force(D("0.72"), D(1), D("0.25"), D("0.6"), D("0.2"), "flat")
    assert (held, free) == (D("0.25"), D("0.72"))
    assert abs(self_censorship.by_force(D(1), D(1), D("0.25"), D(1), D("0.2"), "proportional") - D("0.625")) < D("1e-12")


@pytest.mark.parametrize("form", self_censorship.FORMS)
def test_best_acts_are_those_of_brute_force(form):
    assert self_censorship.furthest(form, seed=3, settings=60) < 1e-9


def test_a_wrong_best_act_would_be_found(monkeypatch):
    monkeypatch.setattr(self_censorship, "best_act", lambda d, b, t, s, v, form: best_act(d, b, t, s * Fraction(101, 100), v, form))
    assert self_censorship.furthest("proportional", seed=3, settings=60) > 1e-4


@pytest.mark.parametrize("form", self_censorship.FORMS)
def test_a_society_speaks_as_much_as_the_formula_says(form):
    share, worst = self_censorship.society(form, seed=2, periods=3)
    assert abs(share.value) < 4 * share.error and worst < 4.5 and share.error < 0.003


def test_norms_collapse_and_metanorms_hold():
    """Axelrod's finding with few runs: after 300 generations most norms have fallen, and hardly a metanorm."""
    shares = metanorms.collapsed(seed=1, runs=40, generations=300)
    assert shares["norms"] > 0.3 and shares["metanorms"] < 0.1


def test_public_norms_and_private_ones():
    stern = peer_rating.good_share(peer_rating.public("stern_judging"), 3, 10, 100, rounds=130)
    assert abs(stern.value - 0.9332) < 5 * stern.error + 0.001
    private = peer_rating.good_share(peer_rating.private("stern_judging"), 3, 4, 40, rounds=140)
    assert 0.45 < private.value < 0.55


def test_scores_that_read_friends_are_chances_and_thin_out_friendships():
    settings = {"world": "types", "degree": network_scoring.DEGREE, "mixing": network_scoring.MIXING}
    scored = play({"score": network_scoring.bureau("friends")}, people=network_scoring.PEOPLE, periods=1, seed=9, **settings)["score"]
    whole, worst = network_scoring.calibration(scored)
    assert abs(whole.value) < 4 * whole.error and worst < 4.5
    found = network_scoring.compared(seed=5, seeds=3)
    assert found["friends per person"].value < -1 and found["isolates of the low type, share"].value > 0.05 and found["parts of the network"].value > 50


@pytest.mark.soak
@pytest.mark.parametrize("name", ["metanorms", "network-scoring", "peer-rating", "self-censorship"])
@pytest.mark.parametrize("seed", [1, 2])
def test_models_meet_their_targets(name, seed):
    found = replicate([name], seed)[0]
    assert found["ok"], [row for row in found["rows"] if not row["pass"]]
