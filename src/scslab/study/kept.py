"""The job kept in a run folder: what `life`, `report`, `resume` and `reproduce` start from."""

from __future__ import annotations

from pathlib import Path

from ..base.errors import InputError, Problem
from ..store import read_manifest
from .job import Job
from .replicate import load_arm

JOB_FILE = "job.json"


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
    hashes = {a.name: a.hash for a in manifest.arms}
    for arm in job.arms:
        if load_arm(arm.yaml).hash != hashes.get(arm.name):
            raise InputError(
                Problem(f"the rules of arm '{arm.name}' are not those of the manifest", why="worlds and rules exist only as they were run")
            )
    return job
