"""The run loop: months, arms in lock-step, mechanisms in plan order, spans on threads."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np

from .access import Luck
from .arm import Arm, Society, Span
from .batches import BatchMaker, Screening
from .commit import Commit
from .made import Made
from .plan import Block

THREAD_ROWS = 200_000
"""Steps with fewer rows run in one piece: handing them to threads costs more than it saves. Never changes a number."""

Keep = Callable[[str, Made, int, str], None]
"""Takes the rows a mechanism made: arm name, rows, month, instance that made them."""


class Schedule(Protocol):
    """What an arm follows: the blocks of each month, and the months in which they change."""

    def at(self, month: int) -> Mapping[str, Block]:
        """Give the blocks in force in a month."""
        ...

    def change_months(self, start: int, end: int) -> set[int]:
        """Give the months of [start, end) in which blocks change."""
        ...


def make_spans(people: int, household_start: np.ndarray | None, count: int) -> list[Span]:
    """Cut the persons into contiguous spans that end at household borders.

    Example:
        >>> [(s.lo, s.hi) for s in make_spans(10, None, 2)]
        [(0, 5), (5, 10)]
    """
    cuts = [people * i // count for i in range(count + 1)]
    if household_start is not None:
        cuts = [
            int(household_start[min(np.searchsorted(household_start, c), len(household_start) - 1)]) if 0 < c < people else c for c in cuts
        ]
    cuts = sorted(set(cuts))
    return [Span(i, a, b) for i, (a, b) in enumerate(zip(cuts, cuts[1:], strict=False))]


class Simulation:
    """Arms that share one society and advance together, month by month."""

    def __init__(
        self,
        society: Society,
        start: int,
        months: int,
        threads: int = 1,
        keep: Keep | None = None,
        tally_from: int | None = None,
    ) -> None:
        self.society = society
        self.month = start
        self.tally_from = start if tally_from is None else tally_from
        self.n_months = months
        self.keep = keep
        self.arms: list[Arm] = []
        self.schedules: dict[str, Schedule] = {}
        self._pool = ThreadPoolExecutor(threads) if threads > 1 and len(society.spans) > 1 else None
        self.seconds: dict[str, float] = {}

    def add(self, name: str, schedule: Schedule, like: Arm | None = None) -> Arm:
        """Add an arm, empty or forked from another."""
        arm = Arm(name, self.society) if like is None else like.fork(name)
        self.schedules[name] = schedule
        arm.adopt(schedule.at(self.month))
        self.arms.append(arm)
        return arm

    def run(self, until: int, each_month: Callable[[int], None] | None = None) -> None:
        """Advance all arms to the month `until` (not simulated itself)."""
        changes = {arm.name: self.schedules[arm.name].change_months(self.month, until) for arm in self.arms}
        while self.month < until:
            screening = Screening(self.society, self.month, self._run)
            for arm in self.arms:
                if self.month in changes[arm.name]:
                    arm.adopt(self.schedules[arm.name].at(self.month))
                self._arm_month(arm, screening)
            self.month += 1
            if each_month is not None:
                each_month(self.month)

    def close(self) -> None:
        """Stop the threads."""
        if self._pool is not None:
            self._pool.shutdown()

    def _run(self, thunks: list[Callable[[], Any]]) -> list[Any]:
        if self._pool is None or len(thunks) == 1:
            return [thunk() for thunk in thunks]
        return list(self._pool.map(lambda thunk: thunk(), thunks))

    def _arm_month(self, arm: Arm, screening: Screening) -> None:
        maker = BatchMaker(arm, self.month, screening)
        commit = Commit(arm, self.month, (self.tally_from, self.n_months), self.keep)
        commit.due()
        for bound in arm.bound:
            bound.cols[0].month = self.month  # modifiers are asked, never woken, and may read the month
        for place, bound in enumerate(arm.bound):
            began = time.perf_counter()
            sources = maker.ready(bound)
            if sources is not None:
                self._step(arm, place, maker, commit, sources)
            bound.seconds += time.perf_counter() - began
            bound.calls += 1

    def _step(self, arm: Arm, place: int, maker: BatchMaker, commit: Commit, sources: list[Any]) -> None:
        bound = arm.bound[place]
        spans = self.society.spans if len(bound.cols) > 1 and maker.size(sources) >= THREAD_ROWS else [Span(0, 0, self.society.people)]
        step, params = bound.entry.mechanism.step, bound.entry.params

        def one(span: Span) -> list[Any]:
            cols = bound.cols[span.index]
            cols.month = self.month
            results: list[Any] = []
            for batch in maker.batches(bound, sources, span):
                made = step(batch, cols, params, Luck(bound.keys, batch, self.month))
                if made is not None:
                    results += made if isinstance(made, list) else [made]
            return results

        per_span = self._run([lambda s=s: one(s) for s in spans])
        commit.results(per_span, bound.entry.instance, place)
        for store in bound.entry.mechanism.owns:
            arm.stores[store.name].apply()
        arm.publish(bound.entry.mechanism.touches)
