"""Runs over worlds: draws are stratified, shared by all arms, balanced over structures, and reproduce byte for byte."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from scslab import api
from scslab.base.errors import InputError
from scslab.cli import main
from scslab.measure.worlds import by_chance, sign_share, spearman, tornado
from scslab.mechanisms.catalogue import catalogue
from scslab.regime import load_regime
from scslab.regime.clauses import check_compiles
from scslab.store import read_table
from scslab.study import sampling
from scslab.study.job import Job
from scslab.study.prepare import make_job
from scslab.study.replicate import arms_of, load_arm

WORLDS = 4
SMALL = {"world": "county", "people": 1000, "months": 3, "warm_up": 1, "events": "off"}


@pytest.fixture(scope="module")
def job():
    return make_job(["rongcheng-2016", "court-list"], ["notice"], **SMALL, worlds=WORLDS, seed=3)[0]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A regime that changes nothing beside its comparator: the same rules under another name."""
    folder = tmp_path_factory.mktemp("worlds")
    (folder / "twin.yaml").write_text("schema: 1\nname: twin\ntitle: Twin\nkind: regime\nextends: ordinary-law\nmechanisms: {}\n")
    return api.run(str(folder / "twin.yaml"), **SMALL, worlds=WORLDS, seed=3, threads=1, out=folder / "run")


def test_every_quantile_has_one_world_in_each_stratum(job):
    for factor in job.draws[0]["at"]:
        found = [draw["at"][factor] for draw in job.draws if not draw["moved"]]
        strata = [int(u * WORLDS) for u in found]
        assert len(set(strata)) == len(strata), factor
    assert sorted(int(u * 64) for u in sampling.stratified(5, "x", 64)) == list(range(64))
    apart = [abs(spearman(sampling.stratified(1, a, 64), sampling.stratified(1, b, 64))) for a, b in combinations("abcdefgh", 2)]
    assert max(apart) < 0.45  # factors are drawn apart


def test_arms_share_draws_and_values_stay_in_range(job):
    comparator, regime, *_ = arms_of(job, 2)
    stated = [load_arm(arm.yaml) for arm in job.arms[:2]]
    base = {row[:3]: (row.value, row.range) for row in stated[0].assumed_numbers()}
    ours = {row[:3]: row.value for row in comparator.assumed_numbers()}
    shared = 0
    for row, before in zip(regime.assumed_numbers(), stated[1].assumed_numbers(), strict=True):
        assert row.range[0] <= row.value <= row.range[1]
        if base.get(row[:3]) == (before.value, before.range):
            assert row.value == ours[row[:3]]
            shared += 1
    assert shared > 200
    assert comparator.hash != stated[0].hash


def test_structures_are_balanced(job):
    regimes = [load_arm(arm.yaml) for arm in job.arms]
    options = sampling.forms_of(regimes)
    assert {"respond.risk form", "respond.self_censorship form"} <= set(options)
    for worlds in (4, 8, 10, 64):
        made = sampling.structures(1, options, worlds)
        for name, forms in options.items():
            counted = Counter(structure[name] for structure in made)
            assert {counted[form] for form in forms} <= {worlds // len(forms), -(-worlds // len(forms))} and sum(counted.values()) == worlds
    assert {"enforce.kin form", "outcome.trust form", "respond.deterrence form", "observe.camera form", "observe.court_feed form"} <= set(options)
    assert all(made["observe.camera form"] == made["observe.court_feed form"] for made in sampling.structures(1, options, 64))
    few = {name: options[name] for name in ("respond.risk form", "respond.self_censorship form", "observe.camera form", "observe.police form")}
    assert set(Counter(tuple(s.values()) for s in sampling.structures(1, few, 64)).values()) == {64 // 2**3}
    assert arms_of(job, 0)[1].clauses["respond.risk"].params["form"].value == job.draws[0]["structure"]["respond.risk form"]


def test_values_at_quantiles():
    rows = {(r.instance, r.param, r.key): r for r in load_regime("ordinary-law", catalogue()).assumed_numbers()}
    flat = sampling.Drawn(rows["conduct.traffic", "trips", ""], "f", "uniform", False)
    assert [sampling.value_at(flat, u) for u in (0, 0.5, 1)] == [Decimal(1), Decimal("3.5"), Decimal(6)]
    wide = sampling.Drawn(replace_range(flat.row, "1", "100"), "f", "log-uniform", False)
    assert sampling.value_at(wide, 0.5) == Decimal(10)
    whole = sampling.Drawn(replace_range(flat.row, "0", "3"), "f", "uniform", True)
    assert Counter(int(sampling.value_at(whole, (k + 0.5) / 40)) for k in range(40)) == dict.fromkeys(range(4), 10)
    table = sampling.Drawn(rows["conduct.payment", "exposure", "male/minor"], "f", "table", False)
    assert table.row.value == 0 == sampling.value_at(table, 0.9)  # a structural zero stays
    moved = sampling.Drawn(replace_range(flat.row, "1", "6"), "f", "moved", False)
    assert sampling.value_at(moved, 0.5) == moved.row.value and sampling.value_at(moved, 1.0) == 6


def replace_range(row, low, high):
    return row._replace(range=(Decimal(low), Decimal(high)))


def test_draws_that_do_not_fit_together_move_as_one(tmp_path):
    path = tmp_path / "tight.yaml"
    path.write_text(
        "schema: 1\nname: tight\ntitle: Tight\nkind: regime\nextends: rongcheng-2016\nmechanisms:\n  decide.ledger:\n"
        "    floor: {value: 0, unit: points, evidence: assumed, range: [0, 1000]}\n"
        "    start: {value: 1000, unit: points, evidence: assumed, range: [0, 1000]}\n"
    )
    regime = load_regime(str(path), catalogue())
    draws = sampling.draw_worlds([regime], ["tight"], 16, 1)
    assert any("decide.ledger" in draw["moved"] for draw in draws)
    for draw in draws:
        clause = sampling.drawn_regime(regime, "tight", draw).clauses["decide.ledger"]
        assert not check_compiles(clause, catalogue())


def test_jobs_keep_draws(job):
    again = make_job(["rongcheng-2016", "court-list"], ["notice"], **SMALL, worlds=WORLDS, seed=3)[0]
    assert again.stamp() == job.stamp() == Job.from_json(job.to_json()).stamp()
    assert replace(job, draws=job.draws[::-1]).stamp() != job.stamp()
    assert "--worlds 4" in job.command and "worlds=4" in job.python_call
    with pytest.raises(InputError, match="both"):
        make_job(["court-list"], worlds=3, seeds=3)
    with pytest.raises(InputError, match="--worlds"):
        make_job(["court-list"], worlds=0)


def test_a_null_regime_makes_no_difference_in_any_world(run):
    found = read_table(run.path / "world_outcomes.parquet")
    mine = found["against"] == "ordinary-law"
    known = np.isfinite(found["difference"][mine])
    assert known.sum() > 50 and not found["difference"][mine][known].any()
    rows = [row for row in run.effects() if row["difference"] is not None]
    assert rows and all(row["difference"] == 0 == row["low"] == row["high"] and row["share"] == 1 for row in rows)
    assert {row["label"] for row in rows} == {"worlds: 4"}
    assert {row["in_worlds"] for row in rows} == {"no difference in 4 of 4 worlds"}


def test_folders_hold_draws_and_reproduce(run):
    drawn = read_table(run.path / "worlds.parquet")
    assert {"world", "instance", "param", "key", "value"} <= set(drawn) and set(drawn["world"]) == set(range(WORLDS))
    assert api.reproduce(run.path, threads=1)["same"]
    notes = " ".join(run.manifest.notes)
    assert "Only 4 worlds" in notes and "5th to 95th percentile" in notes
    page = (run.path / "report.html").read_text(encoding="utf-8")
    assert "5th to 95th percentile" in page and "Moves the headline most" in page
    assert run.events.sql("select count(distinct world) worlds from world_outcomes")["worlds"].tolist() == [WORLDS]


def test_from_the_command_line(tmp_path, capsys):
    out = str(tmp_path / "run")
    said = ["run", "court-list", "--world", "county", "--people", "400", "--months", "2", "--warm-up", "1", "--worlds", "2", "--threads", "1"]
    assert not main([*said, "--events", "off", "--out", out, "--json"])
    document = json.loads(capsys.readouterr().out)
    assert document["interval"] == "worlds: 2" and document["band"] == "5th to 95th percentile (worlds: 2)"
    assert all("in_worlds" in row for row in document["effects"])
    assert {row["worlds"] for row in document["by_structure"]} == {1}


def test_rank_correlation_and_tornado():
    rng = np.random.default_rng(1)
    a, b = rng.integers(0, 9, 40), rng.integers(0, 9, 40)
    assert spearman(a, b) == pytest.approx(stats.spearmanr(a, b).statistic, abs=1e-12)
    inputs = {f"i{k:02d}": rng.random(64) for k in range(40)}
    rows = tornado(inputs, {"listed": inputs["i07"] * 3 - 1, "burden": rng.random(64)})
    first = {row["outcome"]: row for row in rows if row["rank"] == 1}
    assert first["listed"]["input"] == "i07" and first["listed"]["correlation"] == 1 and first["listed"]["clear"]
    assert not first["burden"]["clear"] and first["listed"]["when_low"] < first["listed"]["when_high"]
    assert len(rows) == 10
    assert by_chance(list(inputs.values())[:3], np.zeros(64)) == 1.0


def test_share_of_worlds():
    assert sign_share([-1, -2, 3]) == (2 / 3, "in 2 of 3 worlds")
    assert sign_share([0, 0, 0, 5]) == (0.75, "no difference in 3 of 4 worlds")
