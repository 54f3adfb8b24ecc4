"""The credibility sheet counts what is declared and claims nothing else."""

from __future__ import annotations

from pathlib import Path

from scslab.study import credibility as sheet
from scslab.study.published.registry import registered
from scslab.study.showcase import load_row, row_names
from scslab.study.validate import load_moments
from scslab.study.verify.table import closed_forms, declared

ROOT = Path(__file__).parents[2]


def test_the_sheet_counts_what_is_declared():
    text = sheet.credibility(ROOT)
    line = next(line for line in text.splitlines() if line.startswith("| mechanisms and metrics |"))
    assert f"of {len(closed_forms())} cases" in line and f"| {len(declared())} |" in line
    assert f"{len(registered())} models, {sum(len(model.targets) for model in registered().values())} targets" in text
    figures = load_moments().figures
    assert f"{len(figures)} figures" in text and all(f"| {figure.name} |" in text for figure in figures)
    for said in (*declared().values(), *(f.miss for f in figures), *(t.miss for m in registered().values() for t in m.targets)):
        assert " ".join(said.split()).replace("|", "\\|") in text  # no miss is left out
    assert sum(f"scslab showcase {name} |" in text for name in row_names()) == sum(bool(load_row(name).surprise) for name in row_names())


def test_what_is_not_there_is_not_claimed(tmp_path, monkeypatch):
    text = sheet.credibility()
    assert "pytest" not in text and "docs/differences.md" not in text  # an installed package has no tests
    (tmp_path / "tests" / "reference").mkdir(parents=True)
    monkeypatch.setattr(sheet, "CONTRACTS", "scslab.study.nowhere.contract")
    text = sheet.credibility(tmp_path)
    assert text.count(sheet.NOT_HERE) == 2 + len(sheet.TESTS) and "`scslab contract`" not in text
    (tmp_path / "tests" / "reference" / "a.py").write_text('@step("observe.camera")\n@step("observe.nobody")\n', encoding="utf-8")
    (tmp_path / "tests" / "suite").mkdir()
    (tmp_path / "tests" / "suite" / "test_faults.py").write_text("def test_a(): ...\ndef test_b(): ...\n", encoding="utf-8")
    text = sheet.credibility(tmp_path)
    assert "| 1 of " in text and "| 2 tests |" in text and text.count(sheet.NOT_HERE) == len(sheet.TESTS)


def test_the_sheet_says_what_a_result_does_not_show():
    text = sheet.credibility()
    for words in ("no estimate of China", "luck only", "switched on", "partial equilibrium"):
        assert words in text
