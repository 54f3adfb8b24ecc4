"""Run SCS-mini in scslab, NumPy and LASER one after the other, each in a process of its own, and say who is how fast and whether they agree.

    python benchmarks/compare.py --people 1000000 --threads 2 --rates 1
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

MONTHS = 60
NEEDS = {"scslab": "scslab", "numpy": "numpy", "laser": "laser"}
INSTALL = {
    "scslab": "from the checkout: uv sync",
    "numpy": "uv pip install numpy",
    "laser": "from the checkout: uv sync --group bench (or: uv pip install laser-core)",
}
STANDARD_ERRORS = 4


def measure(name: str, people: int, rates: int, seed: int, threads: int) -> dict[str, Any]:
    """Measure one implementation in this process; imports, compilation (a small run before) and set-up are not in its speed."""
    kind = importlib.import_module(f"scs_mini_{name}").Model
    kind(20_000, rates, seed + 1_000_000, threads).run(30)
    base, began = _peak(), time.perf_counter()
    model = kind(people, rates, seed, threads)
    set_up, began = time.perf_counter() - began, time.perf_counter()
    model.run(MONTHS)
    seconds = time.perf_counter() - began
    listed, restricted = model.records[-1][:2]
    return {
        "seconds": seconds, "set-up seconds": set_up, "threads": model.threads, "peak bytes per person": max(_peak() - base, 0) / people,
        "listed": listed / people, "restricted": restricted / people,
    }  # fmt: skip


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measure_apart(name: str, **asked: int) -> dict[str, Any]:
    """Measure in a fresh process."""
    threads = str(asked["threads"])
    environment = {**os.environ, "NUMBA_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
    command = [sys.executable, str(Path(__file__)), "--measure", json.dumps({"name": name, **asked})]
    found = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if found.returncode:
        last = (found.stderr.strip().splitlines() or ["no message"])[-1]
        raise SystemExit(f"{name} failed: {last}")
    return json.loads(found.stdout.splitlines()[-1])


def missing(names: list[str]) -> dict[str, str]:
    """Say how to install what is not installed, by implementation."""
    return {name: INSTALL[name] for name in names if importlib.util.find_spec(NEEDS[name]) is None}


def standard_error(share: float, people: int, runs: int) -> float:
    """Give the Monte Carlo standard error of a share listed, mean of some runs, as if persons were independent (README.md says why)."""
    return (share * (1 - share) / (people * runs)) ** 0.5


def agree(share: float, other: float, people: int, runs: int) -> bool:
    """Whether two shares differ by no more than 4 standard errors of their difference."""
    error = standard_error((share + other) / 2, people, runs) * 2**0.5
    return abs(share - other) <= STANDARD_ERRORS * error


def compare(names: list[str], people: int, threads: int, rates: int, repeats: int = 1, seed: int = 1) -> dict[str, Any]:
    """Measure the implementations in turn, repeat by repeat; the speed is that of the fastest repeat, the share the mean.

    Args:
        names: implementations; the first is what the others are compared with.
        people: number of persons.
        threads: asked of each; NumPy uses one.
        rates: multiplies the offence rates, 1 or 10.
        repeats: runs of each, with seeds of their own.
        seed: of the first repeat.
    """
    load = os.getloadavg()[0]
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for k in range(repeats):
        for name in names:
            runs[name].append(measure_apart(name, people=people, rates=rates, seed=seed + k, threads=threads))
    rows: list[dict[str, Any]] = []
    for name, made in runs.items():
        share = sum(r["listed"] for r in made) / repeats
        fastest = min(r["seconds"] for r in made)
        rows.append({
            "implementation": name, "threads": made[0]["threads"], "million person-months per second": people * MONTHS / fastest / 1e6,
            "ratio": None, "share listed": share, "standard error": standard_error(share, people, repeats), "agrees": None,
            "peak bytes per person": max(r["peak bytes per person"] for r in made), "runs": made,
        })  # fmt: skip
    first = rows[0]
    for row in rows:
        row["ratio"] = row["million person-months per second"] / first["million person-months per second"]
        row["agrees"] = agree(row["share listed"], first["share listed"], people, repeats)
    asked = {"people": people, "months": MONTHS, "threads": threads, "rates": rates, "repeats": repeats, "seed": seed}
    return {**asked, "load before": load, "rows": rows}


def table(result: dict[str, Any]) -> str:
    """Lay the result out for reading."""
    first = result["rows"][0]["implementation"]
    lines = [
        f"SCS-mini, {result['people']:,} people, {result['months']} months, rates x {result['rates']}, {result['repeats']} run(s) each",
        f"{'':8} {'threads':>7} {'M person-months/s':>18} {'to ' + first:>10} {'bytes/person':>12} {'share listed':>13} {'(SE)':>10}  agrees",
    ]
    for r in result["rows"]:
        lines.append(
            f"{r['implementation']:8} {r['threads']:7} {r['million person-months per second']:18.1f} {r['ratio']:10.2f} "
            f"{r['peak bytes per person']:12.0f} {r['share listed']:13.6f} {r['standard error']:10.6f}  {'yes' if r['agrees'] else 'NO'}"
        )
    if result["load before"] > 0.5:
        lines.append(f"The machine was not idle (load {result['load before']:.1f} before the first run): the speeds are low.")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Parse, compare, print; 1 when the shares disagree."""
    parser = argparse.ArgumentParser(description="Compare scslab, NumPy and LASER on SCS-mini, side by side.")
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--rates", type=int, choices=(1, 10), default=1, help="multiply the offence rates")
    parser.add_argument("--repeats", type=int, default=1, help="runs of each, each with a seed of its own")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="scslab,numpy,laser", help="implementations by comma; the first is what the others are compared with")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.measure:
        sys.path.insert(0, str(Path(__file__).parent))
        print(json.dumps(measure(**json.loads(asked.measure))))
        return 0
    names = asked.only.split(",")
    for name in names:
        if name not in NEEDS:
            parser.error(f"there is no implementation '{name}'; known are {', '.join(NEEDS)}")
    if asked.people < 1000 or asked.threads < 1 or asked.repeats < 1:
        parser.error("--people must be 1000 or more, --threads and --repeats 1 or more")
    absent = missing(names)
    for name, how in absent.items():
        print(f"{name} is not installed and left out; to install it, {how}", file=sys.stderr)
    names = [name for name in names if name not in absent]
    if not names:
        return 2
    result = compare(names, asked.people, asked.threads, asked.rates, asked.repeats, asked.seed)
    print(json.dumps({**result, "left out": absent}, indent=1) if asked.json else table(result))
    return 0 if all(row["agrees"] for row in result["rows"]) else 1


if __name__ == "__main__":
    raise SystemExit(main())
