"""Replicates in worker processes (spawn) or in this one; stops at month ends on Ctrl-C; keeps what is finished."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import sys
import threading
import types
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import numpy as np

from ..base.errors import Problem, ScslabError
from ..base.files import replacing
from .job import Job
from .replicate import Interrupted, SeedResult, simulate

Progress = Callable[[int, int], None]
"""Called with (months done over all replicates, months in all)."""


class WorkerLost(ScslabError):
    """A worker process ended before its replicate did."""


class Stop:
    """Turns Ctrl-C into a question asked at month ends; `tell` passes it on."""

    def __init__(self, tell: Callable[[], None] | None = None) -> None:
        self.asked, self._tell = False, tell

    def __call__(self) -> bool:
        return self.asked

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Listen for Ctrl-C while the block runs (main thread only); a second one interrupts at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def handle(number: int, frame: Any) -> None:
            if self.asked:
                raise KeyboardInterrupt
            self.asked = True
            if self._tell is not None:
                self._tell()

        before = signal.signal(signal.SIGINT, handle)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


def replicates(job: Job, folder: Path, threads: int, progress: Progress | None = None) -> list[SeedResult]:
    """Run every replicate of a job that `folder` does not hold yet.

    Args:
        job: the run; folder: where finished replicates and checkpoints are kept.
        threads: processes over seeds, or threads over spans of a single one.

    Returns:
        Results in seed order.

    Raises:
        Interrupted: after Ctrl-C, with state saved.
    """
    folder.mkdir(parents=True, exist_ok=True)
    todo = [i for i in range(len(job.seeds)) if not (folder / f"seed-{i:04d}.npz").exists()]
    workers = min(threads, len(todo))
    if workers <= 1:
        _in_process(job, folder, todo, threads, progress)
    else:
        _in_workers(job, folder, todo, workers, progress)
    return [load_result(folder / f"seed-{i:04d}.npz", i) for i in range(len(job.seeds))]


def _in_process(job: Job, folder: Path, todo: list[int], threads: int, progress: Progress | None) -> None:
    stop, each = Stop(), job.warm_up + job.months
    with stop.listening():
        for count, i in enumerate(todo):
            report = None if progress is None else lambda done, _, c=count: progress(c * each + done, len(todo) * each)
            result = simulate(job, i, threads, folder / f"seed-{i:04d}.checkpoint", report, stop)
            save_result(folder / f"seed-{i:04d}.npz", result)
            (folder / f"seed-{i:04d}.checkpoint").unlink(missing_ok=True)


_COUNTS: Any = None
"""Months done by each replicate; the last entry is 1 when all should stop."""


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back; processes started meanwhile hold it back too, until they are ready."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _script_left_alone() -> Iterator[None]:
    """Start processes that do not run the user's script again, so that it needs no guard around its calls."""
    script = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def _ask_to_stop(*_: Any) -> None:
    _COUNTS[-1] = 1


def _asked_to_stop() -> bool:
    return _COUNTS[-1] != 0


def _start_worker(counts: Any) -> None:
    global _COUNTS
    _COUNTS = counts
    signal.signal(signal.SIGINT, _ask_to_stop)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _work(job_json: str, folder: str, index: int, slot: int) -> int:
    job = Job.from_json(job_json)

    def report(done: int, _: int) -> None:
        _COUNTS[slot] = done

    place = Path(folder)
    result = simulate(job, index, 1, place / f"seed-{index:04d}.checkpoint", report, _asked_to_stop)
    save_result(place / f"seed-{index:04d}.npz", result)
    (place / f"seed-{index:04d}.checkpoint").unlink(missing_ok=True)
    return index


def _in_workers(job: Job, folder: Path, todo: list[int], workers: int, progress: Progress | None) -> None:
    context = multiprocessing.get_context("spawn")
    counts = context.Array("i", len(todo) + 1, lock=False)
    total = len(todo) * (job.warm_up + job.months)

    def tell() -> None:
        counts[-1] = 1

    text, stop = job.to_json(), Stop(tell)
    with stop.listening(), ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=(counts,)) as pool:
        with _interrupts_held(), _script_left_alone():
            futures = [pool.submit(_work, text, str(folder), i, slot) for slot, i in enumerate(todo)]
        watcher = _Watcher(counts, total, progress)
        failed: list[BaseException] = []
        try:
            for future in as_completed(futures):
                error = future.exception()
                if error is not None:
                    failed.append(error)
                    for other in futures:
                        other.cancel()
        except KeyboardInterrupt:
            for worker in multiprocessing.active_children():
                worker.terminate()
            raise
        finally:
            watcher.stop()
        if stop.asked:
            raise Interrupted
        if any(isinstance(error, BrokenProcessPool) for error in failed):
            raise WorkerLost(Problem("a worker process ended before its work", why="something killed it; often memory ran out"))
        real = [e for e in failed if not isinstance(e, Interrupted)]
        if real:
            raise real[0]
        if failed:
            raise Interrupted


class _Watcher:
    """Reports the workers' progress a few times a second."""

    def __init__(self, counts: Any, total: int, progress: Progress | None) -> None:
        self._over = threading.Event()
        self._counts, self._total, self._progress = counts, total, progress
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while self._progress is not None and not self._over.wait(0.2):
            self._progress(sum(self._counts[:-1]), self._total)

    def stop(self) -> None:
        """End the reports."""
        self._over.set()
        self._thread.join()


def save_result(path: Path, result: SeedResult) -> None:
    """Write a replicate's result, whole or not at all."""
    arrays: dict[str, np.ndarray] = {"cells": result.cells}
    for arm, tallies in result.tallies.items():
        arrays |= {f"tally {arm} {name}": array for name, array in tallies.items()}
    for arm, table in result.ledger.items():
        arrays |= {f"ledger {arm} {name}": array for name, array in table.items()}
    arrays |= {f"panel {name}": array for name, array in result.panel.items()}
    header = {"digests": result.digests, "seconds": result.seconds, "strata": result.strata}
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    with replacing(path) as temporary, temporary.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **arrays)  # type: ignore[arg-type]


def load_result(path: Path, index: int) -> SeedResult:
    """Read a replicate's result.

    Raises:
        ScslabError: when the file is damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as data:
            header = json.loads(bytes(data["header"]))
            result = SeedResult(index, {arm: {} for arm in header["digests"]}, data["cells"], header["digests"], seconds=header["seconds"])
            result.strata = header["strata"]
            for name in data.files:
                what, _, rest = name.partition(" ")
                if what == "tally":
                    arm, tally = rest.split(" ")
                    result.tallies[arm][tally] = data[name]
                elif what == "ledger":
                    arm, column = rest.split(" ")
                    result.ledger.setdefault(arm, {})[column] = data[name]
                elif what == "panel":
                    result.panel[rest] = data[name]
    except (OSError, ValueError, KeyError) as error:
        raise ScslabError(Problem(f"'{path.name}' cannot be read: {error}", fix="Delete it and resume")) from error
    return result


def processors() -> int:
    """Count the processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
