"""Computes one run in many ways and compares the digests; where they differ, finds the first month, mechanism and row.

    python tests/contract/digest_compare.py 60 --seed 1      sixty ways, in a few processes
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from digest_ways import FACTORS, PLAIN, SCENARIOS, TINY, Way, draw_ways

from scslab.base.files import cache_dir
from scslab.base.jit import kernel_hash
from scslab.base.months import month, month_text
from scslab.study.diverge import first_row

CHILD = Path(__file__).with_name("digest_child.py")
QUICK = [("compiled", "all", "random"), ("compiled", "plain", "1"), ("checked", "all", "0"), ("off", "plain", "0")]
"""Processes of the quick suite; the long tests have every combination."""
WHOLE = [(code, processor, word) for code in FACTORS["code"] for processor in FACTORS["processor"] for word in FACTORS["hash"]]


class ChildFailed(Exception):
    """A process ended instead of answering; holds what it said last."""


def plain_processor() -> str:
    """Name the features that NumPy may do without on this machine: it then computes with its least common ones."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__  # type: ignore[attr-defined]

    return " ".join(name for name in __cpu_dispatch__ if __cpu_features__.get(name))


def surroundings(environment: tuple[str, ...], cache: str) -> dict[str, str]:
    """Make the environment of a process; worlds and warm-ups are its own, compiled code is shared by all of its kind."""
    code, processor, word = environment
    mine = {k: v for k, v in os.environ.items() if not k.startswith(("NUMBA_", "NPY_", "PYTHONHASHSEED"))}
    mine |= {"PYTHONHASHSEED": word, "SCSLAB_CACHE": cache, "OMP_NUM_THREADS": "1"}
    if processor == "plain":
        mine["NPY_DISABLE_CPU_FEATURES"] = plain_processor()
    if code == "off":
        return {**mine, "NUMBA_DISABLE_JIT": "1"}
    checked = {"NUMBA_BOUNDSCHECK": "1"} if code == "checked" else {}
    return {**mine, **checked, "NUMBA_CACHE_DIR": str(cache_dir() / f"numba-{kernel_hash()}{'-checked' if checked else ''}")}


class Child:
    """A process that computes ways of one environment."""

    def __init__(self, environment: tuple[str, ...]) -> None:
        self._cache, self._said = tempfile.TemporaryDirectory(), tempfile.TemporaryFile("w+")  # noqa: SIM115
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self._said, "text": True}
        self._process = subprocess.Popen([sys.executable, str(CHILD)], env=surroundings(environment, self._cache.name), **pipes)

    def ask(self, way: Way, **more: Any) -> dict[str, Any]:
        """Ask one question and wait for the answer.

        Raises:
            ChildFailed: the process ended.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps({"way": way.plain(), **more}) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            self._process.wait()
            self._said.seek(0)
            raise ChildFailed(f"{way}\n{self._said.read()[-3000:]}")
        return json.loads(answer)

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        self._cache.cleanup()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass
class Report:
    """What came of it.

    Args:
        ways: how many were computed; covering: with how many of them every pair of settings had occurred; left: pairs that did not occur.
        digests: how many were compared; problems: a text for each way that differs.
    """

    ways: int = 0
    covering: int = 0
    left: int = 0
    digests: int = 0
    seconds: float = 0.0
    by: dict[str, Counter[Any]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = "; ".join(f"{name}: " + ", ".join(f"{k} {n}" for k, n in sorted(c.items(), key=str)) for name, c in self.by.items())
        head = f"{self.ways} ways (pairs covered by the first {self.covering}, {self.left} left), {self.digests} digests compared"
        return "\n".join([f"{head}, {self.seconds:.0f} s of processor", counts, *self.problems])


def compare(count: int, seed: int, environments: Sequence[tuple[str, ...]], workers: bool = True, batch: int = 10_000) -> Report:
    """Compute ways and compare each digest with that of the plain way.

    Args:
        count: how many ways; seed: of the drawing; environments: processes to use; batch: most ways of one process.
    """
    ways, covering, left = draw_ways(count, seed, environments, workers)
    report = Report(len(ways), covering, left, by={name: Counter(getattr(way, name) for way in ways) for name in FACTORS})
    wanted = _plain_digests({way.scenario for way in ways}, report)
    for environment in environments:
        mine = [way for way in ways if way.environment == environment]
        for at in range(0, len(mine), batch):
            with Child(environment) as child:
                for way in mine[at : at + batch]:
                    answer = child.ask(way)
                    report.seconds += answer["seconds"]
                    report.digests += len(answer["found"])
                    differ = sorted(key for key, digest in answer["found"].items() if wanted[way.scenario][key] != digest)
                    if differ:
                        report.problems.append(explain(way, differ))
    return report


def _plain_digests(scenarios: Iterable[str], report: Report) -> dict[str, dict[str, str]]:
    found = {}
    with Child(plain_way(next(iter(SCENARIOS))).environment) as child:
        for name in sorted(scenarios):
            answer = child.ask(plain_way(name))
            found[name] = answer["found"]
            report.seconds += answer["seconds"]
    return found


def plain_way(scenario: str) -> Way:
    """Give the way with which others are compared."""
    return Way(scenario=scenario, **{**PLAIN, "seeds": tuple(range(SCENARIOS[scenario].seeds))})


def explain(way: Way, differ: Sequence[str]) -> str:
    """Say where a way first parts from the plain one: the month, and in it mechanism and row."""
    words = f"{way}\n  differs in {', '.join(differ)}"
    arms = [key for key in differ if not key.endswith("/world")]
    if not arms:
        return f"{words}\n  (the worlds themselves differ)"
    try:
        return f"{words}\n  {first_difference(way, arms[0])}"
    except ChildFailed as error:
        return f"{words}\n  and could not be computed again: {error}"


def first_difference(way: Way, key: str) -> dict[str, Any]:
    """Find the first month in which a seed and arm of a way differ from the plain way, and what differs then."""
    plain = plain_way(way.scenario)
    if way.through != "simulate":
        way = Way.of({**way.plain(), "through": "simulate"})
    with tempfile.TemporaryDirectory() as place:
        for months in range(1, SCENARIOS[way.scenario].months + 1):
            kept = []
            for name, one in (("plain", plain), ("way", way)):
                path = Path(place) / f"{name}-{months}.npz"
                with Child(one.environment) as child:
                    child.ask(one, dump=str(path), months=months, key=key)
                with np.load(path) as data:
                    kept.append({n: data[n] for n in data.files})
            found = first_array(*kept)
            if found:
                at = month_text(month(SCENARIOS[way.scenario].start) + months - 1)
                return {"seed/arm": key, "after": at, **found}
    return {"seed/arm": key, "after": "no month: the difference does not come back"}


def first_array(one: dict[str, np.ndarray], two: dict[str, np.ndarray]) -> dict[str, Any] | None:
    """Find what differs between two dumps of an arm: a row of the ledger, else a counter, else a column or store and its owner."""
    ledgers = [{n.removeprefix("rows "): c for n, c in kept.items() if n.startswith("rows ")} for kept in (one, two)]
    row = first_row(*ledgers)
    if row:
        return row
    for part in ("aggregates", "state"):
        for name in sorted(n for n in one.keys() | two.keys() if n.startswith(f"{part} ")):
            a, b = one.get(name), two.get(name)
            if a is None or b is None or a.shape != b.shape or not bool((a == b).all()):
                owner = next((str(kept[f"owner {word}"]) for kept in (one, two) for word in name.split() if f"owner {word}" in kept), "")
                same_shape = a is not None and b is not None and a.shape == b.shape
                at = np.argwhere(np.atleast_1d(a != b))[0].tolist() if same_shape else None
                return {"what": name, "mechanism": owner, "row": at, "shapes": [None if x is None else x.shape for x in (a, b)]}
    return None


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Compute the same runs in many ways and compare their digests.")
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--whole", action="store_true", help="every kind of process, a fresh one for every 25 ways")
    asked = parser.parse_args()
    began = time.time()
    report = compare(asked.count, asked.seed, WHOLE, batch=25) if asked.whole else compare(asked.count, asked.seed, QUICK)
    print(f"{report}\n{time.time() - began:.0f} s in all; tiny scenarios: {', '.join(TINY)}")
    return bool(report.problems)


if __name__ == "__main__":
    sys.exit(main())
