"""Peer rating: norms against their closed forms, stars, doors. CF24a, CF24b and CF30a, and freshly drawn parameters."""

from __future__ import annotations

from decimal import Decimal as D
from types import SimpleNamespace

import numpy as np
import pytest

from scslab.base.parameters import FACTOR_ONE
from scslab.engine.declare import REGISTRY
from scslab.engine.loop import Simulation
from scslab.engine.plan import Block
from scslab.mechanisms.catalogue import load_all
from scslab.mechanisms.kinds import MEASURE
from scslab.mechanisms.peers import NORM_NAMES, judged_good
from scslab.study.replicate import society_of
from scslab.world import build_world

load_all()
START = 216
MEET = {"looks_at": "standing", "meetings": 100, "slips": D("0.02"), "cut": 0}
STARS = {"mean": D("4.2"), "spread": D("0.6"), "charm": 0, "refused": 0, "conform": 0, "below": 0, "stigma": 0, "lowest": 0, "highest": 100}


def society(world, people, months, seed=1, **blocks):
    """Run some mechanisms on an abstract world and give the arm."""
    made = {}
    for name, plain in blocks.items():
        instance = name.replace("__", ".")
        mechanism = REGISTRY[instance.partition(":")[0]]
        made[instance] = Block(mechanism.name, mechanism.params.compile(plain) if mechanism.params else None)
    schedule = SimpleNamespace(at=lambda month: made, change_months=lambda a, b: set())
    simulation = Simulation(society_of(build_world(world, people, seed), seed, {}, 1, START), START, months)
    arm = simulation.add("a", schedule)
    simulation.run(START + months)
    return arm


def share(arm, top, bottom, last):
    return sum(arm.tallies[top][-last:].sum(axis=1)) / sum(arm.tallies[bottom][-last:].sum(axis=1))


def good_share(norm, slips, errs, people=2000, months=300):
    blocks = {"conduct__encounters": {**MEET, "slips": slips}, "observe__peer_ratings": {"norm": norm, "errs": errs}, "decide__peer_standing": {}}
    return share(society("regular", people, months, **blocks, measure__peer_standing={}), "peers_good", "peers_judged", months - 50)


def closed_form(norm, e, m):
    a = (1 - e) * (1 - m) + e * m
    return m / (1 - a + m) if norm == "image_scoring" else (1 - m) / (2 - m - a)


@pytest.mark.parametrize(
    ("norm", "slips", "errs", "tolerance"),
    [
        ("stern_judging", "0.02", "0.05", 0.01), ("standing", "0.02", "0.05", 0.01), ("image_scoring", "0.02", "0.05", 0.02),
        ("stern_judging", "0.1", "0.12", 0.01), ("image_scoring", "0.05", "0.1", 0.02),
    ],
)  # fmt: skip
def test_public_standing_matches_the_closed_form(norm, slips, errs, tolerance):
    assert good_share(norm, D(slips), D(errs)) == pytest.approx(closed_form(norm, float(slips), float(errs)), abs=tolerance)


def test_the_closed_forms_are_those_of_the_published_cases():
    assert closed_form("stern_judging", 0.02, 0.05) == pytest.approx(0.9332023576)
    assert closed_form("image_scoring", 0.02, 0.05) == pytest.approx(0.4237288136)


def test_without_slips_and_mistakes_everybody_stays_good():
    assert good_share("stern_judging", 0, 0, months=60) == 1
    assert good_share("image_scoring", 0, 0, months=60) == 1


def private(norm, months=60, **changed):
    meet, judge = {**MEET, "looks_at": "opinion"}, {"norm": norm, "sees": 1, "errs": D("0.05"), **changed}
    arm = society("islands", 500, months, conduct__encounters=meet, respond__opinions=judge, measure__peer_opinions={})
    return 1 - share(arm, "opinions_bad", "opinions_held", 12)


def test_private_opinions_under_stern_judging_drift_to_a_half():
    assert private("stern_judging") == pytest.approx(0.5, abs=0.02)
    assert private("stern_judging", months=12, errs=0, sees=0) == 1


def test_private_image_scoring_is_as_bad_as_public():
    assert private("image_scoring", months=120) == pytest.approx(0.42, abs=0.09)


def test_norms_differ_where_they_should():
    cases = [(helped, good) for helped in (0, 1) for good in (False, True)]
    verdicts = {norm: [bool(judged_good(norm, np.array([h]), np.array([g]))[0]) for h, g in cases] for norm in NORM_NAMES}
    assert verdicts == {
        "stern_judging": [True, False, False, True], "standing": [True, False, True, True],
        "image_scoring": [False, False, True, True], "shunning": [False, False, False, True],
    }  # fmt: skip


def stars(months, weight="0.05", people=2000, **changed):
    blocks = {"conduct__encounters": {**MEET, "looks_at": "stars", "slips": 0, "meetings": 1200}, "observe__star_ratings": {**STARS, **changed}}
    return society("regular", people, months, **blocks, decide__star_average={"weight": D(weight)}).columns["persons.stars"] / FACTOR_ONE


@pytest.mark.parametrize("weight", ["0.05", "0.2"])
def test_the_spread_of_stars_matches_the_closed_form(weight):
    """CF30a: s sqrt(w / (2 - w)); standard error of a standard deviation of 2,000: 1.6 percent of it."""
    shown, w = stars(200, weight), float(weight)
    assert shown.std() == pytest.approx(0.6 * (w / (2 - w)) ** 0.5, rel=0.065)
    assert shown.mean() == pytest.approx(4.2, abs=0.01)


def test_charm_lasts_and_a_stigma_pulls_down_only_those_below():
    plain, charmed, marked = (stars(80, "0.2", 400, charm=1, **more) for more in ({"spread": 0}, {}, {"stigma": 1, "below": 4}))
    assert plain.min() < 3.3 and plain.max() > 5.1 and abs(plain.mean() - 4.2) < 0.1
    assert (marked <= charmed + 1e-9).all() and (marked < charmed - 0.5).mean() > 0.2 and (marked == charmed).mean() > 0.2


def test_conformity_repeats_what_is_shown(hand):
    cols = hand.cols({"place": np.zeros(2)})
    cols.persons.stars = np.array([2, 4], np.int32) * FACTOR_ONE
    met = hand.batch("encounters", [0, 1], helped=[1, 0])
    params = {**STARS, "mean": 4, "spread": 0, "refused": 1, "conform": D("0.5")}
    rows = hand.step("observe.star_ratings", met, cols, params, taste=0)["star_ratings"]
    assert [row["stars"] / FACTOR_ONE for row in rows] == [3, 3.5]  # between 4 and 2; between 3 and 4


def test_doors_close_below_what_they_ask_and_open_again(hand):
    held = hand.store("burdens", [1, 2], mask=[1 << MEASURE.code("hotel"), 1 << MEASURE.code("hotel")])
    cols = hand.cols({"place": np.zeros(3)}, (held,))
    cols.persons.stars = (np.array([3.7, 3.7, 4.5]) * FACTOR_ONE).astype(np.int32)
    rows = hand.step("enforce.rating_access", hand.batch("", [0, 1, 2]), cols, {"asks": {"hotel": D("3.8"), "air": 3}})["impositions"]
    assert [(row["subject"], row["mask"]) for row in rows] == [(0, 1 << MEASURE.code("hotel")), (2, 0)]


def test_who_meets_whom_and_helps(hand):
    cols = hand.cols({"place": [0, 0, 0], "standing": [1, 1, 0], "stars": np.zeros(3)}, (hand.store("opinions", [0], sub=1),))
    cols.persons.place = np.zeros(3, np.int64)
    near = {0: [1, 2], 1: [0], 2: []}

    def expand(subjects):
        pairs = [(i, f) for i, s in enumerate(subjects) for f in near[int(s)]]
        return np.array([i for i, _ in pairs]), np.array([f for _, f in pairs]), None

    cols.networks = SimpleNamespace(friends=SimpleNamespace(expand=expand))
    params = {**MEET, "looks_at": "opinion", "slips": D("0.5")}
    rows = hand.step("conduct.encounters", hand.batch("", [0, 1, 2]), cols, params, whom=0, slip=2**31 - 1)["encounters"]
    assert [(row["subject"], row["other"], row["helped"]) for row in rows] == [(0, 1, 0), (1, 0, 1)]  # 0 thinks ill of 1; 2 knows nobody
    late = hand.step("conduct.encounters", hand.batch("", [1]), cols, params, whom=0, slip=0)["encounters"]
    assert late[0]["helped"] == 0
