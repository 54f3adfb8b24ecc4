"""Speed and memory: SCS-mini from ordinary mechanism files and the full combined regimes, in processes of their own.

Printed: million person-months (x arms) per wall second after set-up, peak bytes per person above the imports, set-up seconds,
and, beside the dense variant, the machine's gather rate measured in the same processes. Two processors are used as a run uses them:
one seed in each of two processes, which start together; from two million persons on also as two threads over one society.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from ..base.errors import Problem, ScslabError

MINI_MONTHS = 60
FULL = {
    "full": (("rongcheng-2016", "court-list"), "county"), "china-2018": (("china-2018",), "china-2020"),
    "china-2014-2025": (("china-2014-2025",), "china-2020"),
}  # fmt: skip
"""Workloads with everything on: regimes and world."""


COLUMNS = (
    "Mpm/s = million persons x months x arms (x processes, a seed in each) per wall second after set-up; "
    "bytes = peak memory per person above imports, of one process; set-up = seconds; listed = share listed at the end; "
    "gather M/s = million persons a second for whom eight random friends are gathered"
)
BLANK = {"listed": None, "gather M/s": None}


@dataclass(frozen=True)
class Case:
    """One measurement: what runs, how large, on how many threads of how many processes."""

    workload: str
    people: int
    threads: int
    friends: str = "stored"
    months: int = MINI_MONTHS
    processes: int = 1
    seed: int = 1


THREADS_FROM = 2_000_000
"""Fewer persons than this are not worth two threads."""


def cases(quick: bool) -> list[Case]:
    """List the measurements of `scslab bench`."""
    sizes = (100_000,) if quick else (1_000_000, 10_000_000)
    made = []
    for workload in ("rare", "dense"):
        for n in sizes:
            made += [Case(workload, n, 1), Case(workload, n, 1, processes=2)]
            made += [Case(workload, n, 2)] if n >= THREADS_FROM else []
            made += [Case(workload, n, 1, "computed", processes=2)] if workload == "rare" else []
    people = 20_000 if quick else 1_000_000
    return made + [Case(name, people, 1, months=12, processes=k) for name in FULL for k in (1, 2)]


def bench(profile: bool = False, quick: bool = False, progress: Callable[..., None] | None = None) -> dict[str, Any]:
    """Measure every case, each in a fresh process.

    Args:
        profile: add seconds per mechanism.
        quick: small sizes only.
        progress: called with (done, total).

    Returns:
        `rows` (one per case), `profile` (rows of case, mechanism, ns per person-month) and `goals`.

    Raises:
        ScslabError: when a measurement fails.
    """
    todo, rows, profiles = cases(quick), [], []
    for i, case in enumerate(todo):
        result = together(case)
        spent = result.pop("profile")
        rows.append(result)
        name = f"{case.workload}, {case.people:,}, {case.processes} x {case.threads}"
        profiles += [{"case": name, "mechanism": k, "ns per person-month": round(v, 3)} for k, v in sorted(spent.items(), key=lambda kv: -kv[1])]
        if progress is not None:
            progress(i + 1, len(todo), name)
    return {"columns": COLUMNS, "rows": [{**BLANK, **row} for row in rows], **({"profile": profiles} if profile else {})}


def together(case: Case) -> dict[str, Any]:
    """Measure a case in fresh processes that begin together, a seed in each; rates add up over the longest.

    Raises:
        ScslabError: when one of them fails.
    """
    words = [json.dumps(asdict(replace(case, seed=1 + k))) for k in range(case.processes)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    running = [subprocess.Popen([sys.executable, "-m", __name__, w], **pipes) for w in words]
    results: list[dict[str, Any]] = []
    while not results:
        lines = [process.stdout.readline() for process in running]  # type: ignore[union-attr]
        if not all(lines):
            ends = [process.communicate()[1] for process in running]
            last = next((line for end in ends for line in end.strip().splitlines()[-1:]), "no message")
            raise ScslabError(Problem(f"the measurement of {case} failed: {last}"))
        if lines[0].strip() == MEET:
            for process in running:
                process.stdin.write("go\n")  # type: ignore[union-attr]
                process.stdin.flush()  # type: ignore[union-attr]
        else:
            results = [json.loads(line) for line in lines]
    for process in running:
        process.communicate()
    return _joined(case, results)


def _joined(case: Case, results: list[dict[str, Any]]) -> dict[str, Any]:
    first = results[0]
    if case.processes > 1:
        wall = max(r["seconds"] for r in results)
        first |= {"processes": case.processes, "seconds": wall, "Mpm/s": round(first.pop("work") * case.processes / wall / 1e6, 1)}
        first |= {name: max(r[name] for r in results) for name in ("bytes", "set-up")}
        if "gather M/s" in first:
            first["gather M/s"] = round(sum(r["gather M/s"] for r in results), 1)
    first.pop("work", None)
    return first


MEET = "ready"


def _meet() -> None:
    """Wait until the other processes of this measurement are ready too."""
    print(MEET, flush=True)
    sys.stdin.readline()


def measure(case: Case) -> dict[str, Any]:
    """Measure one case in this process."""
    return _full(case) if case.workload in FULL else _mini(case)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _mini(case: Case) -> dict[str, Any]:
    from ..engine.loop import Simulation
    from ..world import build_world
    from .replicate import RegimeSchedule, labels_of, load_named, society_of

    regime = load_named("scs-mini")
    schedule = RegimeSchedule(regime)
    schedule.recorders = {}
    labels = labels_of([regime])

    def prepared(people: int, months: int) -> Simulation:
        world = build_world("mini", people=people, seed=case.seed, computed=case.friends == "computed")
        society = society_of(world, case.seed, labels, case.threads, 216, span_people=1)
        if case.workload == "dense":
            chance = world.columns["persons.rate"] / 2.0**31
            dense = np.minimum(np.round((1 - (1 - chance) ** 10) * 2.0**31), 2.0**31 - 1).astype(np.uint32)
            society.columns = {**society.columns, "persons.rate": dense}  # type: ignore[misc]
        simulation = Simulation(society, 216, months, case.threads)
        simulation.add("mini", schedule)
        return simulation

    warm = prepared(20_000, 14)
    warm.run(230)
    base, began = _peak(), time.perf_counter()
    simulation = prepared(case.people, case.months)
    set_up = time.perf_counter() - began
    _meet()
    began = time.perf_counter()
    simulation.run(216 + case.months)
    wall = time.perf_counter() - began
    arm = simulation.arms[0]
    listed = (arm.tallies["listed_started"] - arm.tallies["listed_ended"]).sum()
    result = _result(case, wall, set_up, 1, _peak() - base)
    result["listed"] = round(float(listed) / case.people, 6)
    if case.workload == "dense":
        _meet()
        result["gather M/s"] = round(_gather_rate(simulation, case.threads) / 1e6, 1)
    person_months = case.people * case.months
    result["profile"] = {b.entry.instance: b.seconds * 1e9 / person_months for b in arm.bound}
    return result


def _gather_rate(simulation: Any, threads: int) -> float:
    """Measure how many persons a second the machine can gather eight random friends for: the bound of a dense month."""
    from ..engine import kernels

    target = simulation.society.networks["friends"].target
    score = simulation.arms[0].columns["persons.score"]
    n = len(score)
    cuts = [n * i // threads for i in range(threads + 1)]
    out = np.empty(n, np.int64)

    def part(i: int) -> None:
        a, b = cuts[i], cuts[i + 1]
        kernels.neighbour_sum(target[a:b], score, np.int64(0), np.int64(0), out[a:b])

    part(0)
    best = 0.0
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(3):
            began = time.perf_counter()
            list(pool.map(part, range(threads)))
            best = max(best, n / (time.perf_counter() - began))
    return best


def _full(case: Case) -> dict[str, Any]:
    from .prepare import make_job
    from .replicate import simulate

    regimes, world = FULL[case.workload]

    def job(people: int, months: int) -> Any:
        return make_job(regimes, world=world, people=people, months=months, warm_up=6, seeds=1, seed=case.seed, events="off")[0]

    simulate(job(2_000, 2), 0, case.threads)
    base, measured = _peak(), job(case.people, case.months)
    _meet()
    result = simulate(measured, 0, case.threads)
    arms = len(measured.arms)  # the regime, the comparator, and the second comparator that every run has
    row = _result(case, result.seconds["arms"], result.seconds["world"] + result.seconds["warm-up"], arms, _peak() - base)
    person_months = case.people * case.months * arms
    spent = {k.removeprefix("mechanism "): v * 1e9 / person_months for k, v in result.seconds.items() if k.startswith("mechanism ")}
    row["profile"] = spent
    return row


def _result(case: Case, wall: float, set_up: float, arms: int, peak: int) -> dict[str, Any]:
    speed = case.people * case.months * arms / wall / 1e6
    return {
        "workload": case.workload, "people": case.people, "friends": case.friends, "processes": 1, "threads": case.threads, "months": case.months,
        "arms": arms, "Mpm/s": round(speed, 1), "seconds": round(wall, 2), "set-up": round(set_up, 2),
        "bytes": round(max(peak, 0) / case.people, 1), "work": case.people * case.months * arms,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measure(Case(**json.loads(sys.argv[1])))))
