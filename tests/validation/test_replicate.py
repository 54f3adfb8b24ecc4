"""The frame of `scslab replicate`: how results are judged, what a model must declare, what the command says."""

from __future__ import annotations

import json

import pytest

from scslab import cli
from scslab.base.errors import InputError
from scslab.study.published import Measured, Target, registered
from scslab.study.published import run as runner
from scslab.study.published.registry import Model


def test_each_kind_of_tolerance_judges_as_it_says():
    within = Target("a", 10.0, tolerance=0.3)
    assert within.passes(Measured(11.9, 0.4)) and not within.passes(Measured(12.1, 0.4)) and within.margin(Measured(0, 0.4)) == pytest.approx(2)
    band = Target("b", (3, 6.5), kind="band")
    assert band.passes(Measured(3)) and not band.passes(Measured(6.6, 5)) and band.margin(Measured(3)) is None
    sign = Target("c", -1, kind="sign")
    assert sign.passes(Measured(-0.5, 0.1)) and not sign.passes(Measured(-0.3, 0.1)) and not sign.passes(Measured(0.5)) and not sign.passes(Measured(0))
    exact = Target("d", 2.0, kind="exact", tolerance=1e-9)
    assert exact.passes(Measured(2.0)) and not exact.passes(Measured(2.000001, 5))
    assert not within.passes(Measured(float("nan")))


def test_a_target_says_what_kind_it_is():
    with pytest.raises(ValueError, match="kind"):
        Target("a", 1, kind="about")
    with pytest.raises(ValueError, match="interval"):
        Target("a", 1, kind="band")


def _model(name, *targets, **results):
    return Model(name, "t", "s", (), "e", targets, lambda seed: results)


def test_a_model_whose_results_are_not_its_targets_is_a_fault_of_its_file():
    with pytest.raises(ValueError, match="differ in b, c"):
        _model("m", Target("b", 1), c=1).measure(1)


def test_only_a_declared_miss_is_forgiven(monkeypatch, capsys):
    known = {
        "good": _model("good", Target("a", 1, kind="exact"), a=1),
        "known": _model("known", Target("a", 1, kind="exact", miss="the source rounds"), a=2),
        "bad": _model("bad", Target("a", 1, kind="exact"), a=2),
    }
    monkeypatch.setattr(runner, "registered", lambda: known)
    assert cli.main(["replicate", "good", "known"]) == 0
    out = capsys.readouterr().out
    assert "the source rounds" in out and "1 of 2 pass, 1 declared misses" in out
    assert cli.main(["replicate", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [one["ok"] for one in found] == [True, True, False] and found[1]["rows"][0]["declared"]
    with pytest.raises(InputError, match="good"):
        runner.replicate(["godo"])


def test_an_unknown_model_ends_with_2_and_the_nearest_name(capsys):
    assert cli.main(["replicate", "inspecton"]) == 2
    assert "inspecton" in capsys.readouterr().err
    assert cli.main(["replicate", "--seed", "x", ""]) == 2
    assert "--seed" in capsys.readouterr().err


def test_every_model_declares_what_the_page_needs():
    for name, model in registered().items():
        assert model.name == name and model.title and model.source and model.equations and model.expressed and model.targets
        assert all(deviation.what and deviation.cause for deviation in model.deviations)
