"""A regime file: what loads, what compiles, and what is refused where."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scslab.base import luck
from scslab.base.errors import InputError
from scslab.base.months import NEVER, month
from scslab.base.parameters import Domain, Parameters, choice, duration, flag, names, points, probability, share, steps
from scslab.mechanisms.catalogue import catalogue
from scslab.regime import check_file, diff, json_schema, list_regimes, load_regime, new_regime_text

KIND = Domain("kind", ("traffic_violation", "littering", "heroic_act"))
SETTING = Domain("setting", ("rural", "urban"))


class Camera(Parameters):
    """Cameras see some acts."""

    sensitivity = probability("share of acts seen", by=SETTING)
    blame = probability("share blamed on another person")
    kinds = names("kinds that count", KIND, codes=True)


class Ledger(Parameters):
    """A ledger adds and subtracts points."""

    start = points("score at the start")
    term = duration("months a record counts", allow_none=True)
    grades = steps("grade cut-offs", unit="points")
    form = choice("which form", ("risk", "salience"), default="risk")
    shown = flag("whether the score is public", default=False)
    per_record = points("points per record", by=KIND, partial=0)


class Notice(Parameters):
    """Some are told."""

    told = share("share told", by=(KIND, SETTING))


CATALOGUE = {"observe.camera": Camera, "decide.ledger": Ledger, "review.notice": Notice}

TOY = """\
schema: 1
name: toy
title: A toy
kind: regime
references:
  rules14: {title: Trial measures, url: "https://example.org", accessed: 2026-10-20, fact: [F216]}
mechanisms:
  observe.camera:
    in_force: [2014-01, null]
    kinds: [traffic_violation]
    sensitivity: {unit: probability, range: [0.05, 0.9], evidence: assumed, values: {2014-01: {urban: 0.35, rural: 0.1}, 2018-01: {urban: 0.60, rural: 0.2}}}
    blame: {value: 0.001, unit: probability, range: [0, 0.01], evidence: invented}
  decide.ledger:city:
    in_force: {from: 2014-01, until: 2021-01}
    start: {value: 1000, unit: points, evidence: documented, source: rules14, at: art. 3}
    term: {values: {2014-01: null, 2016-01: 24}, unit: months, evidence: estimated, range: [12, 60], disputed: true}
    grades: {value: {D: 0, C: 600, A: 960}, unit: points, evidence: reported, source: rules14}
    per_record:
      unit: points
      by:
        traffic_violation: {value: -5, evidence: reported, source: rules14}
        heroic_act: {value: 30.5, evidence: assumed, range: [10, 40]}
cases:
  - {name: one ticket, date: 2016-05, given: {records: [traffic_violation]}, expect: {points: 995}}
"""


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a YAML file and returns its path."""

    def writer(text, name="toy"):
        path = tmp_path / f"{name}.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return writer


@pytest.fixture
def toy(write):
    return load_regime(write(TOY), CATALOGUE)


def test_compiles_dated_values_for_a_month(toy):
    early, late = toy.at(month("2014-01")), toy.at(month("2018-06"))
    assert early["observe.camera"].params.sensitivity.tolist() == [luck.threshold("0.1"), luck.threshold("0.35")]
    assert late["observe.camera"].params.sensitivity.tolist() == [luck.threshold("0.2"), luck.threshold("0.6")]
    ledger = early["decide.ledger:city"]
    assert ledger.mechanism == "decide.ledger"
    assert ledger.params.start == 100_000 and ledger.params.term == NEVER
    assert late["decide.ledger:city"].params.term == 24
    assert ledger.params.per_record.tolist() == [-500, 0, 3050]
    assert ledger.params.grades[0] == ("D", "C", "A") and ledger.params.grades[1].tolist() == [0, 60_000, 96_000]
    assert ledger.params.form == "risk"


def test_block_is_absent_outside_its_dates(toy):
    assert toy.at(month("2013-12")) == {}
    assert list(toy.at(month("2021-01"))) == ["observe.camera"]


def test_months_share_a_compilation_until_something_changes(toy):
    assert toy.at(month("2016-02")) is toy.at(month("2017-12"))
    changes = toy.change_months(month("2015-01"), month("2022-01"))
    assert changes == [month("2016-01"), month("2018-01"), month("2021-01")]


def test_numbers_carry_provenance(toy):
    rows = {(row.instance, row.param, row.key, row.month): row for row in toy.numbers()}
    row = rows["observe.camera", "sensitivity", "urban", "2018-01"]
    assert (row.value, row.unit, row.evidence, row.line) == (Decimal("0.60"), "probability", "assumed", 11)
    assert rows["decide.ledger:city", "start", "", ""].source == "rules14"
    counts = toy.evidence_counts()
    assert counts == {"documented": 1, "reported": 4, "estimated": 2, "assumed": 5, "invented": 1, "disputed": 2}


def test_dump_loads_back_to_the_same_hash(toy, write):
    again = load_regime(write(toy.to_yaml(), "again"), CATALOGUE)
    assert again.hash == toy.hash
    assert again.to_yaml() == toy.to_yaml()
    assert diff(toy, again) == []


def test_hash_ignores_layout_and_sees_values(toy, write):
    same = TOY.replace("0.60", "0.6").replace("schema: 1", "# remark\nschema: 1").replace("[2014-01, null]", '"[2014-01, null)"')
    assert load_regime(write(same, "same"), CATALOGUE).hash == toy.hash
    other = load_regime(write(TOY.replace("0.60", "0.61"), "other"), CATALOGUE)
    assert other.hash != toy.hash
    assert [(row.key, row.month, row.before, row.after) for row in diff(toy, other)] == [("urban", "2018-01", "0.6", "0.61")]


def test_horizon_before_the_first_date_is_refused(write):
    regime = load_regime(write(TOY.replace("2014-01, null", "2010-01, null")), CATALOGUE)
    regime.check_horizon(month("2014-01"), month("2019-01"))
    with pytest.raises(InputError) as caught:
        regime.check_horizon(month("2012-01"), month("2019-01"))
    text = str(caught.value)
    assert "toy.yaml:11:" in text and "2012-01" in text and "2014-01" in text
    assert len(caught.value.problems) == 1


def test_as_of_freezes_values(write):
    regime = load_regime(write(TOY.replace("kind: regime", "kind: regime\nas_of: 2015-05")), CATALOGUE)
    for when in ("2001-01", "2019-01"):
        block = regime.at(month(when))
        assert block["decide.ledger:city"].params.term == NEVER
        assert block["observe.camera"].params.sensitivity[1] == luck.threshold("0.35")


def test_draws_stay_in_range_and_keep_order(toy):
    listed = {(row.instance, row.param, row.key): row for row in toy.assumed_numbers()}
    key = ("observe.camera", "sensitivity", "urban")
    assert listed[key].value == Decimal("0.60") and listed[key].range == (Decimal("0.05"), Decimal("0.9"))
    assert ("decide.ledger:city", "start", "") not in listed
    drawn = toy.with_values({key: Decimal("0.9"), ("decide.ledger:city", "term", ""): Decimal(12)})
    values = {row.month: row.value for row in drawn.numbers() if row.param == "sensitivity" and row.key == "urban"}
    assert values["2018-01"] == Decimal("0.9") and Decimal("0.35") <= values["2014-01"] <= Decimal("0.9")
    assert drawn.hash != toy.hash and toy.with_values({key: Decimal("0.6")}).hash == toy.hash
    assert drawn.at(month("2017-01"))["decide.ledger:city"].params.term == 12
    with pytest.raises(InputError, match="outside its range"):
        toy.with_values({key: Decimal("0.95")})
    with pytest.raises(InputError, match="has no number"):
        toy.with_values({("observe.camera", "sensitivty", "urban"): Decimal("0.5")})


def test_two_domains_and_others(write):
    text = "schema: 1\nname: n\nkind: regime\nmechanisms:\n"
    text += "  review.notice:\n    told: {value: {littering: {urban: 0.5, others: 0.25}, others: 1}, unit: share, evidence: assumed, range: [0, 1]}\n"
    table = load_regime(write(text), CATALOGUE).at(0)["review.notice"].params.told
    one = luck.ONE
    assert table.tolist() == [[one, one], [one // 4, one // 2], [one, one]]


BAD = {
    "unknown key": (("title: A toy", "titel: A toy"), "3:1", "Did you mean 'title'?"),
    "unknown mechanism": (("observe.camera", "observe.camra"), "8:3", "Did you mean 'observe.camera'?"),
    "unknown parameter": (("blame:", "blme:"), "12:5", "Did you mean 'blame'?"),
    "bad instance": (("decide.ledger:city", "decide.ledger:City Hall"), "13:3", "not phase.mechanism"),
    "wrong unit": (("unit: months", "unit: years"), "16:", "measured in: months"),
    "no unit": (("unit: months, ", ""), "16:11", "Add unit: months"),
    "no evidence": ((", evidence: invented", ""), "12:12", "no evidence grade"),
    "unknown grade": (("evidence: invented", "evidence: inventd"), "12:", "Did you mean 'invented'?"),
    "out of range": (("urban: 0.60", "urban: 1.60"), "11:", "a probability lies in 0 to 1"),
    "outside own range": (("urban: 0.60", "urban: 0.95"), "11:", "outside its range"),
    "no range": (("range: [0, 0.01], ", ""), "12:12", "has no range"),
    "range upside down": (("[12, 60]", "[60, 12]"), "16:", "low first"),
    "no source": (("evidence: documented, source: rules14", "evidence: documented"), "15:", "names no source"),
    "unknown reference": (("documented, source: rules14", "documented, source: rule14"), "15:", "Did you mean 'rules14'?"),
    "bare number": (("{value: 0.001, unit: probability, range: [0, 0.01], evidence: invented}", "0.001"), "12:12", "bare value"),
    "text for number": (("value: 0.001", "value: low"), "12:", "'low' is not a number"),
    "truth for number": (("value: 0.001", "value: true"), "12:", "true is not a number"),
    "infinite": (("value: 0.001", "value: .inf"), "12:", "not a finite number"),
    "huge": (("value: 1000,", "value: 99999999999999999999999,"), "15:", "too large"),
    "endless digits": (("value: 1000,", "value: " + "9" * 5000 + ","), "15:", "too long"),
    "null for number": (("value: 0.001", "value: null"), "12:", "null is not a value"),
    "broken month": (("2016-01: 24", "2016-13: 24"), "16:", "not a month"),
    "bad key of a table": (("rural: 0.2}", "rual: 0.2}"), "11:", "Did you mean 'rural'?"),
    "gap in a table": ((", rural: 0.2}", "}"), "11:", "no value for rural"),
    "unknown name": (("[traffic_violation]\n    sens", "[traffic]\n    sens"), "10:12", "is not a kind"),
    "missing parameter": (("    kinds: [traffic_violation]\n", ""), "8:3", "lacks 'kinds'"),
    "fine points": (("30.5", "30.505"), "22:", "finer than"),
    "wrong kind": (("kind: regime", "kind: regim"), "4:7", "Did you mean 'regime'?"),
    "schema": (("schema: 1", "schema: 2"), "1:9", "schema must be 1"),
    "backwards": (("until: 2021-01", "until: 2013-01"), "14:", "ends before it starts"),
    "case without name": (("name: one ticket, ", ""), "24:5", "has no 'name'"),
    "duplicate key": (("title: A toy", "title: A toy\ntitle: B"), "4:1", "stated twice"),
    "anchor": (("title: A toy", "title: &a A toy"), "3:8", "anchor"),
    "tag": (("title: A toy", "title: !!str A toy"), "3:8", "tag"),
    "half open without quotes": (("[2014-01, null]", "[2014-01, null)"), "9", "needs quotes"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named_at_its_place(case, write):
    (old, new), where, words = BAD[case]
    assert old in TOY
    problems = check_file(write(TOY.replace(old, new, 1)), CATALOGUE)
    hits = [problem for problem in problems if words in str(problem)]
    assert hits, [str(problem) for problem in problems]
    assert f"toy.yaml:{where}" in str(hits[0])
    assert len(problems) <= 2, [str(problem) for problem in problems]


def test_all_problems_of_a_file_at_once(write):
    text = TOY
    for case in ("unknown key", "wrong unit", "bad key of a table", "no source", "case without name"):
        text = text.replace(*BAD[case][0], 1)
    assert len(check_file(write(text), CATALOGUE)) == 5


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"- 1\n- 2\n",
        b"mechanisms: 3\n",
        b"a: " + b"[" * 50,
        b"\n" * (1 << 20) + b"a: 1",
        b"schema: 1\nkind: reform\n",
    ],
)
def test_any_file_gives_problems_not_a_traceback(raw, write):
    assert check_file(write(raw), CATALOGUE)


def test_unknown_name_offers_the_nearest(write, tmp_path):
    write(TOY)
    assert "toy" in list_regimes([tmp_path])
    assert load_regime("toy", CATALOGUE, [tmp_path]).name == "toy"
    with pytest.raises(InputError, match="Did you mean 'toy'"):
        load_regime("toyy", CATALOGUE, [tmp_path])
    with pytest.raises(InputError, match="cannot read"):
        load_regime(tmp_path / "none.yaml", CATALOGUE)


def test_skeleton_loads_and_schema_is_complete(write):
    assert check_file(write(new_regime_text("fresh"), "fresh"), catalogue()) == []
    with pytest.raises(InputError):
        new_regime_text("Not A Name")
    schema = json_schema(CATALOGUE)
    assert set(schema["$defs"]) == set(CATALOGUE)
    assert "sensitivity" in schema["$defs"]["observe.camera"]["properties"]
