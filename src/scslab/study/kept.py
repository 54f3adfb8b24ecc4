"""The job kept in a run folder: what `life`, `report`, `resume` and `reproduce` start from."""

from __future__ import annotations

from pathlib import Path

from ..base.errors import InputError, Problem
from ..base.months import month_text
from ..store import read_manifest
from .job import Job
from .replicate import load_arm

JOB_FILE = "job.json"
RERUN = "Run it again with the command in run.json"
CHANGE = "To change rules, copy the file elsewhere and run the copy: scslab run COPY.yaml"


def read_job(folder: Path) -> Job:
    """Read the job of a run folder.

    Raises:
        InputError: it is gone or damaged.
    """
    try:
        return Job.from_json((folder / JOB_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(Problem(f"'{folder}' has no readable {JOB_FILE}", why=str(error), fix="The folder is damaged")) from error


def job_of(folder: Path) -> Job:
    """Read the job of a finished run, and check that its rules are those of the manifest.

    Raises:
        InputError: the folder is no run, or its job is gone or was changed.
    """
    manifest, job = read_manifest(folder), read_job(folder)
    hashes, seeds = {a.name: a.hash for a in manifest.arms}, list(zip(manifest.world_seeds, manifest.luck_seeds, strict=True))
    said = (manifest.world, manifest.people, seeds, manifest.start, manifest.warm_up, manifest.months, manifest.events)
    try:
        same = said == (job.world, job.people, job.seeds, month_text(job.start), job.warm_up, job.months, job.events)
    except TypeError:  # a month that is no number
        same = False
    if not same or {a.name for a in job.arms} != hashes.keys():
        raise InputError(Problem(f"{JOB_FILE} and run.json of '{folder}' do not agree", why="one of them was changed after the run", fix=RERUN))
    for arm in job.arms:
        copy = folder / "arms" / f"{arm.name}.yaml"
        if copy.exists() and copy.read_text(encoding="utf-8", errors="replace") != arm.yaml:
            raise InputError(Problem(f"'{copy}' was changed after the run", why="it records the rules as they were run", fix=CHANGE))
        try:
            found = load_arm(arm.yaml).hash
        except InputError as error:
            why = f"{error.problems[0].what}; the file was changed, or a package with mechanisms is missing"
            raise InputError(Problem(f"the rules of arm '{arm.name}' in {JOB_FILE} cannot be read", why=why)) from error
        if found != hashes.get(arm.name):
            raise InputError(
                Problem(f"the rules of arm '{arm.name}' are not those of the manifest", why="worlds and rules exist only as they were run")
            )
    return job
