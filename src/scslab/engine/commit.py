"""From what mechanisms return to rows in mailboxes: ids, order, inherited truth, delivery, tallies."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from . import kernels
from .arm import Arm
from .declare import TABLES
from .rows import MAX_ORDINAL, Emission, RowSet, Tally, pack_ids
from .stores import narrow, spread

NO_WEIGHTS = np.empty(0, np.int64)


class Commit:
    """Turns the results of one arm's mechanisms into rows, month by month."""

    def __init__(self, arm: Arm, month: int, months: tuple[int, int], keep: Any) -> None:
        self.arm = arm
        self.month = month
        self.first, self.n_months = months
        self.keep = keep
        self._maker = -1
        self._made: dict[str, list[tuple[frozenset[int], np.ndarray]]] = {}

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
                self._rows(table, [e for order in sorted(ordered) for e in ordered[order]], instance)

    def _declared(self, name: str, field: str) -> None:
        """Refuse a table or counter that the mechanism does not declare: plans, recorders and outcomes are chosen by what is declared."""
        entry = self.arm.bound[self._maker].entry
        if not any(name == known or name.startswith(f"{known}.") for known in getattr(entry.mechanism, field)):
            raise KeyError(f"'{entry.instance}' does not declare '{name}' in its {field}")

    def _rows(self, table: str, emissions: list[Emission], instance: str) -> None:
        data = self._columns(table, emissions)
        due_month = self._due_months(emissions)
        key = (data["subject"] << 8) | data["kind"]
        if len(key) > 1 and not bool((key[1:] >= key[:-1]).all()):
            order = np.argsort(key, kind="stable")
            key, due_month = key[order], due_month if due_month is None else due_month[order]
            data = {name: column[order] for name, column in data.items()}
        ordinal = np.zeros(len(key), np.int64)
        equal = key[1:] == key[:-1]
        if bool(equal.any()):
            parent = data["parent"]
            if bool((equal & (parent[1:] < parent[:-1])).any()):  # rows of several spans or blocks to one subject: by cause
                order = np.lexsort((parent, key))
                due_month = due_month if due_month is None else due_month[order]
                data = {name: column[order] for name, column in data.items()}
            kernels.rank_equal(key, ordinal)
        kinds = frozenset(np.flatnonzero(np.bincount(data["kind"], minlength=256)).tolist())
        for others, earlier in self._made.setdefault(table, []):
            if others & kinds:
                ordinal += np.searchsorted(earlier, key, "right") - np.searchsorted(earlier, key, "left")
        self._made[table].append((kinds, key))
        if len(ordinal) and int(ordinal.max()) > MAX_ORDINAL:
            raise OverflowError(f"more than {MAX_ORDINAL + 1} rows of one kind for one subject in a month in '{table}'")
        data["id"] = pack_ids(data["subject"], self.month, data["kind"], ordinal)
        rows = RowSet(table, data)
        if self.keep is not None:
            self.keep(self.arm.name, rows, self.month, instance)
        if due_month is None or bool((due_month <= self.month).all()):
            self._deliver(rows)
            return
        now = due_month <= self.month
        self._deliver(rows.take(now))
        later = due_month[~now]
        waiting = rows.take(~now)
        for month in np.unique(later):
            self.arm.due.setdefault(int(month), []).append(waiting.take(later == month))

    def _due_months(self, emissions: list[Emission]) -> np.ndarray | None:
        """Give the month in which each row is delivered; None when all are now."""
        if all(e.due is None for e in emissions):
            return None
        return np.concatenate([spread(np.asarray(self.month if e.due is None else e.due, np.int64), len(e.subject)) for e in emissions])

    @staticmethod
    def _columns(table: str, emissions: list[Emission]) -> dict[str, np.ndarray]:
        columns, truth = schema(table)
        parts = [_columns_of(e, columns, truth) for e in emissions]
        if len(parts) == 1:
            return parts[0]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def _deliver(self, rows: RowSet) -> None:
        if len(rows):
            for consumer in self.arm.consumers.get(rows.table, ()):
                consumer.deliver(rows, self.month, self._maker)

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
        return cells[subject] if tally.of == "persons" else np.zeros(len(subject), cells.dtype)

    def _split(self, tally: Tally, codes: np.ndarray, names: tuple[str, ...]) -> None:
        counts = np.zeros((len(names), self.arm.society.n_cells), np.int64)
        kernels.kind_counts(np.asarray(codes, np.int64), self._cells(tally), counts)
        for code in np.flatnonzero(counts.any(axis=1)):
            self._tally(Tally(f"{tally.name}.{names[code]}", tally.subject, None, counts[code]))


@cache
def schema(table: str) -> tuple[dict[str, np.dtype[Any]], frozenset[str]]:
    """Give the dtype of each declared column of a table, and which are truth."""
    spec = TABLES[table]
    return {n: np.dtype(d) for n, d in (*spec.columns.items(), *spec.truth.items())}, frozenset(spec.truth)


def _columns_of(e: Emission, columns: dict[str, np.dtype[Any]], truth: frozenset[str]) -> dict[str, np.ndarray]:
    """Give the columns of one emission: what it says, else what it carries, else the parent's, else 0."""
    n, given, source = len(e.subject), e.columns, e.source
    index = slice(None) if e.parent is None else e.parent
    kind = given["kind"] if "kind" in given else source.truth("kind")[index]
    made = {"subject": np.asarray(e.subject, np.int64), "kind": spread(narrow(kind, _UINT8, "kind"), n)}
    made["parent"], made["origin"] = source.truth("id")[index], source.truth("origin_table")[index]
    if len(made["parent"]) != n:
        raise ValueError(f"'{e.table}': {len(made['parent'])} parents for {n} rows")
    for name, dtype in columns.items():
        if name in given:
            value = given[name]
        elif e.carry is not None and name in truth and name in e.carry[0]._store.spec.truth:
            value = e.carry[0]._store.data[name][e.carry[1]]
        elif source.has(name):
            value = source.truth(name)[index]
        else:
            value = 0
        made[name] = spread(narrow(value, dtype, name), n)
    if len(given) > len(columns.keys() & given.keys()) + ("kind" in given):
        raise KeyError(f"table '{e.table}' has no column '{sorted(given.keys() - columns.keys() - {'kind'})[0]}'")
    return made


_UINT8 = np.dtype(np.uint8)
