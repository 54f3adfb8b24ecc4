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
    assert [*deal["digest-1"], *deal["digest-2"]] == [*tests[0:5:2], *tests[1:5:2]] and deal["rest"] == tests[15:]
    parts = (soak.Part("long", "x", ("tests/contract",), 50, shares=3), soak.PARTS[-1])
    cut = soak.dealt(tests, parts)
    assert [len(cut[f"long-{k}"]) for k in (1, 2, 3)] == [4, 3, 3] and len(cut["rest"]) == 10


def test_no_file_is_claimed_twice_and_the_last_part_takes_what_is_left(soak) -> None:  # type: ignore[no-untyped-def]
    claims = [claim for part in soak.PARTS for claim in part.files]
    assert len(claims) == len(set(claims)) and soak.PARTS[-1].files == ()
    assert len({name for part in soak.PARTS for name in soak.shares_of(part)}) == sum(part.shares for part in soak.PARTS)
    assert all(part.minutes / part.shares <= 60 for part in soak.PARTS)


def test_what_has_passed_is_not_run_again(soak, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    deal: dict[str, list[str]] = {name: [] for part in soak.PARTS for name in soak.shares_of(part)}
    deal |= {"contract-1": ["a"], "reference-1": ["b"]}
    for part, result, tests in (("contract-1", "passed", 1), ("reference-1", "failed", 1), ("rest", "no test", 0), ("digest-1", "no test", 0)):
        soak.write_log(tmp_path, {"part": part, "result": result, "tests": tests})
    with (tmp_path / "log.jsonl").open("a") as stream:
        stream.write('{"part": "refer')  # cut off by a crash
    left = soak.chosen("", deal, soak.read_log(tmp_path))
    assert not {"contract-1", "rest", "digest-1"} & {*left} and {"digest-2", "reference-1"} <= {*left}
    assert soak.chosen("contract-1", deal, soak.read_log(tmp_path)) == ["contract-1"]
    assert soak.chosen("digest", deal, soak.read_log(tmp_path)) == ["digest-1", "digest-2"]
    assert "contract-1" in soak.chosen("", {**deal, "contract-1": ["a", "more"]}, soak.read_log(tmp_path))  # it has got a test since it passed
    with pytest.raises(SystemExit, match="no part 'lukc'"):
        soak.chosen("lukc", deal, [])
    with (tmp_path / "log.jsonl").open("a") as stream:
        stream.write("\n")
    soak.write_log(tmp_path, {"part": "FRESH"})
    assert soak.chosen("", deal, soak.read_log(tmp_path))[0] == "digest-1"


def test_a_part_is_run_and_logged_and_stopped_when_it_takes_too_long(soak, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    mark = "import pytest, time\n@pytest.mark.soak\n"
    (tmp_path / "test_ok.py").write_text(f"{mark}def test_ok(record_property):\n    record_property('p', 0.25)\n")
    (tmp_path / "test_bad.py").write_text(f"{mark}def test_bad():\n    assert False\n")
    (tmp_path / "test_slow.py").write_text(f"{mark}def test_slow():\n    time.sleep(60)\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = soak: long\n")
    monkeypatch.setattr(soak, "ROOT", tmp_path)
    ok = soak.run("digest", ["test_ok.py"], tmp_path)
    assert ok["result"] == "passed" and ok["figures"] == {"test_ok: p": "0.25"} and "1 passed" in ok["last"]
    assert soak.run("luck", ["test_bad.py"], tmp_path)["result"] == "failed"
    slow = soak.run("rest", ["test_slow.py"], tmp_path, limit=3)
    assert slow["result"] == "too long" and slow["seconds"] < 30
    assert soak.run("suite", [], tmp_path)["result"] == "no test"
    logged = [json.loads(line)["part"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert logged == ["digest", "luck", "rest", "suite"]


def test_the_page_lists_the_parts(soak) -> None:  # type: ignore[no-untyped-def]
    rows = [line.strip("| ").split(" | ") for line in (ROOT / "docs" / "soak.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert [row[0] for row in rows if row[0] in {p.name for p in soak.PARTS}] == [p.name for p in soak.PARTS]
    assert [int(row[2]) for row in rows if len(row) == 3 and row[2].isdigit()] == [p.minutes for p in soak.PARTS]
