"""A copy of the tree in which one text is changed, and the tests that should notice: what `faults.py` and `mutants.py` share.

Nothing is ever changed in the tree itself. The copy stands in a folder of its own below the temporary one, named after the tree, so that a second
call finds the kernels that the first one compiled.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("src", "tests", "scripts", "docs", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "pyproject.toml", "Makefile")
"""What tests need of the tree."""
LIMIT = 400.0
"""Seconds after which the tests of a change are stopped."""


@dataclass(frozen=True)
class Result:
    """How the tests took a change.

    Args:
        result: 'caught' (a test failed), 'survived' (all passed), 'too long' (not counted as caught: name quicker tests), 'broken' (no test could run:
            the change is no fault that anybody could make).
        by: the first test that failed; seconds: how long it took.
    """

    result: str
    by: str
    seconds: float

    @property
    def caught(self) -> bool:
        """Tell whether the suite noticed."""
        return self.result == "caught"


class Copy:
    """A copy of the tree, kept in step with it.

    Args:
        name: of the copy; two calls that run at once need two names.
    """

    def __init__(self, name: str) -> None:
        self.root = Path(tempfile.gettempdir()) / f"scslab-{name}-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"
        self._refresh()

    def _refresh(self) -> None:
        """Copy what differs; times are kept, because compiled kernels are found by them."""
        wanted = set()
        for part in PARTS:
            source = ROOT / part
            for path in [source] if source.is_file() else sorted(source.rglob("*")):
                if path.is_dir() or "__pycache__" in path.parts:
                    continue
                target = self.root / path.relative_to(ROOT)
                wanted.add(target)
                if not target.exists() or target.stat().st_mtime_ns != path.stat().st_mtime_ns or target.read_bytes() != path.read_bytes():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(path, target)
        for path in [p for part in PARTS for p in (self.root / part).rglob("*") if p.is_file() and "__pycache__" not in p.parts]:
            if path not in wanted:
                path.unlink()

    @contextlib.contextmanager
    def changed(self, file: str, text: str) -> Iterator[None]:
        """Put a text in the place of a file, and the file back afterwards."""
        target, source = self.root / file, ROOT / file
        try:
            target.write_text(text, encoding="utf-8")
            self._forget(target)
            yield
        finally:
            shutil.copy2(source, target)
            self._forget(target)

    @staticmethod
    def _forget(target: Path) -> None:
        for path in (target.parent / "__pycache__").glob(f"{target.stem}.*.pyc"):
            path.unlink()

    def run(self, tests: Sequence[str], jit: bool = True, limit: float = LIMIT) -> Result:
        """Run tests in the copy until the first one fails.

        Args:
            tests: files or node ids; jit: whether kernels are compiled: if not, files that mark some tests `small_world` run only those.
            limit: seconds.
        """
        small = [] if jit else [test for test in tests if "::" not in test and "mark.small_world" in (self.root / test).read_text(encoding="utf-8")]
        began, found = time.monotonic(), Result("survived", "", 0.0)
        for some, marks in ((small, "small_world and not soak"), ([test for test in tests if test not in small], "not soak")):
            left = limit - (time.monotonic() - began)
            if some and found.result == "survived":
                found = self._run(some, jit, max(left, 1.0), marks)
        return Result(found.result, found.by, round(time.monotonic() - began, 1))

    def _run(self, tests: Sequence[str], jit: bool, limit: float, marks: str) -> Result:
        words = [sys.executable, "-m", "pytest", "-q", "-x", "--tb=no", "-p", "no:cacheprovider", "-m", marks, *tests]
        here = {k: v for k, v in os.environ.items() if k not in ("PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS", "SCSLAB_SOAK", "NUMBA_DISABLE_JIT")}
        here |= {"PYTHONPATH": str(self.root / "src"), **({} if jit else {"NUMBA_DISABLE_JIT": "1"})}
        child = subprocess.Popen(words, cwd=self.root, env=here, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        try:
            text, _ = child.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            return Result("too long", "", 0.0)
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)  # the child's own session
                child.wait()
        by = re.search(r"^(?:FAILED|ERROR) (\S+)", text, re.MULTILINE)
        result = {0: "survived", 1: "caught", 5: "survived"}.get(child.returncode, "broken")  # 5: no test has the mark
        return Result(result, by.group(1) if by else "" if result == "survived" else text.strip()[-200:], 0.0)


def key_of(*texts: str) -> str:
    """Name a change by what it is, so that a log is not taken for another change's."""
    return hashlib.sha256("\x00".join(texts).encode()).hexdigest()[:12]


def log_path(name: str) -> Path:
    """Find the log, in the folder of the long tests."""
    folder = Path(os.environ.get("SCSLAB_SOAK") or ROOT / ".soak")
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.jsonl"


def read_log(path: Path) -> dict[str, dict[str, Any]]:
    """Read the last line of each change; a line cut off by a crash is left out."""
    found: dict[str, dict[str, Any]] = {}
    for text in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        found[line["key"]] = line
    return found


def write_log(path: Path, line: dict[str, Any]) -> None:
    """Add a line to the log."""
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line, ensure_ascii=False) + "\n")
