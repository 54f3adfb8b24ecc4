"""The finished demonstration, kept in the cache folder, so that its table stands at once the second time.

A run is a pure function of its job and the package's source; both are hashed into the name of what is kept. Only the last one is.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import time
from pathlib import Path

from ..base.files import MANIFEST, cache_dir
from ..base.jit import package_hash
from .job import Job


def recall(job: Job, folder: Path, partial: Path) -> str | None:
    """Copy the kept run of a job to be `folder` into `partial`; say from when it is, None when there is none."""
    kept = _place(job, folder)
    try:
        since = time.strftime("%Y-%m-%d", time.localtime((kept / MANIFEST).stat().st_mtime))
        shutil.copytree(kept, partial, dirs_exist_ok=True)
    except (OSError, shutil.Error):
        return None
    return since


def remember(job: Job, folder: Path) -> None:
    """Keep a run that has just finished, instead of the one kept before; a full disk is no error."""
    kept = _place(job, folder)
    waiting = kept.with_suffix(".partial")
    with contextlib.suppress(OSError, shutil.Error):
        shutil.rmtree(kept.parent, ignore_errors=True)
        shutil.copytree(folder, waiting)
        waiting.rename(kept)


def _place(job: Job, folder: Path) -> Path:
    """Name what is kept: the report names its folder, so the folder's name counts too."""
    name = hashlib.sha256(f"{package_hash()}/{job.stamp()}/{folder.name}".encode()).hexdigest()[:32]
    return cache_dir() / "demonstration" / name
