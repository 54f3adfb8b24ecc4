"""Rows of the showcase: strictly read, compiled like any run, judged against what was expected; a row is a temporary file here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scslab.base.errors import InputError
from scslab.cli import main
from scslab.measure.cells import n_cells
from scslab.study.prepare import make_job
from scslab.study.replicate import load_arm, simulate
from scslab.study.results import Results
from scslab.study.showcase.arms import make_row_job
from scslab.study.showcase.judge import direction, judge_null, judged, place
from scslab.study.showcase.rows import KNOWN, Null, load_row, row_names
from scslab.study.showcase.run import showcase

MINI = """
row: T1
title: A camera that sees
shows: listings
world: mini
people: 8000
months: 24
warm_up: 0
warm_up_under: scs-mini
seeds: 4
arms:
  blind: {regimes: [scs-mini], set: {observe.camera: {coverage: 0}}}
  sees: {regimes: [scs-mini]}
  null: {regimes: [scs-mini], set: {"observe.*": {sensitivity: 0}}}
effects:
  - {outcome: listed, of: sees, against: blind, expect: up, grade: invented, why: only what is seen is listed}
  - {outcome: listed, of: sees, expect: between, values: [5, 15], grade: invented, why: counted by hand}
  - {outcome: speech, of: sees, against: blind, expect: zero, grade: invented, why: nobody speaks here}
null: {of: null, against: blind}
"""

def row_file(folder: Path, text: str = MINI) -> Path:
    (folder / "t1.yaml").write_text(text, encoding="utf-8")
    return folder / "t1.yaml"


def test_a_row_runs_and_holds(tmp_path, capsys):
    path = row_file(tmp_path)
    found = showcase([str(path)])[0]
    assert found["ok"] and not found["surprised"] and found["nulls"][0]["exact"] and found["problem"] == ""
    assert [effect["found"] for effect in found["effects"]] == ["up", "between", "zero"]
    assert found["effects"][0]["low"] > 0 and found["effects"][0]["unit"] == "per 10,000 person-years"
    assert main(["showcase", str(path), "--threads", "1"]) == 0
    out = capsys.readouterr().out
    assert "expected up, found up" in out and "null arm 0" in out


def test_a_row_that_is_not_as_expected_fails_until_it_is_explained(tmp_path, capsys):
    wrong = MINI.replace("expect: up", "expect: down")
    assert main(["showcase", str(row_file(tmp_path, wrong)), "--threads", "1"]) == 1
    assert "listed (sees - blind) is up, expected down" in capsys.readouterr().out
    assert main(["showcase", str(row_file(tmp_path, wrong + "surprise: cameras list\n")), "--threads", "1"]) == 0
    assert "cameras list" in capsys.readouterr().out


def test_a_null_arm_that_counts_anything_else_fails(tmp_path, capsys):
    assert main(["showcase", str(row_file(tmp_path, MINI.replace("sensitivity: 0}", "sensitivity: 0.3}"))), "--threads", "1"]) == 1
    assert "null and blind differ in listed" in capsys.readouterr().out


def test_a_null_is_exact_month_by_month_and_group_by_group():
    def arm(month: int, cell: int) -> dict[str, np.ndarray]:
        array = np.zeros((12, n_cells()), np.int64)
        array[month, cell] = 1
        return {"listings_started": array}

    tallies = {"a": {0: arm(3, 60)}, "b": {0: arm(3, 60)}, "later": {0: arm(4, 60)}, "others": {0: arm(3, 61)}, "off": {0: {}}}
    results = Results(list(tallies), tallies, 200, 12)
    exact = {other: judge_null(Null("a", other, ("listed",)), results)["exact"] for other in tallies}
    assert exact == {"a": True, "b": True, "later": False, "others": False, "off": False}
    empty = {"listings_started": np.zeros((12, n_cells()), np.int64)}
    results.tallies["b"][0] = empty
    assert judge_null(Null("off", "b", ("listed",)), results)["exact"]


def test_every_problem_of_a_row_is_said_at_its_place(tmp_path):
    text = MINI.replace("title: A camera that sees\n", "")
    for before, after in (
        ("world: mini", "world: minni"), ("outcome: speech", "outcome: spech"), ("coverage: 0", "coverag: 0"),
        ("of: sees, against: blind, expect: up", "of: seas, against: blind, expect: high"), ("invented, why: counted", "made-up, why: counted"),
        ("sees: {regimes: [scs-mini]}", "sees: {regimes: [scs-minni], refoms: [notice]}"),
    ):  # fmt: skip
        assert before in text
        text = text.replace(before, after)
    with pytest.raises(InputError) as caught:
        load_row(row_file(tmp_path, text))
    said = "\n".join(map(str, caught.value.problems))
    for words in (
        "'title' is missing", "unknown world 'minni'", "Did you mean 'mini'", "unknown outcome 'spech'", "'speech'", "no arm 'seas'", "'sees'",
        "unknown expect 'high'", "no regime called 'scs-minni'", "unknown key 'refoms'", "no parameter 'coverag'", "'coverage'",
        "unknown grade 'made-up'",
    ):  # fmt: skip
        assert words in said, words
    assert all(problem.where.startswith(f"{tmp_path}/t1.yaml") for problem in caught.value.problems)
    assert any(problem.where.endswith("t1.yaml:4:8") for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("expect: between, values: [5, 15]", "expect: below", "needs 'value'"),
        ("expect: between, values: [5, 15]", "expect: between, values: [15, 5]", "values is [low, high]"),
        ("expect: up,", "expect: up, value: 3,", "'value' does not go with expect: up"),
        ("of: sees, expect: between", "of: sees, by: sex, expect: between", "a group needs by and group"),
        ("null: {of: null, against: blind}", "null: {of: null, against: null}", "two arms"),
        ("  null: {regimes: [scs-mini], set: {\"observe.*\": {sensitivity: 0}}}", "", "there is no arm 'null'"),
        ("people: 8000", "people: 20", "people must be a whole number"),
    ],
)
def test_a_row_says_what_is_wrong(tmp_path, before, after, words):
    with pytest.raises(InputError) as caught:
        load_row(row_file(tmp_path, MINI.replace(before, after)))
    assert words in str(caught.value)


def test_rules_of_every_arm_are_checked_before_anything_runs(tmp_path):
    text = MINI.replace("set: {observe.camera: {coverage: 0}}", "set: {observe.police: {coverage: 0}}").replace("outcome: speech", "outcome: appeals_granted")
    text = text.replace("sees: {regimes: [scs-mini]}", "sees: {regimes: [scs-mini], reforms: [independent-appeal]}")
    with pytest.raises(InputError) as caught:
        make_row_job(load_row(row_file(tmp_path, text)))
    said = str(caught.value)
    assert "arm blind: " in said and "observe.police" in said and "arm sees: reform independent-appeal does not apply" in said
    with pytest.raises(InputError, match="no arm counts 'appeals_granted'"):
        make_row_job(load_row(row_file(tmp_path, MINI.replace("outcome: speech", "outcome: appeals_granted"))))


def test_numbers_set_are_invented_and_hold_for_a_whole_table(tmp_path):
    job = make_row_job(load_row(row_file(tmp_path)))
    rows = [row for row in load_arm(job.arms[0].yaml).numbers() if row.instance == "observe.camera" and row.param == "coverage"]
    assert [(row.value, row.evidence, row.unit) for row in rows] == [(0, "invented", "probability")]
    block = load_arm(job.arms[0].yaml).at(job.start)["observe.camera"]
    assert not np.any(block.params.coverage) and job.arms[1].hash != job.arms[0].hash


LAW = """
row: T2
title: The court list, with an appeal
shows: appeals
world: county
people: 600
months: 3
warm_up: 2
seeds: 1
arms:
  without: {regimes: [ordinary-law]}
  with: {regimes: [rongcheng-2016, court-list]}
  appeal: {regimes: [rongcheng-2016, court-list], reforms: [independent-appeal, fixed-expiry]}
  null: {regimes: [ordinary-law], set: {}}
effects:
  - {outcome: listed, of: with, against: without, expect: up, grade: documented, why: it is a list}
  - {outcome: appeals_granted, of: appeal, expect: above, value: 0, grade: assumed, why: somebody is heard}
null: {of: null, against: without}
"""


def test_a_row_counts_what_the_ordinary_path_counts(tmp_path):
    row_job = make_row_job(load_row(row_file(tmp_path, LAW)))
    assert [arm.name for arm in row_job.arms] == ["without", "with", "appeal", "null"] and row_job.arms[2].reforms == ["independent-appeal", "fixed-expiry"]
    regimes, sizes = ("rongcheng-2016", "court-list"), {"people": 600, "months": 3, "warm_up": 2, "seeds": 1}
    other, _ = make_job(regimes, ("independent-appeal",), "county", also=(), start="2018-01", **sizes)
    mine, plain = simulate(row_job, 0), simulate(other, 0)
    for here, there in (("without", "ordinary-law"), ("with", "rongcheng-2016+court-list")):
        names = {*mine.tallies[here], *plain.tallies[there]}
        assert all(np.array_equal(mine.tallies[here][name], plain.tallies[there][name]) for name in names if "@" not in name)
    assert mine.digests["without"] == mine.digests["null"]
    found = judged(load_row(tmp_path / "t1.yaml"), Results.of(row_job, [mine]))
    assert found["nulls"][0]["exact"] and found["effects"][1]["found"] == "unclear"  # one seed has no interval


def test_the_warm_up_may_follow_rules_that_no_arm_has(tmp_path):
    text = LAW.replace("warm_up: 2", "warm_up: 12\nwarm_up_under: court-list")
    job = make_row_job(load_row(row_file(tmp_path, text)))
    assert job.warm is not None and job.warm.regimes == ["court-list"] and type(job).from_json(job.to_json()) == job
    listed, plain = simulate(job, 0), simulate(make_row_job(load_row(row_file(tmp_path, LAW.replace("warm_up: 2", "warm_up: 12")))), 0)
    assert listed.digests["with"] != plain.digests["with"]
    assert np.array_equal(listed.tallies["without"]["followed"], plain.tallies["without"]["followed"])


def test_rows_that_have_no_file_are_listed_as_not_built(capsys, monkeypatch):
    monkeypatch.setattr("scslab.study.showcase.run.row_names", list)
    assert {found["title"] for found in showcase()} == {"not built"} and len(showcase()) == len(KNOWN)
    assert main(["showcase", "S12"]) == 0 and "not built" in capsys.readouterr().out
    assert main(["showcase", "--list"]) == 0
    assert main(["showcase", "S31"]) == 2


def test_a_direction_needs_an_interval_that_leaves_out_zero():
    assert direction(None, None, None) == direction(1.0, None, None) == direction(0.1, -1.0, 1.0) == "unclear"
    assert direction(-2.0, -3.0, -1.0) == "down" and direction(0.0, 0.0, 0.0) == "zero"
    assert direction(0.1, -0.2, 0.4, (0.5,)) == "zero" and direction(0.1, -0.6, 0.4, (0.5,)) == "unclear"
    assert place(5, 4, 6, "above", (3,)) == "above" and place(5, 2, 6, "above", (3,)) == "unclear"
    assert place(5, 4, 6, "between", (3, 7)) == "between" and place(9, 8, 10, "between", (3, 7)) == "above"


def test_every_row_of_the_showcase_compiles():
    for name in row_names():
        row = load_row(name)
        make_row_job(row)
        assert all(effect.why for effect in row.effects) and row.nulls


def test_a_row_may_spare_first_misfortunes(tmp_path):
    text = LAW.replace("seeds: 1", "seeds: 1\ncounterfactual: misfortune").replace("outcome: appeals_granted", "outcome: after_misfortune_net")
    job = make_row_job(load_row(row_file(tmp_path, text)))
    assert [arm.twin_of for arm in job.arms] == ["", "", "", "", "without", "with", "appeal", "null"]
    with pytest.raises(InputError, match="no arm counts 'after_misfortune_net'"):
        make_row_job(load_row(row_file(tmp_path, text.replace("counterfactual: misfortune\n", ""))))
