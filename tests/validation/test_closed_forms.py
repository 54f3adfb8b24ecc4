"""The machine against mathematics: closed forms at sizes that a commit can afford; at full size, and at many drawn parameters, in the long tests."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest

from scslab.engine.declare import REGISTRY
from scslab.study.verify import closed_forms, judge
from scslab.study.verify.register import DRAWS, FORMULAS, MEASUREMENTS, load_cases

load_cases()

SMALL = 10_000
SETS = 10
"""Freshly drawn parameter sets of each case in the long tests."""
LONG = ("CF03c", "CF04a", "CF04b", "CF04c", "CF16b", "CF15a", "CF15c", "CF15d", "CF23a")
"""Thousands of periods whatever the size: in the long tests, and below at drawn parameters that need fewer."""

QUICK = [name for name in MEASUREMENTS if name not in LONG]


@pytest.mark.parametrize("name", QUICK)
def test_a_closed_form_holds_at_a_small_size(name: str) -> None:
    case = closed_forms()[name]
    row = judge.verify([name], seed=11, scale=min(1.0, SMALL / max(case.size, 1)))[0]
    assert row["pass"] or row["declared"], f"{row['measured']} instead of {row['expected']}: {row['standard_errors_off']} standard errors off; {row['note']}"


def test_closed_forms_hold_at_drawn_parameters() -> None:
    mine = [name for name in ("CF02a", "CF03a", "CF03c", "CF04b", "CF04e", "CF05c", "CF08a", "CF08c", "CF08d", "CF10a", "CF13a", "CF13d", "CF25a",
                              "CF28a", "CF34a", "CF35a", "CF36a") if name in DRAWS]  # fmt: skip
    rows = judge.verify_drawn(mine, 1, seed=12, size=SMALL)
    assert [(row["case"], row["inputs"], row["measured"], row["formula"]) for row in rows if not row["pass"]] == []


@pytest.mark.parametrize("name", ["CF02a", "CF10a", "CF25a"])
def test_a_formula_that_is_2_percent_wrong_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = FORMULAS[name]
    assert all(row["pass"] for row in judge.verify_drawn([name], 3, seed=13))
    monkeypatch.setitem(FORMULAS, name, lambda inputs: 1.02 * right(inputs))
    rows = judge.verify_drawn([name], 3, seed=13)
    assert sum(not row["pass"] for row in rows) >= 2
    assert all(row["sees"] < 0.0205 for row in rows)


def _biased(name: str, parameter: str, by: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a mechanism take one of its parameters for a little more than is stated."""
    honest = REGISTRY[name]

    def step(batch: Any, cols: Any, p: Any, luck: Any) -> Any:
        return honest.step(batch, cols, SimpleNamespace(**{**vars(p), parameter: int(getattr(p, parameter) * by)}), luck)

    monkeypatch.setitem(REGISTRY, name, dataclasses.replace(honest, step=step))


@pytest.mark.parametrize(("case", "mechanism", "parameter"), [
    ("CF36a", "record.master", "integration"), ("CF13d", "review.appeal_body", "overturns_wrong"), ("CF05c", "decide.fading_score", "left"),
])  # fmt: skip
def test_a_mechanism_that_is_biased_by_a_few_percent_is_caught(case: str, mechanism: str, parameter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a parameter that is 4 % too large each of these cases feels 2 % or more at some of the drawn parameters."""
    assert all(row["pass"] for row in judge.verify_drawn([case], 3, seed=14))
    _biased(mechanism, parameter, 1.04, monkeypatch)
    assert not all(row["pass"] for row in judge.verify_drawn([case], 3, seed=14))


def test_an_off_by_one_term_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = REGISTRY["decide.binary_list"]

    def step(records: Any, cols: Any, p: Any, luck: Any) -> Any:
        return honest.step(records, cols, SimpleNamespace(**{**vars(p), "term": p.term + 1}), luck)

    assert judge.verify_drawn(["CF06b"], 1, seed=15, size=SMALL)[0]["pass"]
    monkeypatch.setitem(REGISTRY, "decide.binary_list", dataclasses.replace(honest, step=step))
    assert not judge.verify_drawn(["CF06b"], 1, seed=15, size=SMALL)[0]["pass"]


@pytest.mark.soak
@pytest.mark.parametrize("name", list(closed_forms()))
def test_a_closed_form_holds_at_full_size(name: str, record_property: Any) -> None:
    row = judge.verify([name])[0]
    record_property("closed_form", {key: row[key] for key in ("case", "expected", "measured", "standard_errors_off", "pass", "seconds")})
    assert row["pass"] or row["declared"], row


@pytest.mark.soak
@pytest.mark.parametrize("block", range(SETS))
def test_closed_forms_hold_at_many_drawn_parameters(block: int, record_property: Any) -> None:
    """All cases and sets together, so that the chance of any false alarm is one in a thousand; each at a size that sees a bias of 2 %."""
    rows = judge.verify_drawn((), 1, seed=16 + block, error=judge.FAMILY_ERROR / SETS)
    record_property("drawn", {"tests": len(rows), "least_p": min(row["p"] for row in rows), "worst_sees": max(row["sees"] or 0 for row in rows)})
    assert [(row["case"], row["inputs"], row["measured"], row["formula"]) for row in rows if not row["pass"]] == []
    assert [(row["case"], row["sees"]) for row in rows if (row["sees"] or 0) > 1.1 * judge.BIAS] == []
