"""When the measures of a list change, those on it already are reached from that month on; nobody else, and in no other month."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from tests.unit.conftest import START, N

from scslab.base.parameters import alike
from scslab.engine.declare import REGISTRY
from scslab.engine.plan import Block
from scslab.mechanisms.kinds import MEASURE

AIR, TRAIN, HOTEL = (MEASURE.code(name) for name in ("air", "high_speed_rail", "hotel"))
RULE = {"kinds": ["evasion"], "term": {"evasion": None}, "age_min": 18, "extension": 0, "longest": None, "relist_bar": 0, "grace": 0}
LIST = {"decide.binary_list:court": RULE, "decide.binary_list:higher": RULE, "review.register": {}, "enforce.book": {}}


@pytest.fixture
def dated(drive):
    """A list whose measures have dated shares: those of each month on, counted from the start; None = the rule is not in force."""

    def make(by_month, label="court"):
        instance = f"enforce.measures:{label}"
        run = drive({**LIST, instance: {"execution": 0, "spill": 0}})
        full = run.simulation.schedules["arm"].at(START)

        def at(month):
            values = by_month[max(m for m in by_month if m + START <= month)]
            rest = {name: block for name, block in full.items() if name != instance}
            if values is None:
                return rest
            return {**rest, instance: Block("enforce.measures", REGISTRY["enforce.measures"].params.compile({"execution": values, "spill": 0}))}

        run.simulation.schedules["arm"] = SimpleNamespace(at=at, change_months=lambda a, b: {m + START for m in by_month if a <= m + START < b})
        run.arm.bound = []
        run.arm.adopt(at(START))
        return run

    return make


def test_a_measure_added_reaches_those_listed_already_and_one_taken_away_leaves_them(dated):
    run = dated({0: {"air": 1}, 3: {"air": 1, "high_speed_rail": 1}, 5: {"high_speed_rail": 1}})
    run.put("national_records", 1, "evasion").run(2).put("national_records", 4, "evasion", true_actor=7).run(6)
    assert run.of("measures", "subject", "measure") == [(0, 1, AIR), (2, 4, AIR), (3, 1, TRAIN), (3, 4, TRAIN)]
    assert run.of("measure_ends", "subject", "measure") == [(5, 1, AIR), (5, 4, AIR)]
    assert [row.true_actor for row in run.rows["measures"]] == [1, 7, 1, 7], "the truth of the listing goes along"


def test_a_rule_that_comes_into_force_reaches_those_listed_already(dated):
    run = dated({0: None, 2: {"air": 1}}).put("national_records", 1, "evasion").run(4)
    assert run.of("measures", "subject", "measure") == [(2, 1, AIR)]


def test_those_listed_in_the_month_of_the_change_are_reached_once_and_other_lists_not_at_all(dated):
    run = dated({0: {"air": 1}, 2: {"hotel": 1}}).put("national_records", 1, "evasion").run(2).put("national_records", 2, "evasion").run(2)
    assert run.of("measures", "subject", "measure") == [(0, 1, AIR), (2, 1, HOTEL), (2, 2, HOTEL)]
    assert {row.list for row in run.rows["impositions"]} == {1} and set(run.listed("higher")) == {1, 2}


@pytest.mark.parametrize("label", ["court", "higher"])
def test_a_measure_whose_share_stays_is_kept_by_the_same_listings(dated, label):
    run = dated({0: {"air": 0.5, "hotel": 0.3}, 2: {"air": 0.5, "hotel": 0.8}}, label)
    run.put("national_records", np.arange(N), "evasion").run()
    first = {(row.subject, row.measure) for row in run.rows["measures"]}
    assert 0 < len(first) < 2 * N
    run.run(3)
    added = {(row.subject, row.measure) for row in run.rows["measures"] if row.month > START}
    assert added and {measure for _, measure in added} == {HOTEL} and not run.rows["measure_ends"] and not added & first
    assert {row.month for row in run.rows["impositions"]} == {START, START + 2}
    fresh = dated({0: {"air": 0.5, "hotel": 0.8}}, label).put("national_records", np.arange(N), "evasion").run()
    assert {(row.subject, row.measure) for row in fresh.rows["measures"]} == first | added, "as if the new shares had held from the start"


def test_other_months_wake_nobody_and_equal_numbers_are_no_change(dated, monkeypatch):
    seen, made = [], REGISTRY["enforce.measures"]

    def step(batch, cols, p, luck):
        seen.append((cols.month - START, len(batch.listings), len(batch.revised)))
        return made.step(batch, cols, p, luck)

    monkeypatch.setitem(REGISTRY, "enforce.measures", type(made)(**{**made.__dict__, "step": step}))
    dated({0: {"air": 1}, 2: {"air": 1}, 4: {"air": 0.5}}).put("national_records", 1, "evasion").run(6)
    assert seen == [(0, 1, 2), (4, 0, 2)], "the first month of the rules is looked at too; both lists, of which the rule takes its own"


def test_alike_compares_what_is_compiled():
    params = REGISTRY["enforce.measures"].params
    one, same, other = (params.compile({"execution": {"air": share}, "spill": 0}) for share in (0.5, 0.5, 0.6))
    assert alike(one, same) and not alike(one, other) and not alike(one, None)
