"""The other forms of trust, sensing, kin exposure and deterrence: off by default, and what it does, by hand."""

from __future__ import annotations

from decimal import Decimal as D

import numpy as np
import pytest

from scslab.base.parameters import FACTOR_ONE
from scslab.engine.declare import REGISTRY
from scslab.mechanisms.catalogue import load_all
from scslab.mechanisms.kinds import BASIS, CAUSE, KIND, MEASURE, TRUST

load_all()
START = 240
AIR, SCHOOL, KIN = MEASURE.code("air"), MEASURE.code("private_school"), BASIS.code("kin")
SECOND = {
    "outcome.trust": "every", "observe.camera": "afresh", "observe.police": "afresh", "observe.court_feed": "afresh",
    "enforce.kin": "relatives", "respond.deterrence": "gradual",
}  # fmt: skip


@pytest.mark.parametrize("name", SECOND)
def test_the_first_form_is_the_default(name):
    form = REGISTRY[name].params.fields()["form"]
    assert form.default == SECOND[name] == form.options[0] and len(form.options) >= 2


@pytest.mark.parametrize("form, events", [("every", 5), ("first", 3)])
def test_trust_moved_by_every_event_or_by_the_first_of_a_channel(drive, form, events):
    run = drive({"outcome.trust": {"form": form, "weights": dict.fromkeys(TRUST.names, -1)}})
    run.put("measures", [1, 1, 2], measure=AIR).run()
    run.put("measures", 1, measure=AIR).put("notices", 1).run()
    assert len(run.rows["trust_events"]) == events
    if form == "first":
        assert run.of("trust_events", "subject", "channel") == [
            (0, 1, TRUST.code("own_sanction")), (0, 2, TRUST.code("own_sanction")), (1, 1, TRUST.code("notice"))
        ]  # fmt: skip


CAMERA = {
    "kinds": ["littering"], "coverage": D("0.5"), "sensitivity": 1, "misattribution": 0, "look_drops_wrong": 0, "look_drops_right": 0,
}  # fmt: skip
POLICE = {"kinds": ["littering"], "coverage": D("0.5"), "sensitivity": {"littering": 1}}


@pytest.mark.parametrize("name, params", [("observe.camera", CAMERA), ("observe.police", POLICE)])
def test_acts_are_in_view_afresh_or_the_same_persons_always(drive, name, params):
    def seen(form):
        run = drive({name: {**params, "form": form}})
        for _ in range(40):
            run.put("acts", np.arange(12), "littering").run()
        return np.bincount([row.subject for row in run.rows["observations"]], minlength=12)

    afresh, lasting = seen("afresh"), seen("lasting")
    assert (afresh > 0).all() and (afresh < 40).all() and abs(afresh.mean() - 20) < 3
    assert set(lasting) == {0, 40}


FEED = {
    "months_to_suit": 1, "suit": 1, "grace": 1, "again": 1, "reported": 1, "sees_ability": D("0.5"), "false_ability": 0, "list_application": 1,
    "evasion": 0, "breach_of_limits": 0,
}  # fmt: skip


@pytest.mark.parametrize("form", ["afresh", "lasting"])
def test_the_courts_view_of_a_debt_changes_or_lasts(drive, form):
    run = drive({"observe.court_feed": {**FEED, "form": form}, "outcome.debts": {"write_off": None, "small": 0}})
    run.put("debts", np.arange(12), "missed_payment", amount=100, cause=CAUSE.code("will")).run(20)
    refusals = np.bincount([r.subject for r in run.rows["observations"] if r.kind == KIND.code("refusal_to_perform")], minlength=12)
    looks = np.bincount([r.subject for r in run.rows["observations"]], minlength=12)
    believed = {row.subject: row.able for row in run.rows["judgments"]}
    assert set(looks) == {18} and 0 < sum(believed.values()) < 12
    if form == "lasting":
        assert refusals.tolist() == [18 * believed[who] for who in range(12)]
    else:
        assert ((refusals > 0) & (refusals < 18)).all()


LIMITS = {
    "review.register": {}, "enforce.book": {},
    "decide.local_list:limits": {"kinds": ["unperformed_judgment"], "term": None, "age_min": 18, "extension": 0, "longest": None, "relist_bar": 0, "grace": 0},
    "enforce.measures:limits": {"execution": 0, "spill": {"private_school": 1}},
}  # fmt: skip


@pytest.mark.parametrize("form, reached", [("relatives", [3, 4]), ("household", [3])])
def test_measures_on_kin_reach_relatives_or_those_of_the_household(drive, form, reached):
    """Person 1 is the parent of 3, who lives with 1, and of 4, who does not; both are ten years old."""
    born = np.full(12, START - 12 * 40, np.int16)
    born[[3, 4]] = START - 120
    ties = [edge for child in (3, 4) for edge in ((1, child, "child"), (child, 1, "parent"))]
    home = np.arange(12, dtype=np.int32)
    home[3] = 1
    run = drive({**LIMITS, "enforce.kin": {"form": form, "child": ["private_school"]}}, ties, persons__birth_month=born, persons__household=home)
    run.put("records", 1, "unperformed_judgment").run(14)
    begun = run.of("measures", "subject", "measure", "basis", "source")
    assert begun == [(0, who, SCHOOL, KIN, 1) for who in reached] and run.rows["measure_ends"] == []


def test_deterrence_by_a_cutoff_stops_the_less_bold_altogether(hand):
    """Strength 1/2 times risk 1/2 is 1/4: whoever's boldness is below a quarter of 255 refrains, the others act as before."""
    made = REGISTRY["respond.deterrence"]
    bold = np.array([0, 60, 63, 64, 255, 0], np.uint8)
    cols = hand.cols({"boldness": bold, "aware": [3, 3, 3, 3, 3, 1]}, (hand.store("perceived_risk"),))
    params = {"form": "cutoff", "kinds": ["littering"], "known": D("0.5"), "strength": D("0.5")}
    assert made.step("conduct.littering", np.arange(6), cols, made.params.compile(params)).tolist() == [0, 0, 0, FACTOR_ONE, FACTOR_ONE, FACTOR_ONE]
    everybody = np.arange(256)
    cols = hand.cols({"boldness": everybody, "aware": np.full(256, 3)}, (hand.store("perceived_risk"),))
    for strength in (D("0.1"), D("0.5")):
        forms = [made.params.compile(params | {"strength": strength, "form": form}) for form in ("gradual", "cutoff")]
        slow, cut = (made.step("conduct.littering", everybody, cols, p).mean() for p in forms)
        assert abs(cut - slow) < 0.04 * FACTOR_ONE  # about the same on average
    gains = made.params.compile(params | {"strength": D("0.5"), "form": "gain"})
    assert (made.step("conduct.littering", everybody, cols, gains) == FACTOR_ONE - FACTOR_ONE // 4).all()  # 1 - 1/2 * 1/2, for everybody alike
    ruin = made.params.compile(params | {"strength": 3, "form": "gain"})
    assert (made.step("conduct.littering", everybody, cols, ruin) == 0).all()
    none = made.params.compile(params | {"strength": 0})
    assert made.step("conduct.littering", everybody, cols, none) is None
