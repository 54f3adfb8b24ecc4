"""A regime file whose worked case does not hold fails its check."""

from __future__ import annotations

import pytest

from scslab.api import regime_check
from scslab.cli import main
from scslab.mechanisms.catalogue import catalogue
from scslab.regime import load_regime


def test_a_failing_worked_case_fails_the_check(tmp_path):
    text = load_regime("rongcheng-2016", catalogue()).to_yaml()
    (tmp_path / "good.yaml").write_text(text)
    assert regime_check(tmp_path / "good.yaml")["failed"] == 0
    changed = text.replace("points: 995", "points: 994", 1)
    assert changed != text
    (tmp_path / "bad.yaml").write_text(changed)
    found = regime_check(tmp_path / "bad.yaml")
    assert found["failed"] == 1 and [case["ok"] for case in found["cases"]].count(False) == 1


@pytest.mark.parametrize("given, words", [
    ("records: [evasin]", ["'evasin'", "'evasion'?"]),
    ("records: evasion, age: old", ["records: 'evasion' is not a list", "age: 'old'"]),
    ("records: [evasion], later: 3", ["later"]),
    ("records: [evasion], later: [{months: -2, records: [evasion]}]", ["months: -2"]),
])  # fmt: skip
def test_a_case_that_cannot_be_read_is_refused(tmp_path, capsys, given, words):
    rules = "schema: 1\nname: my-rules\nkind: regime\ntitle: Mine\nextends: court-list\n"
    path = tmp_path / "mine.yaml"
    path.write_text(f"{rules}cases: [{{name: mine, date: 2018-01, given: {{{given}}}, expect: {{listed: [court]}}}}]\n", encoding="utf-8")
    assert main(["regime", "check", str(path)]) == 2
    said = capsys.readouterr().err
    assert "case 'mine'" in said and all(word in said for word in words)
