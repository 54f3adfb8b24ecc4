"""Days and rounds: rates per year and lengths of time as another period states them."""

from __future__ import annotations

import math

import pytest

from scslab.base.errors import InputError
from scslab.base.luck import ONE
from scslab.mechanisms.catalogue import catalogue
from scslab.regime import load_regime
from scslab.study.verify.scenario import regime_of, regime_text, scenario
from scslab.world import build_world


@pytest.mark.parametrize(("period", "per_year"), [("month", 12), ("day", 365), ("round", 1)])
def test_a_rate_is_divided_by_the_periods_of_a_year(period: str, per_year: int) -> None:
    regime = regime_of("rates", {"conduct.customs": {"feasts": 6, "keeps": 1}}, period)
    assert regime.at(240)["conduct.customs"].params.feasts / ONE == pytest.approx(1 - math.exp(-6 / per_year), abs=1e-9)
    assert regime.period == period


def test_lengths_of_time_are_stated_in_the_unit_of_the_period(tmp_path) -> None:
    text = regime_text("days", {"review.inquiry": {"chance": 1}, "record.local": {"admission": 1, "delay": 2, "retention": None}}, "day")
    assert "unit: 'days'" in text
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(text.replace("'days'", "months"), encoding="utf-8")
    with pytest.raises(InputError, match="measured in: days"):
        load_regime(str(wrong), catalogue())


def test_a_regime_keeps_the_period_of_what_it_extends_and_refuses_another(tmp_path) -> None:
    (tmp_path / "days.yaml").write_text(regime_text("days", {"conduct.customs": {"feasts": 6, "keeps": 1}}, "day"), encoding="utf-8")
    child = tmp_path / "child.yaml"
    head = "schema: 1\nname: child\ntitle: child\nkind: society\nstatus: invented\nextends: ./days.yaml\nmechanisms: {}\n"
    child.write_text(head, encoding="utf-8")
    assert load_regime(str(child), catalogue()).period == "day"
    child.write_text(head.replace("kind:", "period: round\nkind:"), encoding="utf-8")
    with pytest.raises(InputError, match="the period is a round"):
        load_regime(str(child), catalogue())
    child.write_text(head.replace("kind:", "period: dy\nkind:"), encoding="utf-8")
    with pytest.raises(InputError, match="Did you mean 'day'"):
        load_regime(str(child), catalogue())


def test_a_world_and_its_rules_count_alike_and_runs_count_in_months(tmp_path) -> None:
    rules = {"conduct.customs": {"feasts": 365, "keeps": 1}}
    played = scenario(rules, people=4000, periods=1, period="day", seed=3)
    assert played.total("acts.custom") / 4000 == pytest.approx(1 - math.exp(-1), abs=0.03)
    with pytest.raises(InputError, match="counts in days, the world in months"):
        scenario(rules, people=10, periods=1, period="day", world=build_world("ring", 10, 1))
    with pytest.raises(InputError, match="Did you mean 'round'"):
        build_world("ring", 10, 1, period="rounds")
    from scslab.study.prepare import make_job

    path = tmp_path / "days.yaml"
    path.write_text(regime_text("days", rules, "day"), encoding="utf-8")
    with pytest.raises(InputError, match="counts in days"):
        make_job([str(path)], world="ring", against="none")
