"""What a run will need, before it starts: memory, disk, time; refuses with the numbers, and a size that fits."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from ..base.errors import InputError, Problem
from .job import FULL_LIMIT, Job

WORLD_BYTES = 130
"""Bytes per person of a realistic world while it is built and used (measured: 96 kept, the rest while it is built)."""

ARM_BYTES = 40
"""Bytes per person and arm: columns, stores and rows in flight (measured on the combined regime)."""

BASE_BYTES = 350_000_000
"""Bytes of a worker process before it holds anybody: Python, NumPy, Numba, DuckDB."""

PERSON_MONTHS_PER_SECOND = 8_000_000
"""A cautious speed of one thread on the combined regime, for the estimate of time only."""


@dataclass(frozen=True)
class Estimate:
    """What a run needs: bytes of memory and disk, seconds."""

    memory: int
    disk: int
    seconds: float

    def words(self) -> str:
        """Say it in a line.

        Example:
            >>> Estimate(2_000_000_000, 50_000_000, 90).words()
            'about 2.0 GB of memory, 50 MB of disk, 90 s'
        """
        return f"about {size(self.memory)} of memory, {size(self.disk)} of disk, {duration(self.seconds)}"


def size(count: float) -> str:
    """Say a number of bytes.

    Example:
        >>> size(2_340_000_000), size(1_200_000)
        ('2.3 GB', '1 MB')
    """
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def duration(seconds: float) -> str:
    """Say a time.

    Example:
        >>> duration(90), duration(1500), duration(12_000)
        ('90 s', '25 min', '3.3 h')
    """
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def estimate(job: Job, threads: int) -> Estimate:
    """Estimate what a job needs."""
    arms, workers = len(job.arms), min(threads, len(job.seeds))
    memory = workers * (BASE_BYTES + job.people * (WORLD_BYTES + ARM_BYTES * arms))
    person_months = job.people * (job.warm_up + job.months * arms) * len(job.seeds)
    kept = {"off": 0, "panel": 0.02, "full": 1.0}[job.events]
    disk = int(len(job.seeds) * arms * (job.people * job.months * kept * 12 + job.months * 20_000)) + job.people * 100 * len(job.seeds)
    return Estimate(memory, disk, 2 + person_months / PERSON_MONTHS_PER_SECOND / max(workers, 1))


def refuse_if_too_large(job: Job, threads: int, folder: Path) -> Estimate:
    """Refuse a job that cannot fit, with the numbers and a size that fits.

    Raises:
        InputError: not enough memory or disk, or every row wanted for too many persons.
    """
    need = estimate(job, threads)
    memory = available_memory()
    problems = []
    if job.events == "full" and job.people > FULL_LIMIT:
        fix = f"Use --events panel, or at most {FULL_LIMIT:,} people"
        problems.append(Problem(f"every row of {job.people:,} people cannot be kept", "--events full", fix=fix))
    if need.memory > memory * 0.9:
        workers = min(threads, len(job.seeds))
        fits = int((memory * 0.9 / workers - BASE_BYTES) / (WORLD_BYTES + ARM_BYTES * len(job.arms)))
        fix = f"{max(fits, 0) // 1000 * 1000:,} people fit" + (", more with --threads 1" if workers > 1 else "")
        problems.append(Problem(f"this run needs {need.words()}; {size(memory)} are free", "--people", fix=fix))
    disk = shutil.disk_usage(_existing(folder))
    if need.disk > disk.free and disk.total:  # a place without any size (/proc) refuses by itself, in better words
        fits = f"{int(job.people * disk.free / need.disk) // 1000 * 1000:,} people fit there"
        fix = fits + ("" if job.events == "off" else ", more with --events off") + "; or use another --out"
        problems.append(Problem(f"this run needs {need.words()}; {size(disk.free)} of disk are free", "--out", fix=fix))
    if problems:
        raise InputError(*problems)
    return need


def available_memory() -> int:
    """Give the bytes of memory that are free for use."""
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 8 << 30


def _existing(path: Path) -> Path:
    path = path.absolute()
    while not path.exists():
        path = path.parent
    return path
