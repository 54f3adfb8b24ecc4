"""From what mechanisms return to rows in mailboxes: ids, order, inherited truth, delivery, tallies."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import kernels
from .arm import Arm
from .declare import TABLES
from .rows import MAX_ORDINAL, Emission, RowSet, Tally, pack_ids
from .stores import narrow, spread


class Commit:
    """Turns the results of one arm's mechanisms into rows, month by month."""

    def __init__(self, arm: Arm, month: int, codes: dict[str, int], months: tuple[int, int], keep: Any) -> None:
        self.arm = arm
        self.month = month
        self.codes = codes
        self.first, self.n_months = months
        self.keep = keep
        self._made: dict[str, list[np.ndarray]] = {}

    def results(self, per_span: list[list[Any]], instance: str) -> None:
        """Take the results of all spans of one step (a list per span of emissions and tallies)."""
        by_table: dict[str, dict[int, list[Emission]]] = {}
        for results in per_span:
            for order, result in enumerate(results):
                if isinstance(result, Tally):
                    self._tally(result)
                elif len(result.subject):
                    by_table.setdefault(result.table, {}).setdefault(order, []).append(result)
        for table, ordered in by_table.items():
            if self.arm.consumers.get(table) or self.keep is not None:
                self._rows(table, [e for order in sorted(ordered) for e in ordered[order]], instance)

    def _rows(self, table: str, emissions: list[Emission], instance: str) -> None:
        data = self._columns(table, emissions)
        due = [spread(np.asarray(self.month if e.due is None else e.due, np.int64), len(e.subject)) for e in emissions]
        due_month = np.concatenate(due) if len(due) > 1 else due[0]
        key = (data["subject"] << 8) | data["kind"]
        if len(key) > 1 and not bool((key[1:] >= key[:-1]).all()):
            order = np.argsort(key, kind="stable")
            key, due_month = key[order], due_month[order]
            data = {name: column[order] for name, column in data.items()}
        ordinal = np.zeros(len(key), np.int64)
        equal = key[1:] == key[:-1]
        if bool(equal.any()):
            parent = data["parent"]
            if bool((equal & (parent[1:] < parent[:-1])).any()):  # rows of several spans or blocks to one subject: by cause
                order = np.lexsort((parent, key))
                due_month = due_month[order]
                data = {name: column[order] for name, column in data.items()}
            kernels.rank_equal(key, ordinal)
        for earlier in self._made.setdefault(table, []):
            ordinal += np.searchsorted(earlier, key, "right") - np.searchsorted(earlier, key, "left")
        self._made[table].append(key)
        if len(ordinal) and int(ordinal.max()) > MAX_ORDINAL:
            raise OverflowError(f"more than {MAX_ORDINAL + 1} rows of one kind for one subject in a month in '{table}'")
        data["id"] = pack_ids(data["subject"], self.month, data["kind"], ordinal)
        rows = RowSet(table, data)
        if self.keep is not None:
            self.keep(self.arm.name, rows, self.month, instance)
        if all(e.due is None for e in emissions):
            self._deliver(rows)
            return
        now = due_month <= self.month
        if bool(now.all()):
            self._deliver(rows)
            return
        self._deliver(rows.take(now))
        later = due_month[~now]
        waiting = rows.take(~now)
        for month in np.unique(later):
            self.arm.due.setdefault(int(month), []).append(waiting.take(later == month))

    def _columns(self, table: str, emissions: list[Emission]) -> dict[str, np.ndarray]:
        spec = TABLES[table]
        parts: dict[str, list[np.ndarray]] = {}
        for e in emissions:
            n = len(e.subject)
            index = slice(None) if e.parent is None else e.parent
            source = e.source
            plain: dict[str, Any] = {"subject": np.asarray(e.subject, np.int64), "id": np.empty(n, np.int64)}
            plain["kind"] = e.columns["kind"] if "kind" in e.columns else source.truth("kind")[index]
            plain["parent"] = source.truth("id")[index]
            plain["origin"] = source.truth("origin_table")[index]
            dtypes = {"subject": "int64", "id": "int64", "kind": "uint8", "parent": "int64", "origin": "uint8"}
            for name, dtype in (*spec.columns.items(), *spec.truth.items()):
                dtypes[name] = dtype
                if name in e.columns:
                    plain[name] = e.columns[name]
                elif e.carry is not None and name in e.carry[0]._store.spec.truth:
                    plain[name] = e.carry[0]._store.data[name][e.carry[1]]
                elif source.has(name):
                    plain[name] = source.truth(name)[index]
                else:
                    plain[name] = 0
            extra = e.columns.keys() - dtypes.keys()
            if extra:
                raise KeyError(f"table '{table}' has no column '{sorted(extra)[0]}'")
            for name, value in plain.items():
                parts.setdefault(name, []).append(spread(narrow(value, dtypes[name], name), n))
        return {name: np.concatenate(arrays) if len(arrays) > 1 else arrays[0] for name, arrays in parts.items()}

    def _deliver(self, rows: RowSet) -> None:
        if len(rows):
            for consumer in self.arm.consumers.get(rows.table, ()):
                consumer.deliver(rows)

    def due(self) -> None:
        """Deliver what earlier months addressed to this one."""
        for rows in self.arm.due.pop(self.month, ()):
            self._deliver(rows)

    def _tally(self, tally: Tally) -> None:
        at = self.month - self.first
        if not 0 <= at < self.n_months:
            return
        society = self.arm.society
        if tally.name not in self.arm.tallies:
            self.arm.tallies[tally.name] = np.zeros((self.n_months, society.n_cells), np.int64)
        if tally.cells is not None:
            self.arm.tallies[tally.name][at] += tally.cells
            return
        subject = np.asarray(tally.subject)
        weight = np.empty(0, np.int64) if tally.weight is None else np.ascontiguousarray(np.broadcast_to(np.asarray(tally.weight), len(subject)), np.int64)
        kernels.group_counts(society.cells[subject], weight, tally.weight is not None, self.arm.tallies[tally.name][at])
