"""What can be looked up: how each rule stands, what a mechanism declares, and which rules use it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from scslab.api import mechanism_rows, mechanism_show, regime_show
from scslab.base.errors import InputError
from scslab.base.months import month
from scslab.cli import main
from scslab.cli.render import Screen, life
from scslab.engine.declare import REGISTRY, TABLES, table
from scslab.mechanisms.catalogue import catalogue
from scslab.regime import combine, load_regime, rule_rows
from scslab.study.life import EVENTFUL, Life, event_words, eventful, rule_words, sources_of
from scslab.study.mechanisms import uses
from scslab.study.replicate import load_arm

RULES = """
schema: 1
name: my-rules
kind: regime
extends: ordinary-law
status: STATUS
mechanisms:
  observe.police: {sensitivity: {value: 0.5, unit: probability, evidence: invented, range: [0, 1]}}
  review.memory: {in_force: [2016-01, 2019-01], status: proposed, note: never enacted}
"""


def load(tmp_path, status: str, **changes: str):
    text = RULES.replace("STATUS", status)
    for before, after in changes.items():
        text = text.replace(before, after)
    (tmp_path / "my-rules.yaml").write_text(text, encoding="utf-8")
    return load_regime(tmp_path / "my-rules.yaml", catalogue())


def test_each_rule_that_a_regime_states_has_a_status(tmp_path):
    rows = {row.rule: row for row in rule_rows(load(tmp_path, "pilot, in two districts"))}
    assert len(rows) == 2 and rows["observe.police"].status == "pilot, in two districts"
    other = next(row for name, row in rows.items() if name.startswith("review."))
    assert (other.status, other.held, other.note) == ("proposed", "2016-01 to 2018-12", "never enacted")
    assert {row.status for row in rule_rows(load(tmp_path, "''"))} == {"not stated", "proposed"}
    named = rule_rows(load(tmp_path, "{tickets: in force, points: {first: ended in 2017, second: invented}}"))
    assert [(row.rule, row.status) for row in named[:3]] == [("tickets", "in force"), ("points: first", "ended in 2017"), ("points: second", "invented")]
    assert {row.status for row in named[3:]} == {"stated by rule", "proposed"}


@pytest.mark.parametrize("status", ["piloted", "in forces", "abolished", "{tickets: endet}", "[pilot]", "{tickets: {first: nothing}}"])
def test_a_status_begins_with_one_that_is_known(tmp_path, status):
    with pytest.raises(InputError) as caught:
        load(tmp_path, status)
    said = str(caught.value)
    assert "my-rules.yaml:6:" in said and ("in force, ended, pilot" in said or "must be text" in said)


def test_a_status_of_a_block_is_checked_with_the_nearest(tmp_path):
    with pytest.raises(InputError, match="Did you mean 'proposed'"):
        load(tmp_path, "pilot", proposed="propsed")


def test_a_combination_keeps_the_status_of_each(tmp_path):
    joined = combine([load_regime("court-list", catalogue()), load_regime("rongcheng-2016", catalogue())], catalogue())
    assert load_arm(joined.to_yaml()).status == joined.status and joined.status["court-list"] == "in force"


def test_a_regime_is_shown_with_the_status_of_its_rules():
    shown = regime_show("court-list")
    assert shown["status"] == "in force" and {row["status"] for row in shown["rules it states itself"]} == {"in force"}
    assert any(row["held"].startswith("2013-10") for row in shown["rules it states itself"])


def test_a_mechanism_is_shown_whole():
    shown = mechanism_show("review.register")
    assert "store listings" in shown["writes"] and "listings" in shown["emits"] and "rows of entries" in shown["woken by"]
    camera = mechanism_show("observe.camera")
    coverage = next(row for row in camera["parameters"] if row["parameter"] == "coverage")
    assert (coverage["unit"], coverage["allowed"], coverage["by"]) == ("probability", "0 to 1", "setting (rural, urban)")
    used = {(row["rules"], row["as"]): row["evidence"] for row in camera["used by"]}
    assert "invented" in used["scs-mini", "observe.camera"] and ("reform human-review", "observe.camera") in used
    assert mechanism_show("measure.acts")["joins a run"] and "speech" in mechanism_show("measure.acts")["counts"]


def test_uses_of_all_mechanisms_agree_with_those_of_one():
    everything = uses()
    assert set(everything) <= set(REGISTRY)
    for name in ("observe.camera", "decide.ledger", "measure.burden_yuan"):
        assert uses([name]) == {name: everything[name]}


def test_mechanisms_are_printed_as_json(capsys):
    assert main(["mechanism", "list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["mechanism"] for row in rows] == [row["mechanism"] for row in mechanism_rows()]
    assert main(["mechanism", "show", "observe.camera", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["used by"]
    assert main(["mechanism", "show", "observe.camra"]) == 2
    assert "observe.camera" in capsys.readouterr().err


def test_a_rule_is_cited_for_what_it_is_about():
    law = sources_of(load_regime("court-list", catalogue()), month("2018-01"))
    fines = {kind: law["decide.penalties", kind] for kind in ("jaywalking", "critical_post")}
    assert fines["jaywalking"].startswith("reported: China Daily") and fines["critical_post"] == "assumed: decide.penalties fine, 0 to 500"
    measures = {name: law["enforce.measures:court", name] for name in ("air", "shaming", "credit")}
    assert measures["air"].startswith("reported") and "ticket" in measures["air"]
    assert "ticket" not in measures["shaming"] + measures["credit"]
    assert measures["credit"].startswith("assumed: enforce.measures:court execution, 0.3 to 1, see")


def step(table, words, source=""):
    return {"table": table, "words": words, "source": source}


def test_a_rule_nobody_found_is_said_with_the_one_before_it():
    act, seen, fine = step("acts", "act", "documented: a survey"), step("observations", "observation", "assumed: coverage"), step("penalties", "penalty")
    assert rule_words([act]) == "" and rule_words([act, seen]) == "assumed: coverage"
    entry, listing = step("entries", "decision to list", "documented: art. 10"), step("listings", "listing")
    assert rule_words([act, seen, entry, listing]) == "decision to list: documented: art. 10"
    assert rule_words([act, entry, {**fine, "source": "assumed: fine"}]) == "assumed: fine; after decision to list: documented: art. 10"


def test_a_life_says_what_is_the_same_in_all_worlds_once():
    row = {"month": "2018-05", "a": "works", "b": "works", "why": ""}
    told = repr(Life({"who": "Person 7", "arms": ["a", "b"], "rows": [row, {**row, "b": "", "why": "luck"}], "notes": []}))
    assert told.splitlines() == ["Person 7", "2018-05  all: works", "2018-05  a: works  (luck)"]


def test_a_warning_is_no_penalty_of_no_points():
    row = {"table": np.array(["penalties"] * 3), "kind": np.array([1] * 3), "amount": np.array([0, 0, 100]), "points": np.array([0, 3, 0])}
    assert [event_words(row, at, {}) for at in range(3)] == [
        "is warned, or ordered to undo it, without a fine", "gets 3 licence points", "is fined, 100 yuan",
    ]  # fmt: skip


def test_a_life_is_printed_with_its_worlds_and_each_rule_once(capsys):
    rule = "documented: a decree"
    rows = [
        {"month": "2018-05", "with": "is listed", "without": "", "because": "act -> listing", "rule": rule},
        {"month": "2018-05", "with": "works", "without": "works"},
        {"month": "2018-06", "with": "", "without": "moves", "because": "", "rule": rule},
    ]
    life(Screen(width=60), {"who": "Person 7", "arms": ["with", "without"], "rows": rows, "notes": ["made up"]})
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("A = with   B = without") and lines.count("[1]   documented: a decree") == 1
    assert [line[:20].split()[:2] for line in lines[2:7]] == [
        ["2018-05", "A"], ["act", "->"], ["=", "works"], ["2018-06", "B"], ["Rule", "[1]"],
    ]  # fmt: skip


def test_a_table_may_be_an_event_of_a_life():
    made = table("test_visits", {"list": "uint16", "hours": "int16", "amount": "int32"}, {}, "A visit.", event="is visited {hours} hours for {list}, {amount}")
    try:
        assert "test_visits" in eventful() and eventful()[: len(EVENTFUL)] == EVENTFUL
        columns = {"kind": 0, "list": 2, "hours": 3, "amount": 1200}
        row = {"table": np.array(["test_visits"]), **{name: np.array([value]) for name, value in columns.items()}}
        assert event_words(row, 0, {2: "court"}) == "is visited 3 hours for court, 1,200 yuan"
    finally:
        del TABLES[made.name]
    with pytest.raises(ValueError, match="'test_calls' names hour"):
        table("test_calls", {"hours": "int16"}, event="calls for {hour} hours")
    of_firms = table("test_firm_visits", {}, {}, "", "firms", "is visited")
    assert of_firms.name not in eventful()
    del TABLES[of_firms.name]
