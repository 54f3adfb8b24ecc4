"""Strict YAML: 1.2 scalars, what is refused and where, and that no bytes give a traceback."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scslab.base.errors import InputError
from scslab.base.strict_yaml import dump, parse, read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"), ("yes", "yes"), ("on", "on"), ("2014-01", "2014-01"), ("2014-01-31", "2014-01-31"), ("1_000", "1_000"),
        ("12:30", "12:30"), ("true", True), ("False", False), ("null", None), ("~", None), ("", None), ("007", 7), ("+12", 12),
        ("0x1F", 31), ("0o17", 15), ("-.5", Decimal("-0.5")), ("0.10", Decimal("0.10")), ("1e3", Decimal("1E+3")), ("'5'", "5"),
        ('"null"', "null"),
    ],
)  # fmt: skip
def test_scalars_follow_the_core_schema(text, value):
    found = parse(f"a: {text}").to_python()["a"]
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("a: &x 1", "1:4", "anchor"),
        ("a: *x", "1:4", "alias"),
        ("a: !!str 1", "1:4", "tag"),
        ("a: ! 1", "1:4", "tag"),
        ("<<: {a: 1}", "1:1", "merge key"),
        ("a: 1\na: 2", "2:1", "twice"),
        ("? [1]\n: 2", "1:3", "single word"),
        ("a: 1\n---\nb: 2", "2:1", "second document"),
        ("%YAML 1.1\n---\na: 1", "1:1", "directive"),
        ("a: .nan", "1:4", "not a finite number"),
        ("a: 1e999", "1:4", "too long"),
        ("a: " + "1" * 5000, "1:4", "too long"),
        ("a: " + "[" * 30 + "]" * 30, "1:27", "levels deep"),
        ("a: [1\nb: 2", "2:2", "not YAML"),
        ("\ta: 1", "1:1", "not YAML"),
    ],
)
def test_refusals_name_the_place(text, where, words):
    with pytest.raises(InputError) as caught:
        parse(text, "f.yaml")
    first = str(caught.value.problems[0])
    assert first.startswith(f"f.yaml:{where}: ") and words in first
    assert caught.value.exit_code == 2


def test_all_problems_at_once():
    with pytest.raises(InputError) as caught:
        parse("a: &x 1\na: 2\nb: !t 3\nb: .inf\n<<: 1")
    assert len(caught.value.problems) == 6


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfea", "not UTF-8"),
        (b"a: \xc3", "not UTF-8"),
        (b"#" * ((1 << 20) + 1), "larger than"),
        (b"- 1\n" * 210_000, "more than 200,000"),
        (b"[" * 1_000_000, "deep"),
        (b"- " * 400_000, "deep"),
        (b"&a " * 10_000, "not YAML"),
    ],
)
def test_hostile_files_are_refused(data, words):
    with pytest.raises(InputError, match=words):
        parse(data)


def test_reads_files(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfa: {b: [1, 2]}")
    node = read(tmp_path / "a.yaml")
    assert node.to_python() == {"a": {"b": [1, 2]}}
    assert node.value["a"].value["b"].where("a.yaml") == "a.yaml:1:8"
    assert node.value["a"].key.where("a.yaml") == "a.yaml:1:1"
    for bad in (tmp_path, tmp_path / "none.yaml", "nul\0"):
        with pytest.raises(InputError, match="cannot read"):
            read(bad)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet="ab:&*!<>|-?[]{}#%@`'\",\\ \n\t~.0e9\u2028", max_size=80).map(str.encode))
def test_any_bytes_give_a_tree_or_an_explanation(data):
    try:
        parse(data).to_python()
    except InputError as error:
        assert all(problem.what for problem in error.problems)


NUMBERS = st.integers(-(10**20), 10**20) | st.decimals(-(10**9), 10**9, places=6)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TREES = st.recursive(
    SCALARS, lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text("ab: -#'x9", min_size=1), below, max_size=3)
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.text("ab: -#'x9", min_size=1), TREES, max_size=4))
def test_dump_reads_back(tree):
    assert parse(dump(tree)).to_python() == tree
