"""`scslab diverge`: runs that share an arm agree on it beside other arms; those that differ are traced to month, mechanism and row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scslab import api
from scslab.study.diverge import first_row

SMALL = {"world": "county", "people": 500, "months": 4, "warm_up": 1, "seeds": 1, "start": "2018-01", "events": "full", "threads": 1}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    api.run("rongcheng-2016", also=(), out=folder / "one", **SMALL)  # type: ignore[arg-type]
    api.run("rongcheng-2016", also=("agency-lists",), out=folder / "beside", **SMALL)  # type: ignore[arg-type]
    api.run("rongcheng-2016", also=(), out=folder / "other", **{**SMALL, "start": "2018-02", "warm_up": 2})  # type: ignore[arg-type]
    return folder


def test_an_arm_is_the_same_beside_another(runs: Path) -> None:
    found = api.diverge(runs / "one", runs / "beside")
    assert not found["same"] and found["arms in one only"] == ["0/agency-lists"]
    differing = [key for key in found["arms that differ"] if key in api.open_run(runs / "beside").manifest.digests]
    rules = [api.open_run(runs / name).manifest for name in ("one", "beside")]
    same_rules = [a.name for a in rules[0].arms if any(b.hash == a.hash for b in rules[1].arms)]
    assert not [key for key in differing if key.partition("/")[2] in same_rules]
    assert api.diverge(runs / "one", runs / "one") == {"same": True, "digests": 2}


def test_a_difference_between_runs_is_traced(runs: Path) -> None:
    found = api.diverge(runs / "one", runs / "other")
    row = found["first difference"]
    assert not found["same"] and row["month"] == "2018-01" and row["where"] == "first run only" and row["mechanism"].startswith("conduct.")


def ledger(**columns: list[object]) -> dict[str, np.ndarray]:
    plain: dict[str, list[object]] = {"month": [200, 200, 201], "instance": ["decide.x", "observe.y", "observe.y"], "table": ["entries", "records", "records"],
                                      "subject": [1, 2, 3], "id": [10, 11, 12], "list": [2, -1, -1], "amount": [-1, 5, 6]}  # fmt: skip
    return {name: np.array(values) for name, values in {**plain, **columns}.items()}


def test_rows_are_compared_by_the_names_of_lists_and_told_in_the_order_of_a_month() -> None:
    assert first_row(ledger(), ledger(list=[3, -1, -1]), ({2: "court"}, {3: "court"})) is None
    found = first_row(ledger(), ledger(list=[3, -1, -1]), ({2: "court"}, {3: "tax"}))
    assert found is not None and found["values"]["list"] in ("court", "tax")
    found = first_row(ledger(), ledger(list=[7, -1, -1], amount=[-1, 9, 6]))
    assert found is not None and (found["mechanism"], found["month"]) == ("observe.y", "2016-09")  # sensors come before decisions
    more = {**ledger(), "extra": np.array([-1, -1, -1])}
    assert first_row(ledger(), more) is None  # a column in which nothing stands
    assert first_row({}, ledger()) is not None
