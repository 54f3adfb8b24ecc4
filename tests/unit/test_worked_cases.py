"""A regime file whose worked case does not hold fails its check."""

from __future__ import annotations

from scslab.api import regime_check
from scslab.mechanisms.catalogue import catalogue
from scslab.regime import load_regime, to_yaml


def test_a_failing_worked_case_fails_the_check(tmp_path):
    text = to_yaml(load_regime("rongcheng-2016", catalogue()))
    (tmp_path / "good.yaml").write_text(text)
    assert regime_check(tmp_path / "good.yaml")["failed"] == 0
    changed = text.replace("points: 995", "points: 994", 1)
    assert changed != text
    (tmp_path / "bad.yaml").write_text(changed)
    found = regime_check(tmp_path / "bad.yaml")
    assert found["failed"] == 1 and [case["ok"] for case in found["cases"]].count(False) == 1
