"""Life under a rule: what people see, their caution, habit, motives and what they move elsewhere, computed by hand."""

from __future__ import annotations

from decimal import Decimal as D
from types import SimpleNamespace

import numpy as np
import pytest

from scslab.base.luck import ONE
from scslab.base.parameters import FACTOR_ONE
from scslab.engine.declare import REGISTRY
from scslab.mechanisms.catalogue import load_all
from scslab.mechanisms.kinds import BASIS, CAUSE, KIND, MEASURE
from scslab.mechanisms.respond.practice import FULL
from scslab.mechanisms.restraint import left_by, raised

load_all()
SHAMING, OWN, KIN = MEASURE.code("shaming"), BASIS.code("own"), BASIS.code("kin")
QUARTER, HALF = D("0.25"), D("0.5")
SEES = {"reach": 3, "fades": HALF}
PLACES = {"start": np.array([0, 6, 12], np.int32), "urban": np.array([0, 1], np.uint8)}


def p(name, **plain):
    return REGISTRY[name].params.compile(plain)


def levels(sim):
    data = sim.arm.stores["salience"].data
    return dict(zip(data["subject"].tolist(), (data["level"] / FACTOR_ONE).tolist(), strict=True))


def in_places(hand, stores=(), **columns):
    place = np.repeat([0, 1], 6)
    made = hand.cols({"place": place, **columns}, stores=stores, places=PLACES)
    return made


def test_a_display_is_seen_by_people_of_the_place_and_forgotten(drive):
    """Two displays, reach 3, among six people: everybody sees one; then half is forgotten each month. One display: half see it."""
    sim = drive({"respond.salience": SEES})
    sim.put("measures", [1, 2], measure=SHAMING, basis=OWN).put("measures", [7], measure=SHAMING, basis=OWN).run()
    assert levels(sim) == {}, "seen from the next month on"
    sim.run()
    assert levels(sim) == {0: 1.0, 6: 0.5}
    sim.run(2)
    assert levels(sim) == {0: 0.25, 6: 0.125}
    sim.run(20)
    assert levels(sim) == {}, "below a thousandth it is forgotten"


def test_who_has_seen_one_already_does_not_count_twice(drive):
    sim = drive({"respond.salience": {"reach": 3, "fades": 0}})
    sim.put("measures", [7], measure=SHAMING, basis=OWN).run()
    sim.put("measures", [7], measure=SHAMING, basis=OWN).run()
    sim.run()
    assert levels(sim) == {6: 0.75}


@pytest.mark.parametrize("change", [{"measure": MEASURE.code("air"), "basis": OWN}, {"measure": SHAMING, "basis": KIN}])
def test_only_own_public_shaming_is_seen(drive, change):
    sim = drive({"respond.salience": SEES})
    sim.put("measures", [1, 2], **change).run(3)
    assert levels(sim) == {}


def test_nobody_sees_anything_with_reach_zero(drive):
    sim = drive({"respond.salience": {"reach": 0, "fades": HALF}})
    sim.put("measures", [1, 2], measure=SHAMING, basis=OWN).run(3)
    assert levels(sim) == {}


def test_caution_follows_what_the_place_has_seen(hand):
    columns = in_places(hand, (hand.store("salience", [6], level=FACTOR_ONE // 2),))
    step, who = REGISTRY["respond.caution"].step, np.array([0, 7])
    watched = p("respond.caution", kinds=["not_yielding"], strength=HALF)
    assert step("conduct.not_yielding", who, columns, watched).tolist() == [FACTOR_ONE, FACTOR_ONE * 3 // 4]
    assert step("caution.not_yielding", who, columns, watched).tolist() == [FACTOR_ONE, FACTOR_ONE * 3 // 4]
    assert step("conduct.littering", who, columns, watched) is None
    assert step("conduct.not_yielding", who, columns, p("respond.caution", kinds=["not_yielding"], strength=0)) is None


def test_a_habit_grows_where_the_rule_is_seen_and_fades_slowly_after(hand):
    """h' = h + (1 - h) x level x grows - h x fades, for everybody of the place."""
    store = hand.store("salience", [6], level=FACTOR_ONE // 2)
    columns = in_places(hand, (store,))
    columns.persons.__dict__["practice"] = np.zeros(12, np.uint16)
    given, step = p("respond.practice", grows=QUARTER, fades=D("0.125")), REGISTRY["respond.practice"].step
    everybody, expected = SimpleNamespace(lo=0, hi=12), 0.0
    for _ in range(5):
        step(everybody, columns, given, None)
        expected += (1 - expected) * 0.125 - expected * 0.125
        habit = columns.persons.practice / FULL
        assert habit[:6].max() == 0 and habit[6:] == pytest.approx(expected, abs=1e-3)
    store._store.data = hand.store("salience")._store.data
    step(everybody, columns, given, None)
    assert columns.persons.practice[6:] / FULL == pytest.approx(expected * 0.875, abs=1e-3)


def test_a_full_habit_takes_its_share_of_the_acts(hand):
    columns = hand.cols({"aware": [0, 0, 0]})
    columns.persons.__dict__["practice"] = np.array([0, FULL // 2, FULL], np.uint16)
    factor = REGISTRY["respond.habit"].step("conduct.not_yielding", np.arange(3), columns, p("respond.habit", kinds=["not_yielding"], strength=HALF))
    assert factor / FACTOR_ONE == pytest.approx([1, 0.75, 0.5], abs=1e-4)


def test_rewarded_deeds_crowd_out_motives_which_come_back(drive):
    """Two rewarded deeds in a month at a quarter each: 1 - .75 x .75; then a half comes back each month."""
    sim = drive({"respond.motives": {"kinds": ["volunteering"], "step": QUARTER, "returns": HALF}})
    sim.put("postings", [3, 3, 4], "volunteering", points=[200, 200, -200]).put("postings", [5], "littering", points=[200]).run()
    data = sim.arm.stores["crowded_out"].data
    assert data["subject"].tolist() == [3] and data["level"][0] / FACTOR_ONE == pytest.approx(1 - 0.75**2, abs=1e-4)
    sim.run()
    assert sim.arm.stores["crowded_out"].data["level"][0] / FACTOR_ONE == pytest.approx((1 - 0.75**2) / 2, abs=1e-4)
    sim.run(20)
    assert len(sim.arm.stores["crowded_out"]) == 0


def test_crowded_out_people_do_fewer_deeds(hand):
    columns = hand.cols({"aware": [0, 0]}, stores=(hand.store("crowded_out", [1], level=FACTOR_ONE // 2),))
    step, given = REGISTRY["respond.crowding_out"].step, p("respond.crowding_out", kinds=["volunteering"], strength=HALF)
    assert step("conduct.volunteering", np.arange(2), columns, given).tolist() == [FACTOR_ONE, FACTOR_ONE * 3 // 4]
    assert step("conduct.donation", np.arange(2), columns, given) is None


def test_what_caution_prevents_is_partly_done_elsewhere(hand):
    """Where caution leaves three quarters, a quarter of those with an occasion and a licence do it where nobody watches."""
    given = {"kind": "not_yielding", "drivers_only": True, "chances": 12, "moved": 1}
    columns = hand.cols({"role": [4, 4, 0]}, factors={"caution.not_yielding": 0.75})
    made = hand.step("respond.displacement", hand.batch("", range(3)), columns, given, act={0: ONE // 4 - 1, 1: ONE // 4, 2: 0})
    assert made["acts"] == [{"subject": 0, "kind": KIND.code("displaced"), "cause": CAUSE.code("will")}]
    free = hand.cols({"role": [4, 4, 4]}, factors={"caution.not_yielding": 1})
    assert hand.step("respond.displacement", hand.batch("", range(3)), free, given, act=0) == {}


def test_one_formula_thins_and_one_raises():
    level = np.array([0, FACTOR_ONE])
    assert left_by(level, ONE).tolist() == [FACTOR_ONE, 0] and left_by(level, 0).tolist() == [FACTOR_ONE] * 2
    assert raised(level, FACTOR_ONE).tolist() == [FACTOR_ONE] * 2 and raised(level, 0).tolist() == level.tolist()


def test_places_do_not_depend_on_spans(drive):
    found = []
    for spans in (1, 2):
        sim = drive({"respond.salience": SEES, "respond.practice": {"grows": QUARTER, "fades": 0}}, spans=spans)
        sim.put("measures", [1, 2, 7], measure=SHAMING, basis=OWN).run(4)
        found.append((levels(sim), sim.arm.columns["persons.practice"].tolist()))
    assert found[0] == found[1] and max(found[0][1]) > 0
