"""Run the long tests in parts, each call of a part at most an hour; a second call goes on with the tests that have not passed yet.

    make soak                    every test that has not passed yet, part by part
    make soak PART=digest        those of one part
    make soak FRESH=1            forget what has passed and begin again
    python scripts/soak.py list  the parts, what they hold, how many have passed, and how each was last run

A part is a set of test files; the part that claims most of a file's path owns its tests marked `soak`, and `rest` owns those that no part claims. Each
run of a part adds one line to `log.jsonl` in the folder `.soak` (or `SCSLAB_SOAK`), with the tests that passed, beside the whole output, `PART.txt`.
What tests record with pytest's `record_property` is copied into the line, so that figures outlive the run.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 60 * 60
"""Most seconds a call of a part may take; then it is stopped, and the next call goes on with the tests that are left."""


@dataclass(frozen=True)
class Part:
    """A set of long tests.

    Args:
        name: what `PART=` says; what: what it does.
        files: files or folders under the repository whose soak tests it owns.
        minutes: about how long it takes on one processor.
    """

    name: str
    what: str
    files: tuple[str, ...]
    minutes: int


PARTS = (
    Part("digest", "1,000 ways of computing the same runs: one digest for each", ("tests/contract/test_digest.py",), 50),
    Part("luck", "TestU01's SmallCrush and Crush on keyed luck, in three orders, and on weak hashes that must fail",
         ("tests/validation/test_luck.py",), 135),
    Part("reference", "random scenarios against the independent reference, row for row", ("tests/reference",), 75),
    Part("contract", "exact invariants of every mechanism, regime, reform and recorder, on many more worlds",
         ("tests/contract", "tests/property"), 50),
    Part("validation", "closed forms, published models, published figures, intervals, at full size", ("tests/validation",), 55),
    Part("suite", "whether the suite notices seeded faults and mutants", ("tests/suite",), 120),
    Part("rest", "every other long test", (), 20),
)


def owner(file: str, parts: tuple[Part, ...] = PARTS) -> Part:
    """Find the part that owns a test file: the one that names most of its path, else the last.

    Example:
        >>> owner("tests/contract/test_digest.py").name, owner("tests/contract/test_else.py").name, owner("tests/unit/test_x.py").name
        ('digest', 'contract', 'rest')
    """
    claims = [(len(claim), part) for part in parts for claim in part.files if file == claim or file.startswith(claim.rstrip("/") + "/")]
    return max(claims, key=lambda pair: pair[0])[1] if claims else parts[-1]


def dealt(tests: list[str], parts: tuple[Part, ...] = PARTS) -> dict[str, list[str]]:
    """Deal tests to parts: each test to exactly one.

    Args:
        tests: node ids, `FILE::TEST`.

    Example:
        >>> {k: v for k, v in dealt(["tests/unit/test_x.py::test_a"]).items() if v}
        {'rest': ['tests/unit/test_x.py::test_a']}
    """
    found: dict[str, list[str]] = {part.name: [] for part in parts}
    for test in tests:
        found[owner(test.partition("::")[0], parts).name].append(test)
    return found


def collect() -> list[str]:
    """List every test marked `soak`, without running any."""
    words = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-m", "soak", "-p", "no:cacheprovider"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    if done.returncode not in (0, 5):  # 5: no test has the marker
        raise SystemExit(f"The long tests cannot be listed:\n{done.stdout[-3000:]}{done.stderr[-2000:]}")
    return [line for line in done.stdout.splitlines() if "::" in line and not line.startswith(("=", " "))]


def folder() -> Path:
    """Find the folder of logs, and make it."""
    place = Path(os.environ.get("SCSLAB_SOAK") or ROOT / ".soak")
    place.mkdir(parents=True, exist_ok=True)
    return place


def read_log(place: Path) -> list[dict[str, Any]]:
    """Read the log since it was last begun afresh; a line cut off by a crash is left out."""
    lines: list[dict[str, Any]] = []
    path = place / "log.jsonl"
    for text in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        lines = [] if line.get("part") == "FRESH" else [*lines, line]
    return lines


def write_log(place: Path, line: dict[str, Any]) -> None:
    """Add a line to the log."""
    with (place / "log.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line, ensure_ascii=False) + "\n")


def version() -> str:
    """Name the commit, with a plus sign where files differ from it."""

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.strip()

    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "--untracked-files=no") else "")


def run(name: str, tests: list[str], place: Path, limit: float = LIMIT) -> dict[str, Any]:
    """Run the tests of one part and log how it went.

    Returns:
        The line of the log: part, started, seconds, version, tests, result (`passed`, `failed`, `cut`, `stopped`, `no test`), last, figures, and the
        tests that passed.
    """
    started, began = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
    line: dict[str, Any] = {"part": name, "started": started, "seconds": 0.0, "version": version(), "tests": len(tests), "result": "no test",
                            "last": "", "figures": {}, "passed": []}  # fmt: skip
    if tests:
        report = place / f"{name}.xml"
        report.unlink(missing_ok=True)
        words = [sys.executable, "-m", "pytest", "-vv", "-m", "soak", "--durations=10", f"--junitxml={report}", "-o", "junit_family=xunit1", *tests]
        with (place / f"{name}.txt").open("w", encoding="utf-8") as output:
            here = {**os.environ, "SCSLAB_SOAK_AT_ONCE": "1"}  # a part may be cut before pytest sums its failures up
            child = subprocess.Popen(words, cwd=ROOT, env=here, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
            try:
                line["result"] = "passed" if child.wait(limit) == 0 else "failed"
            except subprocess.TimeoutExpired:
                line["result"] = "cut"
            except KeyboardInterrupt:
                line["result"] = "stopped"
            finally:
                if child.poll() is None:
                    os.killpg(child.pid, signal.SIGKILL)  # the part's own session: its workers end with it
                    child.wait()
        text = (place / f"{name}.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        line["last"], line["figures"], line["passed"] = (text[-1].strip("= ") if text else ""), figures(report), passed_in(text)
    line["seconds"] = round(time.monotonic() - began, 1)
    write_log(place, line)
    return line


def passed_in(text: list[str]) -> list[str]:
    """Name the tests that passed, from what pytest says of each as it goes on; those skipped here count, as their reason is in the output."""
    return [found[1] for line in text if (found := re.match(r"(\S+::.*?) (?:PASSED|SKIPPED)\b", line))]


def figures(report: Path) -> dict[str, str]:
    """Read what tests recorded of themselves."""
    try:
        found = ElementTree.parse(report).getroot().iter("testcase")
    except (OSError, ElementTree.ParseError):
        return {}
    return {f"{case.get('name')}: {entry.get('name')}": str(entry.get("value")) for case in found for entry in case.iter("property")}


def words_of(line: dict[str, Any]) -> str:
    """Say in a line how a part went."""
    spent = f"{line['seconds'] / 60:6.1f} min  {line['tests']:>4} tests"
    return f"{line['part']:<14}{line['result']:<10}{spent}  {line['started']}  {line['version']:<10} {line['last']}"


def show(place: Path, deal: dict[str, list[str]]) -> None:
    """Print the parts, how many of their tests have passed, and when each was last run."""
    log = read_log(place)
    last = {line["part"]: line for line in log}
    for part in PARTS:
        own = deal[part.name]
        print(f"{part.name:<14}{part.minutes:>4} min  {len(own) - len(left(own, log)):>3} of {len(own):>3} passed  {part.what}")
        print("    " + (words_of(last[part.name]) if part.name in last else "not run"))


def left(tests: list[str], log: list[dict[str, Any]]) -> list[str]:
    """List those tests that have not passed yet."""
    passed = {test for line in log for test in line.get("passed", ())}
    return [test for test in tests if test not in passed]


def main() -> int:
    """Run what the command line asks for; 1 where a part did not pass."""
    parser = argparse.ArgumentParser(description="Run the long tests in parts; go on where the last call stopped.")
    parser.add_argument("part", nargs="?", default="", help="a part, or 'list'; default all that have not passed yet")
    parser.add_argument("--fresh", action="store_true", help="forget what has passed")
    asked, place = parser.parse_args(), folder()
    known = [part.name for part in PARTS]
    if asked.part not in ("", "list", *known):
        print(f"There is no part '{asked.part}'. Parts: {', '.join(known)}", file=sys.stderr)
        return 2
    if asked.fresh:
        write_log(place, {"part": "FRESH", "started": datetime.now(UTC).isoformat(timespec="seconds")})
    deal = dealt(collect())
    if asked.part == "list":
        show(place, deal)
        return 0
    wanted = [asked.part] if asked.part else known
    if not any(left(deal[name], read_log(place)) for name in wanted):
        print("Everything asked for has passed; begin again with `make soak FRESH=1`.")
    for name in wanted:
        while todo := left(deal[name], read_log(place)):
            print(f"{name}: {len(todo)} tests, output in {place / name}.txt", flush=True)
            line = run(name, todo, place)
            print(words_of(line), flush=True)
            if line["result"] == "stopped":
                return 130
            if line["result"] != "cut" or not line["passed"]:  # a test that takes an hour by itself is not begun again and again
                break
    return 1 if any(left(deal[name], read_log(place)) for name in wanted) else 0


if __name__ == "__main__":
    sys.exit(main())
