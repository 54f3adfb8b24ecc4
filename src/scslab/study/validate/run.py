"""The run that holds dated rules against published figures: one arm through the ordinary path of a study, then a table."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...base.errors import InputError, Problem
from ...base.files import check_new_folder, new_folder, write_text
from ..job import Job
from ..parallel import Progress, replicates
from ..replicate import Interrupted
from ..results import Results
from ..showcase.arms import make_row_job, span_words
from ..showcase.rows import ArmSpec, Row
from .figures import Figure, Moments, load_moments
from .judge import is_ok, judged

ARM = "rules"


def make_moments_job(moments: Moments, people: int | None = None, seeds: int | None = None, arm: ArmSpec | None = None, seed: int = 0) -> Job:
    """Make the job of a file of figures.

    Args:
        people, seeds: the size, instead of the file's own. seed: the first seed.
        arm: other rules than the file's; `scripts/tune.py` sets numbers in it.
    """
    arm = arm or ArmSpec(ARM, moments.regimes)
    row = Row(
        name=moments.name, title=moments.title, shows="", world=moments.world, people=people or moments.people, months=moments.months,
        seeds=seeds or moments.seeds, seed=seed, start=moments.start, warm_up=moments.warm_up, warm_up_under=moments.warm_up_under, arms=(arm,), effects=(),
        nulls=(), file=moments.file,
    )  # fmt: skip
    return replace(make_row_job(row), command="scslab validate")


def measured(job: Job, threads: int = 1, progress: Progress | None = None) -> Results:
    """Run a job and give its counters.

    Raises:
        KeyboardInterrupt: after Ctrl-C; nothing is kept.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            return Results.of(job, replicates(job, Path(folder) / "seeds", threads, progress))
        except Interrupted:
            raise KeyboardInterrupt from None


def validate(
    names: Sequence[str] = (), people: int | None = None, seeds: int | None = None, threads: int = 1, out: str | Path | None = None,
    progress: Progress | None = None, file: str | Path | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Run the rules of a file of figures, and judge the figures.

    Args:
        names: figures or moments; none judges all.
        people, seeds: the size, instead of the file's own; threads: worker processes over seeds.
        out: a new folder for the document and the counters behind it.
        file: figures of one's own, instead of the package's.

    Returns:
        name, run, seconds, split, figures (a row each, see `judge.judged`), tally of verdicts by half, ok.

    Raises:
        InputError: an unknown figure, a folder that stands there; before anything runs.
    """
    moments = load_moments(file)
    chosen = moments.chosen(names)
    if out is not None:
        if Path(out).exists():
            raise InputError(Problem(f"'{out}' exists already; results are never overwritten", "--out", fix="Choose another name"))
        check_new_folder(out)
    job = make_moments_job(moments, people, seeds)
    say = getattr(progress, "say", None)
    if say is not None:
        say(f"{moments.title}: {' + '.join(moments.regimes)} on {moments.world}; {span_words(job)}")
    began = time.perf_counter()
    results = measured(job, threads, progress)
    document = judged_all(moments, chosen, results, job) | {"seconds": round(time.perf_counter() - began, 1)}
    if out is not None:
        with new_folder(out) as folder:
            write_text(folder / "validate.json", json.dumps(document, indent=2, ensure_ascii=False))
            results.save(folder)
    return document


def judged_all(moments: Moments, chosen: Sequence[Figure], results: Results, job: Job) -> dict[str, Any]:
    """Judge figures in the results of a run."""
    rows = [judged(figure, results, results.arms[0]) for figure in chosen]
    tally: dict[str, dict[str, int]] = {}
    for row in rows:
        by_verdict = tally.setdefault(row["half"], {})
        by_verdict[row["found"]] = by_verdict.get(row["found"], 0) + 1
    return {
        "name": moments.name, "title": moments.title, "regimes": list(moments.regimes), "world": moments.world, "run": span_words(job),
        "split": dict(moments.split), "figures": rows, "tally": tally, "ok": all(map(is_ok, rows)),
    }  # fmt: skip


def validate_list(names: Sequence[str] = (), file: str | Path | None = None) -> list[dict[str, Any]]:
    """List figures: dates, half, band, source, evidence; nothing runs."""
    return [
        {"figure": f.name, "half": f.half, "title": f.title, "dated": f.dated, "published": f.published, "band": f"{f.band[0]:g} to {f.band[1]:g}",
         "unit": f.unit, "evidence": f.evidence, "source": f.source, "outcome": f.outcome, "given": f.given, "known": f.known, "miss": f.miss}
        for f in load_moments(file).chosen(names)
    ]  # fmt: skip
