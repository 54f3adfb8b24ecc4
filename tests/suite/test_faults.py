"""Whether the suite notices faults: the list of faults is sound, some are planted here, the others and a sample of mutants in the long tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import faults as planted  # noqa: E402
import mutants as changed  # noqa: E402
import seeded  # noqa: E402

FAULTS = planted.load()
CHEAP = ("degrees-of-freedom", "window-of-eleven-months")
"""Faults planted in every run of the suite: their tests need no compiled code."""
SHARES = 6
MUTANTS, BLOCK = 300, 50


def test_every_fault_applies_once_and_names_tests_that_exist() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 60
    for fault in FAULTS:
        assert fault.text() != (ROOT / fault.file).read_text(encoding="utf-8") and fault.tests, fault.name
        compile(fault.text(), fault.file, "exec")
        for test in fault.tests:
            file, _, name = test.partition("::")
            assert (ROOT / file).is_file() and (not name or f"def {name.partition('[')[0]}(" in (ROOT / file).read_text(encoding="utf-8")), (fault.name, test)


def test_faults_stand_in_all_phases_the_measures_and_the_engine() -> None:
    places = {Path(fault.file).parent.name for fault in FAULTS}
    assert {"engine", "observe", "record", "decide", "review", "enforce", "outcome", "respond", "measure", "outcomes"} <= places


def test_a_text_that_went_stale_is_told(tmp_path: Path) -> None:
    fault = planted.Fault("stale", "x", "scripts/soak.py", "no such text", "y", ("tests/unit/test_soak.py",))
    with pytest.raises(ValueError, match=r"stale.*0 times"):
        fault.text()


@pytest.fixture
def copy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, worker_id: str) -> seeded.Copy:
    monkeypatch.setenv("SCSLAB_SOAK", str(tmp_path))
    return seeded.Copy(f"quick-{worker_id}")  # workers that share a copy would plant two faults at once


@pytest.mark.parametrize("name", CHEAP)
def test_a_fault_is_caught(name: str, copy: seeded.Copy) -> None:
    fault = next(fault for fault in FAULTS if fault.name == name)
    before = (ROOT / fault.file).read_bytes()
    found = planted.plant(fault, copy)
    assert found.caught and found.by.startswith("tests/"), found
    assert (ROOT / fault.file).read_bytes() == before == (copy.root / fault.file).read_bytes()
    assert seeded.read_log(seeded.log_path("faults"))[fault.key]["result"] == "caught"


def test_what_changes_nothing_survives_and_what_cannot_be_read_is_broken(copy: seeded.Copy) -> None:
    tests = ("tests/unit/test_periods.py",)
    text = (ROOT / "src/scslab/base/periods.py").read_text(encoding="utf-8")
    with copy.changed("src/scslab/base/periods.py", text + "\n# nothing\n"):
        assert copy.run(tests).result == "survived"
    with copy.changed("src/scslab/base/periods.py", text + "\nnothing\n"):
        assert copy.run(tests).result == "broken"


def test_mutants_change_one_operator_of_what_functions_do() -> None:
    found = [mutant for name in ("decide/redlist", "scores") for mutant in changed.mutants_of(f"src/scslab/mechanisms/{name}.py")]
    assert {(m.old, m.new) for m in found} >= {(">=", ">"), ("<", "<="), ("minimum", "maximum"), ("+", "-"), ("0", "1"), ("&", "|")}
    for mutant in found:
        compile(mutant.text(), mutant.file, "exec")
        assert mutant.text() != (ROOT / mutant.file).read_text(encoding="utf-8")
    assert changed.sample(found, 3, 1) != changed.sample(found, 3, 2) and len({m.key for m in found}) == len(found)
    drawn = changed.sample(found, 3, 1)
    assert changed.sample([mutant for mutant in found if mutant != drawn[0]], 2, 1) == drawn[1:]
    assert sum(len(changed.mutants_of(file)) for file in changed.files()) > 500


def test_every_file_that_is_mutated_has_tests_and_every_excuse_a_line() -> None:
    assert not [file for file in changed.files() if changed.mutants_of(file) and not changed.tests_of(file)]
    for row in yaml.safe_load((ROOT / "tests" / "mutants.yaml").read_text(encoding="utf-8")):
        assert row["code"] in (ROOT / row["file"]).read_text(encoding="utf-8") and row["why"], row


def test_an_unknown_fault_ends_with_2() -> None:
    done = subprocess.run([sys.executable, str(ROOT / "scripts" / "faults.py"), "no-such"], capture_output=True, text=True)
    assert done.returncode == 2 and "no fault 'no-such'" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.soak
@pytest.mark.parametrize("share", range(SHARES))
def test_all_faults_are_caught(share: int, record_property) -> None:  # type: ignore[no-untyped-def]
    mine, survived = FAULTS[share::SHARES], []
    copy, done = seeded.Copy("faults"), seeded.read_log(seeded.log_path("faults"))
    for fault in mine:
        line = done.get(fault.key)
        if not (line and line["result"] == "caught") and not planted.plant(fault, copy).caught:
            survived.append(fault.name)
    record_property("caught", f"{len(mine) - len(survived)} of {len(mine)}")
    assert not survived


@pytest.mark.soak
@pytest.mark.parametrize("block", range(MUTANTS // BLOCK))
def test_mutants_are_caught(block: int, record_property) -> None:  # type: ignore[no-untyped-def]
    drawn = changed.sample([m for file in changed.files() for m in changed.mutants_of(file)], MUTANTS, 1)[block * BLOCK : (block + 1) * BLOCK]
    copy, done = seeded.Copy("mutants"), seeded.read_log(seeded.log_path("mutants"))
    score = [caught for mutant in drawn if (caught := changed.run_one(mutant, done, copy)) is not None]
    record_property("caught", f"{sum(score)} of {len(score)}")
    assert sum(score) >= 0.9 * len(score)
