"""The side-by-side benchmark runs, says who is missing, and notices disagreement."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def compare():
    spec = importlib.util.spec_from_file_location("scs_mini_compare", FOLDER / "compare.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_numpy_runs_from_the_command_line():
    command = [sys.executable, str(FOLDER / "compare.py"), "--only", "numpy", "--people", "5000", "--rates", "10", "--repeats", "2", "--json"]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    result = json.loads(found.stdout)
    (row,) = result["rows"]
    assert row["implementation"] == "numpy" and row["agrees"] and row["ratio"] == 1
    assert abs(row["share listed"] - 0.179) < 5 * row["standard error"]
    assert row["runs"][0]["listed"] != row["runs"][1]["listed"]
    assert all(r["listed"] < r["restricted"] < 1 for r in row["runs"])


def test_a_missing_package_says_how_to_install_it(compare, monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert compare.main(["--only", "laser"]) == 2
    assert "--group bench" in capsys.readouterr().err


def test_disagreement_is_noticed(compare, monkeypatch, capsys):
    shares = {"scslab": 0.003, "numpy": 0.0031, "laser": 0.004}

    def made(name, **asked):
        return {"seconds": 1.0, "threads": 2, "peak bytes per person": 1.0, "listed": shares[name]}

    monkeypatch.setattr(compare, "measure_apart", made)
    monkeypatch.setattr(compare, "missing", lambda names: {})
    assert compare.main(["--people", "1000000"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines[2:5]] == ["yes", "yes", "NO"]
    assert compare.main(["--people", "1000000", "--only", "scslab,numpy"]) == 0
    assert compare.standard_error(0.5, 100, 1) == 0.05
