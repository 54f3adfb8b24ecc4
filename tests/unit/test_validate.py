"""Published figures: strictly read, measured by hand-made counters, judged beside their bands; a small run through the command line."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from scslab.api import load_regime
from scslab.base.errors import InputError
from scslab.base.months import month
from scslab.cli import main
from scslab.measure.cells import n_cells
from scslab.measure.outcomes import BY_NAME, FOLLOWED, parts
from scslab.measure.outcomes.moments import usual_range
from scslab.study.results import Results
from scslab.study.validate import load_moments
from scslab.study.validate.judge import is_ok, judged
from scslab.study.validate.run import validate

FILE = Path(__file__).parents[2] / "src/scslab/study/validate/moments.yaml"
START, MONTHS = month("2014-01"), 144

FROZEN = {
    "court-stock": "hold-out", "court-entries": "tune", "exits-over-stock": "tune", "complied-over-entries": "hold-out", "repairs-over-entries": "hold-out",
    "attempts-per-person": "none", "air-over-rail": "hold-out", "men-listed": "tune", "forties-listed": "tune", "regional-spread": "tune",
    "firm-grades": "hold-out", "ledger-awareness": "none", "losses-per-gain": "none",
}  # fmt: skip
"""The split as it was committed before any run; a figure may not change sides."""

BANDS = {
    "court-stock": (0.4, 0.75), "court-entries": (0.17, 0.28), "exits-over-stock": (20, 40), "complied-over-entries": (0.2, 0.35),
    "repairs-over-entries": (1.0, 1.3), "attempts-per-person": (4, 12), "air-over-rail": (2.5, 5), "men-listed": (70, 80), "forties-listed": (30, 40),
    "regional-spread": (5, 15), "ledger-awareness": (5, 25), "losses-per-gain": (3, 10),
}  # fmt: skip


def test_the_split_and_the_bands_are_those_committed_before_any_run():
    figures = load_moments().figures
    assert {figure.moment: figure.half for figure in figures} == FROZEN
    for figure in figures:
        assert figure.band == BANDS.get(figure.moment, figure.band), figure.name
        assert figure.band[0] <= figure.published <= figure.band[1], figure.name
        assert figure.outcome in BY_NAME or figure.given, figure.name
    grades = {figure.name: (round(figure.published), figure.band) for figure in figures if figure.moment == "firm-grades"}
    assert [(published - low, high - published) for published, (low, high) in grades.values()] == [(5, 5)] * 3


def test_every_published_figure_names_its_facts_or_says_who_counted():
    for figure in load_moments().figures:
        assert figure.facts and figure.evidence in ("documented", "reported", "estimated"), figure.name


def counts(**given: tuple[int, int, float]) -> Results:
    """Results of one arm and three seeds: each counter is (first month, last month, value a month), in one cell of adults."""
    cell, tallies = 12, {}
    for seed in range(3):
        made = {FOLLOWED: np.full((MONTHS, n_cells()), 1000, np.int64)}
        for name, (first, last, value) in given.items():
            array = np.zeros((MONTHS, n_cells()), np.int64)
            array[first : last + 1, cell] = value
            made[name.replace("__", ".")] = array
        tallies[seed] = made
    return Results(["rules"], {"rules": tallies}, START, MONTHS, counted={"rules": [name.partition("__")[0] for name in given]})


def row(results: Results, name: str) -> dict:
    return judged(load_moments().chosen([name])[0], results, "rules")


def test_figures_are_of_their_dates_and_divided_as_published():
    results = counts(moments_heads=(0, 143, 10_000), moments_held=(95, 95, 51), moments_entries=(72, 83, 2))
    assert row(results, "court-stock-2021")["value"] == pytest.approx(0.51)  # December 2021 alone
    assert row(results, "court-entries-2020")["value"] == pytest.approx(0.24)  # 24 of 10,000 heads in the year
    assert row(results, "court-entries-2019")["found"] == "not measurable"
    results = counts(moments_entries=(0, 100, 4), moments_complied=(0, 100, 1))
    assert row(results, "complied-over-entries-2018")["value"] == 0.25  # since the start
    assert row(counts(census_exits=(48, 59, 2), census_stock=(48, 59, 100)), "exits-over-stock-2018")["value"] == pytest.approx(24)


def test_children_at_the_start_count_once_they_are_old_enough():
    tallies = {FOLLOWED: np.ones((MONTHS, n_cells()), np.int64)}
    for name, value in (("moments_entries", 3), ("moments_heads", 100)):
        tallies[name] = np.zeros((MONTHS, n_cells()), np.int64)
        tallies[name][:, 0] = value  # the cell of rural girls of 0 to 17 at the fork
    top, bottom, _ = parts(BY_NAME["court_entries"], tallies, tallies[FOLLOWED], None, "all")
    assert (top.tolist(), bottom.tolist()) == ([3 * MONTHS], [100 * MONTHS])


def test_a_miss_that_nobody_declared_does_not_stand():
    results = counts(moments_air=(6, 143, 20), moments_air_persons=(6, 143, 10))
    found = row(results, "attempts-per-person")
    assert (found["value"], found["found"]) == (2.0, "miss") and is_ok(found) == found["declared"]
    assert not is_ok({**found, "declared": False}) and is_ok({**found, "declared": True})
    given = row(results, "ledger-awareness")
    assert given["found"] == "not measurable" and "number of the rules" in given["why"] and is_ok(given)


def test_spread_takes_luck_out_and_finds_what_is_there():
    luck = np.random.default_rng(5)
    heads = luck.integers(500, 50_000, 31)

    def found(sigma: float) -> float:
        values = []
        for _ in range(60):
            rate = 0.016 * np.exp(luck.normal(0, sigma, 31)) if sigma else np.full(31, 0.016)
            sums = {f"moments_heads_in.p{k:02d}": np.array([heads[k] * 84]) for k in range(31)}
            sums |= {f"moments_entries_in.p{k:02d}": np.array([luck.poisson(rate[k] * heads[k])]) for k in range(31)}
            values.append(float(BY_NAME["province_spread"].formula(sums, np.array([1]))[0]))
        return float(np.median(values))

    assert found(0.0) < 1.4
    assert 7 < found(np.log(10.5) / usual_range(31)) < 14  # what the published quotient implies is found again
    one = {"moments_heads_in.p00": np.array([5]), "moments_entries_in.p00": np.array([5])}
    assert np.isnan(BY_NAME["province_spread"].formula(one, np.array([1]))[0])


def test_the_rules_count_what_the_figures_need():
    blocks = load_regime("china-2014-2025").at(month("2018-07"))
    assert {"court", "tax"} <= {*blocks["measure.census"].params.lists} and "limits" not in blocks["measure.census"].params.lists
    assert blocks["measure.moments"].params.heads_from == 15


def write(folder: Path, text: str) -> Path:
    (folder / "figures.yaml").write_text(text, encoding="utf-8")
    return folder / "figures.yaml"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("half: hold-out", "half: held", "unknown half 'held'"),
        ("outcome: court_stock", "outcome: court_stok", "court_stock"),
        ("band: [0.4, 0.75]", "band: [0.75, 0.4]", "band must be [low, high]"),
        ("to: 2018-12, published: 0.19", "to: 2031-12, published: 0.19", "lie within the run"),
        ("name: court-entries-2019", "name: court-entries-2018", "is there twice"),
        ("    outcome: court_stock\n", "", "has an outcome, or is given"),
        ("schema: 1", "schema: 2", "schema 1"),
        ("regimes: [china-2014-2025]", "regimes: [china-2014]", "no regime called 'china-2014'"),
    ],
)
def test_a_file_of_figures_says_what_is_wrong(tmp_path, before, after, words):
    text = FILE.read_text(encoding="utf-8")
    assert before in text
    with pytest.raises(InputError) as caught:
        load_moments(write(tmp_path, text.replace(before, after, 1)))
    assert words in str(caught.value)


def small(folder: Path) -> Path:
    """Two of the figures on a small, short run."""
    text = FILE.read_text(encoding="utf-8")
    head, _, rest = text.partition("moments:\n")
    keep = [block for block in re.split(r"(?=  - moment: )", rest) if "moment: men-listed" in block or "moment: forties" in block]
    head = head.replace("months: 144", "months: 33").replace("warm_up: 36", "warm_up: 0").replace("world: china-2020", "world: county")
    return write(folder, head + "moments:\n" + "".join(keep))


def test_a_run_judges_and_keeps_what_it_found(tmp_path):
    found = validate(people=400, seeds=1, out=tmp_path / "kept", file=small(tmp_path))
    assert [(r["figure"], r["half"]) for r in found["figures"]] == [("men-listed-2016", "tune"), ("forties-listed-2016", "tune")]
    assert found["ok"] and found["figures"][0]["found"] == "not measurable" and "400 people" in found["run"]
    assert json.loads((tmp_path / "kept" / "validate.json").read_text(encoding="utf-8"))["figures"] == found["figures"]
    assert Results.load(tmp_path / "kept").months == 33
    with pytest.raises(InputError, match="kept"):
        validate(people=800, seeds=1, out=tmp_path / "kept", file=small(tmp_path))


def test_the_command_says_what_is_wrong_before_anything_runs(tmp_path, capsys):
    assert main(["validate", "court-stok", "--seeds", "0"]) == 2
    assert "--seeds" in capsys.readouterr().err
    assert main(["validate", "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "exists already" in said and "--replace" not in said  # there is no such option here
    assert main(["validate", "court-stok"]) == 2
    assert "Did you mean 'court-stock'" in capsys.readouterr().err


def test_the_list_of_figures(capsys):
    assert main(["validate", "--list", "regional-spread", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(f["figure"], f["half"], f["band"]) for f in listed] == [("regional-spread-2020", "tune", "5 to 15")]
    assert main(["validate", "--list"]) == 0
    assert "ledger-awareness-2018 (none)" in capsys.readouterr().out


def test_the_printed_table_shows_band_value_and_verdict(monkeypatch, capsys):
    rows = [row(counts(moments_heads=(0, 143, 10_000), moments_held=(95, 95, 51)), "court-stock"), row(counts(), "ledger-awareness")]
    document = {"figures": rows, "tally": {"hold-out": {"pass": 1}, "none": {"not measurable": 1}}, "run": "3 people", "world": "county", "ok": True}
    monkeypatch.setattr("scslab.api.validate", lambda *names, **options: document)
    for width in ("200", "80"):
        monkeypatch.setenv("COLUMNS", width)
        assert main(["validate"]) == 0
        out = capsys.readouterr().out
        for words in ("court-stock-2021", "0.51", "0.4 to 0.75", "hold-out", "reported", "F108", "held out: 1 pass", "luck"):
            assert words in out, words
    document["figures"] = [{**rows[0], "found": "miss", "declared": False}]
    document["ok"] = False
    assert main(["validate"]) == 1
    assert "missed and not declared: court-stock-2021" in capsys.readouterr().out


def tune_script():
    """The script that tunes, as a module."""
    spec = importlib.util.spec_from_file_location("tune", FILE.parents[4] / "scripts" / "tune.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["tune"] = module
    spec.loader.exec_module(module)
    return module


def test_tuning_looks_at_its_half_only_and_moves_assumed_numbers_only(monkeypatch):
    tune, moments = tune_script(), load_moments()
    numbers = tune.numbers_of(moments)
    assert {figure.half for figure in tune.figures_of(moments)} == {"tune"} and len(numbers) == len(tune.NUMBERS)
    assert all(number.low < number.value < number.high for number in numbers)
    rows = {(row.instance, row.param): row for row in load_regime("china-2014-2025").numbers()}
    assert {rows[number.instance, number.parameter].evidence for number in numbers} == {"assumed"}
    arm = tune.arm_with(moments, numbers, [number.high for number in numbers])
    stated = {number for reform in arm.overrides for clause in reform.patches.values() for number in clause.params}
    assert stated == {number.parameter for number in numbers}
    for documented in (("decide.binary_list:court", "longest", "2018-07"), ("review.unable:court", "no_such", "2018-07")):
        monkeypatch.setattr(tune, "NUMBERS", (documented,))
        with pytest.raises(SystemExit):
            tune.numbers_of(moments)
