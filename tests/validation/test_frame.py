"""The frame of `scslab verify`: which cases there are, how they are judged, and that what is wrong is caught."""

from __future__ import annotations

import json

import numpy as np
import pytest

from scslab.base.errors import InputError, ScslabError
from scslab.cli import main
from scslab.study.verify import Measured, closed_forms, judge, scenario, share
from scslab.study.verify.register import DRAWS, FORMULAS, MEASUREMENTS, Measurement, load_cases


def test_there_are_69_cases_and_whatever_is_registered_is_one_of_them() -> None:
    load_cases()
    assert len(closed_forms()) == 69
    assert set(MEASUREMENTS) | set(FORMULAS) | set(DRAWS) <= set(closed_forms())


def test_every_formula_gives_the_expected_value_of_the_file() -> None:
    load_cases()
    for name, formula in FORMULAS.items():
        case = closed_forms()[name]
        assert formula(case.inputs) == pytest.approx(case.expected, rel=1e-6), name


def test_drawn_parameters_have_the_keys_of_the_case_and_differ_between_sets() -> None:
    load_cases()
    for name, draw in DRAWS.items():
        first, second = (draw(np.random.default_rng(seed)) for seed in (1, 2))
        assert set(first) <= set(closed_forms()[name].inputs) | set(first), name
        assert json.dumps(first, default=str) != json.dumps(second, default=str), name


def test_an_unknown_case_ends_with_2_and_the_nearest_is_offered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "CF99a"]) == 2
    assert "Did you mean" in capsys.readouterr().err


def test_a_miss_ends_with_1_and_a_declared_one_with_0(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    load_cases()
    monkeypatch.setitem(MEASUREMENTS, "CF32a", Measurement(lambda inputs, size, seed: Measured(0.52)))
    assert main(["verify", "CF32a"]) == 1
    monkeypatch.setattr(judge, "declared", lambda: {"CF32a": "for the sake of the test"})
    assert main(["verify", "CF32a"]) == 0
    assert "for the sake of the test" in capsys.readouterr().out


def test_what_must_hold_exactly_fails_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    load_cases()
    monkeypatch.setitem(MEASUREMENTS, "CF32a", Measurement(lambda inputs, size, seed: Measured(0.5, holds=False)))
    assert not judge.verify(["CF32a"])[0]["pass"]


def test_a_scenario_names_what_it_has_not() -> None:
    played = scenario({"conduct.steady": {"chance": {"offence": 1}}}, people=10, periods=2)
    assert played.counter("acts.offence").tolist() == [10, 10]
    with pytest.raises(ScslabError, match="birth_month"):
        played.column("persons.birth_mont")
    with pytest.raises(ScslabError, match="keep="):
        played.rows("acts")
    with pytest.raises(InputError, match="traffic_violation"):
        scenario({"conduct.steady": {"chance": {"traffic_violations": 1}}}, people=10, periods=2)


@pytest.mark.parametrize("bias", [1.02, 0.98])
def test_a_bias_of_2_percent_is_seen_at_drawn_parameters(bias: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same test passes without the bias: what is caught is the bias, not the noise."""
    load_cases()

    def biased(by: float) -> Measurement:
        def measure(inputs: dict, size: int, seed: int) -> Measured:
            found = scenario({"conduct.steady": {"chance": {"offence": by * inputs["p"]}}}, people=size, periods=1, seed=seed)
            return share(found.total("acts.offence"), size)

        return Measurement(measure)

    monkeypatch.setitem(FORMULAS, "CF03a", lambda inputs: inputs["p"])
    monkeypatch.setitem(DRAWS, "CF03a", lambda rng: {"p": rng.uniform(0.1, 0.5)})
    monkeypatch.setitem(MEASUREMENTS, "CF03a", biased(1.0))
    assert all(row["pass"] for row in judge.verify_drawn(["CF03a"], 3))
    monkeypatch.setitem(MEASUREMENTS, "CF03a", biased(bias))
    rows = judge.verify_drawn(["CF03a"], 3)
    assert sum(not row["pass"] for row in rows) >= 2
    assert all(row["sees"] <= 0.0201 for row in rows)
