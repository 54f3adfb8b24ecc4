"""From what mechanisms return to rows in mailboxes: ids, order, inherited truth, delivery, tallies."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base.errors import Problem
from ..base.months import month_text
from . import kernels
from .arm import Arm, hand_out
from .made import Made, apart
from .rows import MAX_ORDINAL, Emission, RowSet, Tally, TooManyRows, pack_ids
from .stores import spread

NO_WEIGHTS = np.empty(0, np.int64)


class Commit:
    """Turns the results of one arm's mechanisms into rows, month by month."""

    def __init__(self, arm: Arm, month: int, months: tuple[int, int], keep: Any) -> None:
        self.arm = arm
        self.month = month
        self.first, self.n_months = months
        self.keep = keep
        self._maker = -1
        self._made: dict[str, list[tuple[frozenset[int], np.ndarray, np.ndarray]]] = {}
        self._counted: tuple[Any, np.ndarray] = (None, NO_WEIGHTS)

    def results(self, per_span: list[list[Any]], instance: str, place: int) -> None:
        """Take the results of all spans of one step (a list per span of emissions and tallies) of the plan's entry at `place`."""
        self._maker = place
        by_table: dict[str, dict[int, list[Emission]]] = {}
        for results in per_span:
            for order, result in enumerate(results):
                if isinstance(result, Tally):
                    self._tally(result)
                elif len(result.subject):
                    by_table.setdefault(result.table, {}).setdefault(order, []).append(result)
        for table, ordered in by_table.items():
            self._declared(table, "emits")
            if self.arm.consumers.get(table) or self.keep is not None:
                for emissions in apart([e for order in sorted(ordered) for e in ordered[order]]):
                    self._rows(Made(table, emissions), instance)
        self._counted = (None, NO_WEIGHTS)

    def _declared(self, name: str, field: str) -> None:
        """Refuse a table or counter that the mechanism does not declare: plans, recorders and outcomes are chosen by what is declared."""
        entry = self.arm.bound[self._maker].entry
        if not any(name == known or name.startswith(f"{known}.") for known in getattr(entry.mechanism, field)):
            raise KeyError(f"'{entry.instance}' does not declare '{name}' in its {field}")

    def _rows(self, made: Made, instance: str) -> None:
        ordinal = made.rank()
        kinds = made.kinds()
        for others, subject, kind in self._made.setdefault(made.table, []):
            if others & kinds:
                earlier, key = (subject << 8) | kind, (made.subject << 8) | made.kind
                ordinal = ordinal + np.searchsorted(earlier, key, "right") - np.searchsorted(earlier, key, "left")
        self._made[made.table].append((kinds, made.subject, made.kind))
        if np.ndim(ordinal) and int(np.max(ordinal)) > MAX_ORDINAL:
            what = f"'{instance}' makes more than {MAX_ORDINAL + 1} rows of '{made.table}' of one kind about one subject in a month"
            raise TooManyRows(Problem(what, month_text(self.month), "ids of rows count no further", fix="Lower the rates or numbers that lead to so many"))
        made.id = pack_ids(made.subject, self.month, made.kind if made.one_kind is None else made.one_kind, ordinal)
        if self.keep is not None:
            self.keep(self.arm.name, made, self.month, instance)
        due_month = made.due(self.month)
        if due_month is None or bool((due_month <= self.month).all()):
            hand_out(self.arm.consumers.get(made.table, ()), made, self.month, self._maker)
            return
        if bool((due_month == due_month[0]).all()):
            self.arm.due.setdefault(int(due_month[0]), []).append(made.rows())
            return
        now = due_month <= self.month
        self._deliver(made.rows().take(now))
        later = due_month[~now]
        waiting = made.rows().take(~now)
        for month in np.unique(later):
            self.arm.due.setdefault(int(month), []).append(waiting.take(later == month))

    def _deliver(self, rows: RowSet) -> None:
        if len(rows):
            hand_out(self.arm.consumers.get(rows.table, ()), rows, self.month, self._maker)

    def due(self) -> None:
        """Deliver what earlier months addressed to this one."""
        for rows in self.arm.due.pop(self.month, ()):
            self._deliver(rows)

    def _tally(self, tally: Tally) -> None:
        at = self.month - self.first
        if not 0 <= at < self.n_months:
            return
        society = self.arm.society
        if tally.split is not None:
            self._split(tally, *tally.split)
            return
        if tally.name not in self.arm.tallies:
            self._declared(tally.name, "tallies")
            self.arm.tallies[tally.name] = np.zeros((self.n_months, society.n_cells), np.int64)
        if tally.cells is not None:
            self.arm.tallies[tally.name][at, : len(tally.cells)] += tally.cells
            return
        subject = np.asarray(tally.subject)
        if not len(subject):
            return
        out, cells = self.arm.tallies[tally.name][at], self._cells(tally)
        if tally.weight is None:
            kernels.group_counts(cells, NO_WEIGHTS, False, out)
        else:
            weight = np.asarray(tally.weight, np.int64)
            kernels.group_counts(cells, np.ascontiguousarray(spread(weight, len(subject))), True, out)

    def _cells(self, tally: Tally) -> np.ndarray:
        """Give the group cell of each subject: those of persons; firms have no groups and are counted in the first cell."""
        cells, subject = self.arm.society.cells, np.asarray(tally.subject)
        if tally.of != "persons":
            return np.zeros(len(subject), cells.dtype)
        if subject is not self._counted[0]:  # many counters of a step are about the same persons
            self._counted = (subject, cells[subject])
        return self._counted[1]

    def _split(self, tally: Tally, codes: np.ndarray, names: tuple[str, ...]) -> None:
        counts = np.zeros((len(names), self.arm.society.n_cells), np.int64)
        kernels.kind_counts(np.asarray(codes, np.uint8), self._cells(tally), counts)
        self._tally(Tally(tally.name, tally.subject, None, counts.sum(axis=0)))
        for code in np.flatnonzero(counts.any(axis=1)):
            self._tally(Tally(f"{tally.name}.{names[code]}", tally.subject, None, counts[code]))
