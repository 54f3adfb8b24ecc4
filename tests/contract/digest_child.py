"""A process that computes ways: reads a list of them, prints a line of digests for each. `digest_compare` starts it.

It is a script of its own because interpreter, compiler and NumPy take their settings when they start.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from digest_ways import SCENARIOS, Way

from scslab.base.files import cache_dir
from scslab.engine import loop
from scslab.engine.digest import canonical
from scslab.study import replicate
from scslab.study.job import Job
from scslab.study.parallel import replicates
from scslab.study.prepare import make_job
from scslab.world import build_world

loop.THREAD_ROWS = 0  # otherwise populations this small would never be cut


@cache
def job_of(scenario: str, months: int | None = None) -> Job:
    """Make the job of a scenario, with all its arms and seeds; `months` cuts it short."""
    s = SCENARIOS[scenario]
    job, _ = make_job(s.regimes, (), s.world, s.against, people=s.people, months=s.months, start=s.start, warm_up=s.warm_up, seeds=s.seeds,
                      events="full", also=s.also)  # fmt: skip
    return job if months is None else replace(job, months=months)


def as_asked(job: Job, way: Way) -> Job:
    """Leave the seeds and arms that a way asks for."""
    further = {"all": job.arms[2:], "pair": [], "turned": job.arms[:1:-1]}[way.arms]
    return replace(job, seeds=[job.seeds[i] for i in way.seeds], arms=[*job.arms[:2], *further])


def stops_of(way: Way, months: int) -> set[int]:
    """Choose the months done after which a run stops; it never stops when it is over."""
    all_months = set(range(1, months))
    return {"none": set(), "first": {1}, "middle": {months // 2}, "last": {months - 1}, "each": all_months}[way.checkpoints] & all_months


def one(job: Job, index: int, way: Way, folder: Path) -> replicate.SeedResult:
    """Run a replicate, stopping and going on from disk."""
    stops, done = stops_of(way, job.warm_up + job.months), [0]

    def progress(month: int, _: int) -> None:
        done[0] = month

    def stop() -> bool:
        asked = done[0] in stops
        stops.discard(done[0])
        return asked

    path = folder / f"{index}.checkpoint" if stops else None
    while True:
        try:
            return replicate.simulate(job, index, way.threads, path, progress, stop, spans=way.spans)
        except replicate.Interrupted:
            continue


def results_of(job: Job, way: Way) -> list[replicate.SeedResult]:
    """Run the replicates of a job as a way says."""
    if way.warm == "fresh":
        shutil.rmtree(cache_dir() / "warm-up", ignore_errors=True)
    with tempfile.TemporaryDirectory() as place:
        if way.through == "simulate":
            return [one(job, i, way, Path(place)) for i in range(len(job.seeds))]
        return replicates(job, Path(place), 2 if way.through == "workers" else 1)


def digests_of(way: Way, months: int | None = None) -> dict[str, str]:
    """Compute a way: the digest of each seed and arm, and of each seed's world."""
    job = as_asked(job_of(way.scenario, months), way)
    found = {}
    for result, (seed, _) in zip(results_of(job, way), job.seeds, strict=True):
        found[f"{seed}/world"] = build_world(job.world, job.people, seed, start_month=job.start).digest()
        found |= {f"{seed}/{arm}": digest for arm, digest in result.digests.items()}
    return found


def dump(way: Way, months: int, key: str, path: Path) -> None:
    """Keep what makes up one seed and arm, for a comparison row by row."""
    job, (seed, _, wanted) = as_asked(job_of(way.scenario, months), way), key.partition("/")
    plain, kept = replicate.arm_digest, {}

    def spy(arm: Any, ledger: Any = None) -> str:
        if arm.name == wanted and arm.society.luck_seed == int(seed):
            kept.update({f"{part} {name}": array for part, name, array in canonical(arm, ledger)})
            kept.update({f"rows {name}": column for name, column in (ledger or {}).items()})
            kept.update({f"owner {name}": np.array(owner) for name, (owner, _) in (*arm.plan.columns.items(), *arm.plan.stores.items())})
        return plain(arm, ledger)

    replicate.arm_digest = spy
    try:
        results_of(job, replace(way, through="simulate"))
    finally:
        replicate.arm_digest = plain
    np.savez(path, allow_pickle=False, **kept)


def main() -> None:
    """Answer line by line."""
    for line in sys.stdin:
        asked, began = json.loads(line), time.process_time()
        way = Way.of(asked["way"])
        if "dump" in asked:
            dump(way, asked["months"], asked["key"], Path(asked["dump"]))
            found: Any = {}
        else:
            found = digests_of(way, asked.get("months"))
        print(json.dumps({"found": found, "seconds": round(time.process_time() - began, 2)}), flush=True)


if __name__ == "__main__":
    main()
