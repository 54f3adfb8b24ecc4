"""Recorders join a run when something in its rules feeds them; a file that no rule uses changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.base.months import month
from scslab.engine.declare import REGISTRY, TABLES, Column, Each, Rows, Store, Sweep, mechanism, table
from scslab.engine.plan import build_plan
from scslab.mechanisms.catalogue import catalogue, fed_recorders, recorders
from scslab.regime import load_regime
from scslab.study.prepare import make_job
from scslab.study.replicate import RegimeSchedule, counters_of, load_arm, mechanisms_of, simulate
from scslab.study.results import Results


def nothing(batch, cols, p, luck):
    """Do nothing."""


@pytest.fixture
def whispers():
    """A system of one mechanism, its table, and recorders that wake on it; gone after the test."""
    catalogue()
    before, tables = dict(REGISTRY), dict(TABLES)
    table("a_whispers", {"loud": "int16"}, {}, "Sorted before every other table, so that every code of a table moves.")
    mechanism("observe.whispers", on=Rows("acts"), emits=("a_whispers",), owns=(Store("whispered"),), writes=(Column("persons.told", "uint8"),))(nothing)
    mechanism("measure.whispers", on=Rows("a_whispers"), tallies=("whispers",), emits=("a_echoes",))(nothing)
    table("a_echoes")
    mechanism("measure.echoes", on=Rows("a_echoes"), tallies=("echoes",))(nothing)
    mechanism("measure.whispered", on=Each("whispered"), tallies=("whispered",))(nothing)
    mechanism("measure.told", on=Sweep(every=12), reads=("persons.told", "persons.sex"), tallies=("told",))(nothing)
    mechanism("measure.itself", on=(Rows("a_own"), Each("owned")), owns=(Store("owned"),), emits=("a_own",), tallies=("own",))(nothing)
    table("a_own")
    yield ("measure.echoes", "measure.told", "measure.whispered", "measure.whispers")
    for register, kept in ((REGISTRY, before), (TABLES, tables)):
        register.clear()
        register.update(kept)


def test_recorders_join_by_table_store_column_and_recorder(whispers):
    assert {"measure.itself", *whispers} <= set(recorders())
    assert not {"measure.itself", *whispers} & set(fed_recorders(["conduct.service", "enforce.book"]))
    joined = fed_recorders(["observe.whispers"])
    assert set(whispers) <= set(joined) and "measure.itself" not in joined


def test_a_sweep_over_the_world_joins_always(whispers):
    mechanism("measure.world", on=Sweep(every=12), reads=("persons.sex",), tallies=("men",))(nothing)
    assert fed_recorders([]) == ["measure.world"]


def mini_job(**options):
    return make_job(("scs-mini",), (), "mini", against="none", people=1000, months=3, seeds=1, warm_up=0, **options)[0]


def seen(job):
    result = simulate(job, 0)
    plans = [build_plan(RegimeSchedule(load_arm(arm.yaml)).at(job.start)).table() for arm in job.arms]
    return plans, result.digests, [list(ledger) for ledger in result.ledger.values()], result.tallies


def test_a_file_that_no_rule_uses_changes_no_plan_no_digest_no_column(whispers):
    job = mini_job(events="full")
    with_file = seen(job)
    for name in [n for n in TABLES if n.startswith("a_")]:
        del TABLES[name]
    for name in ["observe.whispers", "measure.itself", *whispers]:
        del REGISTRY[name]
    without = seen(job)
    assert with_file[:3] == without[:3]
    assert all((with_file[3][arm][name] == array).all() for arm, names in without[3].items() for name, array in names.items())


def test_every_recorder_of_a_run_on_ordinary_law_has_something_to_record():
    """The rules of the library feed all recorders but those of systems of their own."""
    names = {clause.mechanism for clause in load_regime("court-list", catalogue()).clauses.values()}
    assert {"measure.acts", "measure.burden", "measure.judgments", "measure.listings", "measure.touched", "measure.trust"} <= set(fed_recorders(names))


def test_a_regime_names_its_counters_also_of_the_ledger_without_unsound_records():
    regime = load_regime("rongcheng-2016", catalogue())
    assert "grades_lowered" in counters_of(regime) and "measure.sound_ledger" in mechanisms_of(regime)
    assert "grades_lowered" not in counters_of(load_regime("ordinary-law", catalogue()))


def test_an_outcome_is_zero_in_an_arm_without_the_rule_and_left_out_where_no_arm_has_it(tmp_path):
    job = mini_job()
    results = Results.of(job, [simulate(job, 0)])
    assert results.counted is not None
    assert "listings_started" in results.counted["scs-mini"] and "listings_started" not in results.counted["none"]
    names = {row["outcome"] for row in results.effects()}
    assert {"listed", "loans"} <= names and not {"appeals_granted", "freed_though_sound"} & names
    assert results.counts("listed") and not results.counts("appeals_granted")
    results.save(tmp_path)
    assert Results.load(tmp_path).counted == results.counted
    assert not any(np.any(array) for name, array in results.tallies["none"][0].items() if name.startswith("listings_started"))


def test_the_recorders_of_an_arm_stay_the_same_whatever_is_in_force():
    """A recorder keeps state (who was ever touched): it must not leave when the rule that feeds it ends."""
    regime = load_regime("court-list", catalogue())
    schedule = RegimeSchedule(regime)
    early, late = ({name for name in schedule.at(month("2010-12" if first else "2018-01")) if name in recorders()} for first in (True, False))
    assert early == late and "decide.binary_list:court" not in schedule.at(month("2010-12"))


def test_arms_of_a_run_count_alike_where_their_rules_are_alike():
    """The comparator lacks only the recorders of what it has not; what both count is counted by the same recorders."""
    job = make_job(("court-list",), (), "county", people=300, months=2, seeds=1, warm_up=0)[0]
    kept = {arm.name: set(counters_of(load_arm(arm.yaml))) for arm in job.arms}
    assert kept["ordinary-law"] <= kept["court-list"]
    shared = {name for name in kept["court-list"] if name in ("acts", "speech", "judgments", "loans", "burden_months", "trust")}
    assert shared <= kept["ordinary-law"]
