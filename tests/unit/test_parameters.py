"""Declared parameters: exact compilation to integers, and clear refusals."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from scslab.base import luck
from scslab.base import parameters as p
from scslab.base.months import NEVER

SETTING = p.Domain("setting", ("rural", "urban"))
KIND = p.Domain("kind", ("a", "b", "c"))


class Params(p.Parameters):
    chance = p.probability("a chance", by=SETTING)
    blame = p.share("a share")
    rate = p.yearly_rate("occasions", by=KIND)
    start = p.points("points")
    term = p.duration("months", allow_none=True)
    fine = p.yuan("a fine")
    boost = p.factor("a factor")
    pull = p.weight("a weight", by=(KIND, SETTING), partial=0)
    n = p.count("persons", unit="persons")
    kinds = p.names("kinds", KIND, codes=True, default=("c", "a"))
    form = p.choice("form", ("risk", "salience"), default="risk")
    shown = p.flag("shown", default=False)
    label = p.text("label", default="")
    grades = p.steps("grades", unit="points")
    risks = p.table("risks", unit="probability")


GOOD = {
    "chance": {"rural": 0.25, "urban": Decimal("0.5")},
    "blame": Fraction(1, 4),
    "rate": {"a": 12, "others": 0},
    "start": -3,
    "term": None,
    "fine": 200,
    "boost": 1.5,
    "pull": {"a": {"rural": -1, "others": 2}, "b": 1},
    "n": 3,
    "grades": {"A": 960, "D": -10, "C": 600.5},
    "risks": {"z": 1, "y": 0},
}


def test_compiles_to_integers():
    made = Params.compile(GOOD)
    one, factor = luck.ONE, p.FACTOR_ONE
    assert made.chance.tolist() == [one // 4, one // 2] and made.chance.dtype == np.int64
    assert made.blame == one // 4
    assert made.rate[0] == round((1 - math.exp(-1)) * one) and made.rate[1] == made.rate[2] == 0
    assert (made.start, made.term, made.fine, made.boost, made.n) == (-300, NEVER, 200, 3 * factor // 2, 3)
    assert made.pull.tolist() == [[-factor, 2 * factor], [factor, factor], [0, 0]]
    assert made.kinds.tolist() == [2, 0] and made.form == "risk" and made.shown is False
    assert made.grades[0] == ("D", "C", "A") and made.grades[1].tolist() == [-1000, 60_050, 96_000]
    assert made.risks[0] == ("y", "z") and made.risks[1].tolist() == [0, one]


def test_a_single_number_holds_for_the_whole_domain():
    assert Params.compile({**GOOD, "chance": 1}).chance.tolist() == [luck.ONE, luck.ONE]


def test_is_immutable():
    made = Params.compile(GOOD)
    with pytest.raises(AttributeError):
        made.start = 1
    with pytest.raises(ValueError):
        made.chance[0] = 1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("blame", 1.01, "lies in 0 to 1"), ("blame", True, "true is not a number"), ("blame", "0.5", "not a number"),
        ("blame", float("nan"), "finite"), ("blame", None, "null is not a value"), ("blame", {"rural": 1}, "not a number"),
        ("term", -1, "lies in 0"), ("term", 1.5, "whole number of months"), ("start", 0.001, "finer than"), ("boost", -1, "lies in 0"),
        ("fine", 10**40, "too large"), ("chance", {"rual": 1}, "Did you mean 'rural'"), ("chance", {"rural": 1}, "no value for urban"),
        ("chance", {"rural": {"urban": 1}}, "nested too deep"), ("kinds", ["z"], "not a kind"), ("kinds", "a", "not a list"),
        ("kinds", ["a", "a"], "twice"), ("form", "rsk", "Did you mean 'risk'"), ("shown", "yes", "neither true nor false"),
        ("grades", {"A": 1, "B": 1}, "same points"), ("grades", 3, "a table"), ("label", 3, "not text"), ("rate", {"a": -1}, "lies in 0"),
        ("blmae", 1, "Did you mean 'blame'"),
    ],
)  # fmt: skip
def test_refuses_in_clear_words(name, value, words):
    with pytest.raises(ValueError, match=words):
        Params.compile({**GOOD, name: value})


def test_lists_everything_missing():
    with pytest.raises(ValueError) as caught:
        Params.compile({})
    assert len(str(caught.value).splitlines()) == 11


def test_declarations_are_checked():
    with pytest.raises(TypeError):
        p.points("x", allow_none=True)
    with pytest.raises(TypeError):
        p.probability("x", partial=0)
    with pytest.raises(TypeError):
        p.probability("x", default=0)
    with pytest.raises(TypeError):
        type("Bad", (p.Parameters,), {"compile": p.text("x")})


def test_describes_itself():
    rows = {row["name"]: row for row in Params.describe()}
    assert rows["n"]["unit"] == "persons" and rows["pull"]["by"] == "kind x setting" and rows["blame"]["default"] == "required"
    assert Params.fields()["chance"].schema()["description"] == "a chance"
