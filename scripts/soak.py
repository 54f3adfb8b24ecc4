"""Run the long tests in parts of at most an hour each; a second call goes on where the first one stopped.

    make soak                    every part that has not passed yet, in order
    make soak PART=digest        one part (or one of its shares, digest-2), whatever the log says
    make soak FRESH=1            forget what has passed and begin again
    python scripts/soak.py list  the parts, what they hold, and when each was last run

A part is a set of test files; the first part that claims a file owns its tests marked `soak`, and `rest` owns those that no part claims. Each run
of a part adds one line to `log.jsonl` in the folder `.soak` (or `SCSLAB_SOAK`), beside the whole output, `PART.txt`. What tests record with
pytest's `record_property` is copied into the line, so that figures outlive the run.
"""

from __future__ import annotations

import argparse
import json
import os
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
"""Most seconds a part may take; one that takes longer is stopped and counts as failed: cut it into more shares."""


@dataclass(frozen=True)
class Part:
    """A set of long tests.

    Args:
        name: what `PART=` says; what: what it does.
        files: files or folders under the repository whose soak tests it owns.
        minutes: about how long it takes on two processors.
        shares: into how many runs of their own its tests are dealt; each must take less than an hour.
    """

    name: str
    what: str
    files: tuple[str, ...]
    minutes: int
    shares: int = 1


PARTS = (
    Part("digest", "1,000 ways of computing the same runs: one digest for each", ("tests/contract/test_digest.py",), 50, shares=2),
    Part("luck", "TestU01's SmallCrush and Crush on keyed luck, in three orders, and on weak hashes that must fail",
         ("tests/validation/test_luck.py",), 135, shares=3),
    Part("reference", "random scenarios against the independent reference, row for row", ("tests/reference",), 75, shares=2),
    Part("contract", "exact invariants of every mechanism, regime, reform and recorder, on many more worlds",
         ("tests/contract", "tests/property"), 50, shares=2),
    Part("validation", "closed forms, published models, published figures, intervals, at full size", ("tests/validation",), 55, shares=2),
    Part("suite", "whether the suite notices seeded faults and mutants", ("tests/suite",), 120, shares=6),
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


def shares_of(part: Part) -> list[str]:
    """Name the runs of a part."""
    return [part.name] if part.shares == 1 else [f"{part.name}-{k + 1}" for k in range(part.shares)]


def dealt(tests: list[str], parts: tuple[Part, ...] = PARTS) -> dict[str, list[str]]:
    """Deal tests to the runs of parts: each test to exactly one.

    Args:
        tests: node ids, `FILE::TEST`.

    Example:
        >>> {k: v for k, v in dealt(["tests/unit/test_x.py::test_a"]).items() if v}
        {'rest': ['tests/unit/test_x.py::test_a']}
    """
    found: dict[str, list[str]] = {name: [] for part in parts for name in shares_of(part)}
    dealt_to = dict.fromkeys((part.name for part in parts), 0)
    for test in tests:
        part = owner(test.partition("::")[0], parts)
        names = shares_of(part)
        found[names[dealt_to[part.name] % len(names)]].append(test)
        dealt_to[part.name] += 1
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
        The line of the log: part, started, seconds, version, tests, result (`passed`, `failed`, `too long`, `stopped`, `no test`), last, figures.
    """
    started, began = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
    line: dict[str, Any] = {"part": name, "started": started, "seconds": 0.0, "version": version(), "tests": len(tests), "result": "no test",
                            "last": "", "figures": {}}  # fmt: skip
    if tests:
        report = place / f"{name}.xml"
        report.unlink(missing_ok=True)
        words = [sys.executable, "-m", "pytest", "-q", "-m", "soak", "--durations=10", f"--junitxml={report}", "-o", "junit_family=xunit1", *tests]
        with (place / f"{name}.txt").open("w", encoding="utf-8") as output:
            child = subprocess.Popen(words, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
            try:
                line["result"] = "passed" if child.wait(limit) == 0 else "failed"
            except subprocess.TimeoutExpired:
                line["result"] = "too long"
            except KeyboardInterrupt:
                line["result"] = "stopped"
            finally:
                if child.poll() is None:
                    os.killpg(child.pid, signal.SIGKILL)  # the part's own session: its workers end with it
                    child.wait()
        text = (place / f"{name}.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        line["last"], line["figures"] = (text[-1].strip("= ") if text else ""), figures(report)
    line["seconds"] = round(time.monotonic() - began, 1)
    write_log(place, line)
    return line


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


def show(place: Path) -> None:
    """Print the parts and when each was last run."""
    last = {line["part"]: line for line in read_log(place)}
    for part in PARTS:
        print(f"{part.name:<14}{part.minutes:>4} min  {part.what}")
        for name in shares_of(part):
            print("    " + (words_of(last[name]) if name in last else f"{name}: not run"))


def chosen(asked: str, deal: dict[str, list[str]], log: list[dict[str, Any]]) -> list[str]:
    """Choose what to run: what is asked for, else what has not passed yet with all its tests."""
    if asked:
        names = [n for part in PARTS if part.name == asked for n in shares_of(part)] or [n for n in deal if n == asked]
        if not names:
            raise SystemExit(f"There is no part '{asked}'. Parts: {', '.join(p.name for p in PARTS)}")
        return names
    done = {line["part"]: line["tests"] if line["result"] in ("passed", "no test") else -1 for line in log}
    return [name for name, tests in deal.items() if done.get(name) != len(tests)]  # a part that has got more tests runs again


def main() -> int:
    """Run what the command line asks for; 1 where a part did not pass."""
    parser = argparse.ArgumentParser(description="Run the long tests in parts; go on where the last call stopped.")
    parser.add_argument("part", nargs="?", default="", help="a part, or 'list'; default all that have not passed yet")
    parser.add_argument("--fresh", action="store_true", help="forget what has passed")
    asked, place = parser.parse_args(), folder()
    if asked.part == "list":
        show(place)
        return 0
    if asked.part and not any(asked.part in (part.name, *shares_of(part)) for part in PARTS):
        print(f"There is no part '{asked.part}'. Parts: {', '.join(p.name for p in PARTS)}", file=sys.stderr)
        return 2
    if asked.fresh:
        write_log(place, {"part": "FRESH", "started": datetime.now(UTC).isoformat(timespec="seconds")})
    deal = dealt(collect())
    todo = chosen(asked.part, deal, read_log(place))
    if not todo:
        print("Every part has passed; begin again with `make soak FRESH=1`.")
    for name in todo:
        print(f"{name}: {len(deal[name])} tests, output in {place / name}.txt", flush=True)
        line = run(name, deal[name], place)
        print(words_of(line), flush=True)
        if line["result"] == "stopped":
            return 130
    last = {line["part"]: line for line in read_log(place)}
    wanted = todo if asked.part else list(deal)
    return 0 if all(last.get(name, {}).get("result") in ("passed", "no test") for name in wanted) else 1


if __name__ == "__main__":
    sys.exit(main())
