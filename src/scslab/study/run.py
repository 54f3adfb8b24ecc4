"""A whole run: estimate, replicates, results, folder; resume, reproduce."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..base.errors import InputError, Problem
from ..base.files import begin_folder, check_new_folder, finish_folder, partial_of, write_text
from ..base.jit import package_hash
from ..base.months import month_text
from ..store import (
    Manifest,
    read_manifest,
    write_arm,
    write_events,
    write_manifest,
    write_outcomes,
    write_people,
    write_table,
)
from ..store.manifest import Arm as ArmEntry
from ..world.spec import load_spec
from .counterfactual import twin_notes
from .estimate import refuse_if_too_large
from .finished import recall, remember
from .job import Job
from .kept import JOB_FILE, job_of
from .parallel import Progress, WorkerLost, replicates
from .prepare import outside_scope
from .replicate import Interrupted, SeedResult, load_arm
from .results import Results
from .worlds import world_notes, write_worlds

SEEDS = "seeds"
"""Folder of finished replicates and checkpoints, while a run lasts."""


def start_run(
    job: Job,
    folder: Path,
    replace: bool,
    threads: int,
    progress: Progress | None = None,
    announce: Callable[[str | None], None] | None = None,
    keep: bool | None = None,
) -> None:
    """Run a job into a new folder.

    Args:
        announce: called when nothing speaks against the run, with the day from which it is kept, or None.
        keep: True takes the same run if it was kept, and else keeps it; False simulates and keeps it; None does neither.

    Raises:
        InputError: the folder exists, or the run does not fit on this machine.
        KeyboardInterrupt: after Ctrl-C, with the folder to resume.
    """
    check_new_folder(folder, replace)
    refuse_if_too_large(job, threads, folder)
    partial = begin_folder(folder, replace)
    since = recall(job, folder, partial) if keep else None
    if announce is not None:
        announce(since)
    if since is not None:
        finish_folder(folder, replace)
        return
    write_text(partial / JOB_FILE, job.to_json())
    _carry_on(job, folder, replace, threads, progress)
    if keep is not None:
        remember(job, folder)


def resume_run(folder: Path, threads: int, progress: Progress | None = None) -> Results:
    """Continue an interrupted run.

    Raises:
        InputError: there is nothing to continue.
    """
    partial = partial_of(folder)
    if not (partial / JOB_FILE).exists():
        if folder.exists():
            raise InputError(Problem(f"'{folder}' is finished", fix=f"Open {folder}/report.html, or make it again with `scslab reproduce {folder}`"))
        raise InputError(Problem(f"there is no interrupted run '{folder}'", fix="Check the name, or start it with `scslab run`"))
    return _carry_on(Job.from_json((partial / JOB_FILE).read_text(encoding="utf-8")), folder, False, threads, progress)


def _carry_on(job: Job, folder: Path, replace: bool, threads: int, progress: Progress | None) -> Results:
    partial, began = partial_of(folder), time.perf_counter()
    try:
        found = replicates(job, partial / SEEDS, threads, progress)
    except (Interrupted, KeyboardInterrupt):
        raise KeyboardInterrupt(str(folder)) from None
    except WorkerLost as error:
        again = Problem(error.problems[0].what, why=error.problems[0].why, fix=f"Continue with `scslab resume {folder}`, with less else running")
        raise WorkerLost(again) from error
    results = Results.of(job, found)
    _write(job, partial, results, found, time.perf_counter() - began)
    shutil.rmtree(partial / SEEDS)
    finish_folder(folder, replace)
    return results


def _write(job: Job, folder: Path, results: Results, found: list[SeedResult], seconds: float) -> None:
    write_manifest(folder, manifest_of(job, results, found, seconds))
    for arm in job.arms:
        write_arm(folder, arm.name, arm.yaml)
    write_outcomes(folder, results.tidy())
    write_table(folder / "effects.parquet", results.effects_table())
    results.save(folder)
    if job.draws:
        write_worlds(folder, job, results)
    if found[0].panel:
        write_people(folder, found[0].panel)
    if job.events != "off":
        for result in found:
            write_events(folder, result.index, joined_ledger(result))
    from .summary import report_html

    write_text(folder / "report.html", report_html(results, read_manifest(folder), folder))


def joined_ledger(result: SeedResult) -> dict[str, np.ndarray]:
    """Join the ledgers of all arms into one table with a column `arm`."""
    arms = list(result.ledger)
    names = list(result.ledger[arms[0]])
    table = {name: np.concatenate([result.ledger[arm][name] for arm in arms]) for name in names}
    table["arm"] = np.concatenate([np.full(len(result.ledger[arm]["id"]), arm) for arm in arms])
    return table


def manifest_of(job: Job, results: Results, found: list[SeedResult], seconds: float) -> Manifest:
    """Write down everything that reproduces the run."""
    regime = load_arm(job.arms[1].yaml)
    world_hash, year = _world_facts(job)
    notes = []
    if abs(2000 + job.start // 12 - year) > 3:
        notes.append(f"The world describes {year}; the run starts in {month_text(job.start)}, more than 3 years away.")
    notes += [words for words in (outside_scope(regime, job.start, job.months),) if words]
    notes += [*twin_notes(job), *world_notes(job)]
    return Manifest(
        package_hash=package_hash(), world=job.world, world_hash=world_hash, world_year=year, people=job.people,
        world_seeds=[w for w, _ in job.seeds], luck_seeds=[s for _, s in job.seeds],
        arms=[ArmEntry(a.name, a.regimes, a.reforms, a.hash) for a in (*job.arms[1:], job.arms[0])],
        start=month_text(job.start), warm_up=job.warm_up, months=job.months, estimand=job.estimand,
        start_stock="common warm-up under the comparator; nobody is on the regime's lists at the start", events=job.events,
        digests={f"{r.index}/{arm}": digest for r in found for arm, digest in r.digests.items()},
        parameters=regime.evidence_counts(), command=job.command, python_call=job.python_call,
        duration_seconds=round(seconds, 3), notes=notes,
    )  # fmt: skip


def _world_facts(job: Job) -> tuple[str, int]:
    from ..world.spec import ABSTRACT

    if job.world in ABSTRACT:
        return "abstract", 2000 + job.start // 12
    spec = load_spec(job.world)
    return spec.hash, 2000 + spec.start_month // 12


def reproduce_run(folder: Path, threads: int, progress: Callable[..., None] | None = None) -> dict[str, Any]:
    """Run a finished run again from its folder and compare every digest."""
    import tempfile

    manifest, job = read_manifest(folder), job_of(folder)
    with tempfile.TemporaryDirectory() as place:
        try:
            found = replicates(job, Path(place), threads, progress)
        except Interrupted:
            raise KeyboardInterrupt(None) from None
    now = {f"{r.index}/{arm}": digest for r in found for arm, digest in r.digests.items()}
    rows = [{"seed/arm": k, "then": v[:16], "now": now.get(k, "absent")[:16], "same": now.get(k) == v} for k, v in manifest.digests.items()]
    same = all(row["same"] for row in rows)
    document = {"same": same, "digests": rows}
    if manifest.package_hash != package_hash():
        document["note"] = "The package's source has changed since this run was made."
    return document
