"""The runner of long tests: every one belongs to exactly one part, what has passed is not run again, and what hangs is stopped."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def soak():  # type: ignore[no-untyped-def]
    spec = importlib.util.spec_from_file_location("soak_script", ROOT / "scripts" / "soak.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["soak_script"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_each_test_belongs_to_one_part(soak) -> None:  # type: ignore[no-untyped-def]
    tests = [f"tests/{where}.py::test_{k}" for where in ("contract/test_digest", "contract/test_other", "reference/a/test_b", "unit/test_c") for k in range(5)]
    deal = soak.dealt(tests)
    assert sorted(t for some in deal.values() for t in some) == sorted(tests)
    assert deal["digest"] == tests[:5] and deal["contract"] == tests[5:10] and deal["reference"] == tests[10:15] and deal["rest"] == tests[15:]


def test_no_file_is_claimed_twice_and_the_last_part_takes_what_is_left(soak) -> None:  # type: ignore[no-untyped-def]
    claims = [claim for part in soak.PARTS for claim in part.files]
    assert len(claims) == len(set(claims)) and soak.PARTS[-1].files == ()
    assert len({part.name for part in soak.PARTS}) == len(soak.PARTS)


def test_what_has_passed_is_not_run_again(soak, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    soak.write_log(tmp_path, {"part": "digest", "result": "passed", "passed": ["f::lost"]})
    soak.write_log(tmp_path, {"part": "FRESH"})
    soak.write_log(tmp_path, {"part": "digest", "result": "failed", "passed": ["f::a", "f::b[1]"]})
    with (tmp_path / "log.jsonl").open("a") as stream:
        stream.write('{"part": "refer')  # cut off by a crash
    assert soak.left(["f::a", "f::b[1]", "f::b[10]", "f::lost"], soak.read_log(tmp_path)) == ["f::b[10]", "f::lost"]
    with (tmp_path / "log.jsonl").open("a") as stream:
        stream.write("\n")
    soak.write_log(tmp_path, {"part": "digest", "result": "passed", "passed": ["f::b[10]"]})
    assert soak.left(["f::a", "f::b[1]", "f::b[10]"], soak.read_log(tmp_path)) == []


@pytest.fixture
def tree(soak, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # type: ignore[no-untyped-def]
    """A tree with long tests of all kinds, in place of the real one."""
    mark = "import pytest, time\n@pytest.mark.soak\n"
    (tmp_path / "test_ok.py").write_text(f"{mark}def test_ok(record_property):\n    record_property('p', 0.25)\n{mark}def test_bad():\n    assert False\n")
    (tmp_path / "test_slow.py").write_text(f"{mark}@pytest.mark.parametrize('s', [0, 60])\ndef test_slow(s):\n    time.sleep(s)\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = soak: long\n")
    monkeypatch.setattr(soak, "ROOT", tmp_path)
    return tmp_path


def test_a_part_is_run_and_logged_and_stopped_when_it_takes_too_long(soak, tree: Path) -> None:  # type: ignore[no-untyped-def]
    ok = soak.run("digest", ["test_ok.py::test_ok"], tree)
    assert ok["result"] == "passed" and ok["figures"] == {"test_ok: p": "0.25"} and "1 passed" in ok["last"] and ok["passed"] == ["test_ok.py::test_ok"]
    both = soak.run("luck", ["test_ok.py"], tree)
    assert both["result"] == "failed" and both["passed"] == ["test_ok.py::test_ok"]
    slow = soak.run("rest", ["test_slow.py"], tree, limit=6)
    assert slow["result"] == "cut" and slow["seconds"] < 40 and slow["passed"] == ["test_slow.py::test_slow[0]"]
    assert soak.run("suite", [], tree)["result"] == "no test"
    logged = [json.loads(line)["part"] for line in (tree / "log.jsonl").read_text().splitlines()]
    assert logged == ["digest", "luck", "rest", "suite"]


def test_a_second_call_goes_on_with_what_is_left(soak, tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("SCSLAB_SOAK", str(tree))
    (tree / "test_slow.py").unlink()
    calls = ((["x"], 1, "rest: 2 tests"), (["x", "rest"], 1, "rest: 1 tests"), (["x", "list"], 0, "1 of   2 passed"), (["x", "luck"], 0, "has passed"))
    for words, result, said in calls:
        monkeypatch.setattr(sys, "argv", words)
        assert soak.main() == result
        assert said in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["x", "lukc"])
    assert soak.main() == 2 and "no part 'lukc'" in capsys.readouterr().err


def test_the_page_lists_the_parts(soak) -> None:  # type: ignore[no-untyped-def]
    rows = [line.strip("| ").split(" | ") for line in (ROOT / "docs" / "soak.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert [row[0] for row in rows if row[0] in {p.name for p in soak.PARTS}] == [p.name for p in soak.PARTS]
    assert [int(row[2]) for row in rows if len(row) == 3 and row[2].isdigit()] == [p.minutes for p in soak.PARTS]
