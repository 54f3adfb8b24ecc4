"""Sensors that belong to a ledger are about only where one is kept; those that hold everywhere are not touched."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.conftest import N

from scslab.base.months import month
from scslab.study.library import load_regime

CERTAIN = ("misattribution", "look_drops_wrong", "look_drops_right")
ACT = {
    "observe.police:village": ("littering", {"kinds": ["littering"], "coverage": 1, "sensitivity": 1, "sensor": "inspection"}),
    "observe.camera": ("jaywalking", {"kinds": ["jaywalking"], "coverage": 1, "sensitivity": 1, **dict.fromkeys(CERTAIN, 0)}),
    "observe.self_report": ("volunteering", {"kinds": ["volunteering"], "reported": 1, "inflated": 0, "claimed_as": "volunteering"}),
}
ENROLMENT = {"age_min": 0, "consent": 1}


@pytest.mark.parametrize("sensor", ACT)
@pytest.mark.parametrize("spans", [1, 3])
def test_a_sensor_of_a_ledger_is_about_only_where_one_is_kept(drive, sensor, spans):
    kind, params = ACT[sensor]
    for places, where_kept, expected in ((0, True, 0), (1, True, N), (0, False, N)):
        blocks = {sensor: {**params, "where_kept": where_kept}, "record.enrolment": {**ENROLMENT, "places": places}}
        run = drive(blocks, spans=spans).run().put("acts", np.arange(N), kind).run()
        assert len(run.rows["observations"]) == expected, (places, where_kept)


def test_it_is_about_in_the_places_whose_people_are_enrolled(drive):
    kind, params = ACT["observe.camera"]
    found = set()
    for places in np.linspace(0, 1, 9):
        blocks = {"observe.camera": {**params, "where_kept": True}, "record.enrolment": {**ENROLMENT, "places": float(places)}}
        run = drive(blocks).run().put("acts", np.arange(N), kind).put("records", np.arange(N), kind).run()
        assert {row.subject for row in run.rows["observations"]} == set(np.flatnonzero(run.arm.columns["persons.enrolled"] == 1).tolist())
        found.add(len(run.rows["observations"]))
    assert found == {0, N // 2, N}, "none, one and both of two places"


@pytest.mark.parametrize("name", ["china-2018", "china-2014-2025"])
def test_the_combined_regimes_keep_ledgers_and_their_sensors_together(name):
    national, blocks = load_regime("ordinary-law").at(month("2018-07")), load_regime(name).at(month("2018-07"))
    assert blocks["observe.police:village"].params.where_kept and blocks["observe.self_report"].params.where_kept
    assert not blocks["observe.police"].params.where_kept and not blocks["observe.self_report:deeds"].params.where_kept
    camera = blocks["observe.camera"].params
    assert not camera.where_kept and camera.coverage.tolist() == national["observe.camera"].params.coverage.tolist()
    alone = load_regime("rongcheng-2016").at(month("2018-07"))
    assert not alone["observe.police:village"].params.where_kept, "a world that is one county with a ledger is watched as before"


