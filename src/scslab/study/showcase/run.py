"""Rows run one after another through the ordinary path of a study, and listed as a table."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...base.errors import InputError
from ..job import Job
from ..parallel import Progress, replicates
from ..replicate import Interrupted
from ..results import Results
from .arms import make_row_job, span_words
from .judge import judged
from .rows import KNOWN, Row, by_number, load_row, row_names

Found = dict[str, Any]


def showcase(
    names: Sequence[str] = (), seeds: int | None = None, threads: int = 1, progress: Progress | None = None
) -> list[Found]:
    """Run rows and judge them.

    Args:
        names: rows (`S12`) or paths; none runs every row that is built, and lists the others as not built.
        seeds: replicates, instead of each row's own number; threads: worker processes over seeds.

    Returns:
        One document a row, in the order asked; see `judge.judged`.

    Raises:
        InputError: with every problem of every row asked for, before any of them runs.
    """
    wanted, problems = list(names) or sorted({*KNOWN, *row_names()}, key=by_number), []
    rows: list[Row | str] = []
    jobs: dict[str, Job] = {}
    for name in wanted:
        if name in KNOWN and name not in row_names():
            rows.append(name)
            continue
        try:
            row = load_row(name)
            jobs[row.name] = make_row_job(row, seeds)
            rows.append(row)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)
    return [unbuilt(row) if isinstance(row, str) else run_row(row, jobs[row.name], threads, progress) for row in rows]


def run_row(row: Row, job: Job, threads: int = 1, progress: Progress | None = None) -> Found:
    """Run one row.

    Raises:
        KeyboardInterrupt: after Ctrl-C; nothing is kept.
    """
    began, say = time.perf_counter(), getattr(progress, "say", None)
    if say is not None:
        say(f"{row.name} {row.title}: {', '.join(arm.name for arm in row.arms)}; {span_words(job)}")
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = replicates(job, Path(folder) / "seeds", threads, progress)
        except Interrupted:
            raise KeyboardInterrupt from None
    made = judged(row, Results.of(job, found))
    return {**made, "problem": problem_of(made), "run": span_words(job), "seconds": round(time.perf_counter() - began, 1)}


def unbuilt(name: str) -> Found:
    """Say that a row has no file yet; it neither holds nor fails."""
    return {"row": name, "title": "not built", "built": False, "effects": [], "nulls": [], "surprise": "", "ok": True}


def showcase_list() -> list[Found]:
    """List the rows: what each shows, in which world, with which arms, and what is expected; nothing runs."""
    rows = []
    for name in sorted({*KNOWN, *row_names()}, key=by_number):
        if name not in row_names():
            rows.append({"row": name, "title": "not built", "shows": "", "arms": "", "expected": ""})
            continue
        row = load_row(name)
        expected = "; ".join(f"{e.outcome} {e.expect}" for e in row.effects)
        rows.append({"row": name, "title": row.title, "shows": row.shows, "arms": ", ".join(arm.name for arm in row.arms), "expected": expected})
    return rows


def arms_words(effect: Found) -> str:
    """Name the arms of an effect."""
    return f"{effect['of']} - {effect['against']}" if effect["against"] else effect["of"]


def problem_of(found: Found) -> str:
    """Say why a row does not hold; empty when it does."""
    if found["ok"]:
        return ""
    differs = [f"{n['of']} and {n['against']} differ in {', '.join(n['differs'])}" for n in found["nulls"] if not n["exact"]]
    other = [f"{e['outcome']} ({arms_words(e)}) is {e['found']}, expected {e['expected']}" for e in found["effects"] if not e["as_expected"]]
    return f"{found['row']} does not hold: " + "; ".join([*differs, *([] if found["surprise"] else other)])
