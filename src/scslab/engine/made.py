"""Rows as a step made them: who, kind and id stand at once; other columns are gathered for the rows somebody wants."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from . import kernels
from .declare import DOER, TABLES
from .rows import Emission, RowSet
from .stores import narrow, spread

_UINT8 = np.dtype(np.uint8)


class Made:
    """Rows of one table, sorted by (subject, kind); most acts are seen by nobody, and their columns are never made.

    Args:
        table: name of the table.
        emissions: what the step asked for, in order.

    Raises:
        ValueError: parents and rows that do not match in number; KeyError: a column that the table has not.
    """

    __slots__ = ("_emissions", "_full", "_order", "id", "kind", "one_kind", "subject", "table")

    def __init__(self, table: str, emissions: list[Emission]) -> None:
        self.table = table
        self._emissions = emissions
        self._full: RowSet | None = None
        self._order: np.ndarray | None = None
        for e in emissions:
            _check(e)
        kinds = [_kind_of(e) for e in emissions]
        self.one_kind = kinds[0] if len(emissions) == 1 and isinstance(kinds[0], int) else None
        self.subject = _joined([np.asarray(e.subject, np.int64) for e in emissions])
        self.kind = _joined([spread(np.asarray(k, _UINT8), len(e.subject)) for k, e in zip(kinds, emissions, strict=True)])
        key = self.key()
        if len(key) > 1 and not bool((key[1:] >= key[:-1]).all()):
            self._sort(np.argsort(key, kind="stable"))
        self.id = self.subject

    def _sort(self, order: np.ndarray) -> None:
        self._order = order if self._order is None else self._order[order]
        self.subject, self.kind = self.subject[order], self.kind[order]

    def __len__(self) -> int:
        return len(self.subject)

    def kinds(self) -> frozenset[int]:
        """Give the kinds that occur."""
        return frozenset((self.one_kind,)) if self.one_kind is not None else frozenset(codes_in(self.kind))

    def key(self) -> np.ndarray:
        """Give what rows are sorted by: subject and kind, or the subject where all are of one kind."""
        return self.subject if self.one_kind is not None else (self.subject << 8) | self.kind

    def rank(self) -> np.ndarray | int:
        """Number the rows of equal subject and kind 0, 1, 2, ... by cause: rows of several spans or blocks come in any order."""
        key = self.key()
        equal = key[1:] == key[:-1]
        if not bool(equal.any()):
            return 0
        parent = self.column("parent")
        if bool((equal & (parent[1:] < parent[:-1])).any()):
            self._sort(np.lexsort((parent, key)))  # equal keys stay together, so the keys need no sorting
        ordinal = np.zeros(len(key), np.int64)
        kernels.rank_equal(key, ordinal)
        return ordinal

    def column(self, name: str, at: np.ndarray | None = None) -> np.ndarray:
        """Give one column for all rows, or those at positions `at`."""
        if self._full is not None:
            return self._full.data[name] if at is None else self._full.data[name][at]
        if name in ("subject", "kind", "id"):
            whole = getattr(self, name)
            return whole if at is None else whole[at]
        rows = self._order if at is None else at if self._order is None else self._order[at]
        dtype = schema(self.table)[0].get(name)
        if len(self._emissions) == 1:
            return _gather(self._emissions[0], name, dtype, rows)
        whole = np.concatenate([_gather(e, name, dtype, None) for e in self._emissions])
        return whole if rows is None else whole[rows]

    def rows(self, at: np.ndarray | None = None, only: tuple[str, ...] | None = None) -> RowSet:
        """Give the rows at positions `at` (default all), with all columns or only those named besides subject and kind."""
        if at is None and only is None:
            if self._full is None:
                self._full = RowSet(self.table, {name: self.column(name) for name in all_columns(self.table)})
            return self._full
        names = all_columns(self.table) if only is None else ("subject", "kind", *only)
        return RowSet(self.table, {name: self.column(name, at) for name in names})

    def due(self, month: int) -> np.ndarray | None:
        """Give the month in which each row is delivered; None when all are now."""
        if all(e.due is None for e in self._emissions):
            return None
        due = _joined([spread(np.asarray(month if e.due is None else e.due, np.int64), len(e.subject)) for e in self._emissions])
        return due if self._order is None else due[self._order]


def codes_in(kind: np.ndarray) -> list[int]:
    """List the kinds that occur, in order.

    Example:
        >>> codes_in(np.array([7, 1, 7], np.uint8))
        [1, 7]
    """
    flags = np.zeros(256, bool)
    flags[kind] = True
    return np.flatnonzero(flags).tolist()


def apart(emissions: list[Emission]) -> list[list[Emission]]:
    """Split what a step emitted to a table by kind where each emission has one: rows of different kinds need no common order."""
    if len(emissions) == 1:
        return [emissions]
    groups: dict[int, list[Emission]] = {}
    for e in emissions:
        kind = _kind_of(e)
        if not isinstance(kind, int):
            return [emissions]
        groups.setdefault(kind, []).append(e)
    return [groups[kind] for kind in sorted(groups)]  # not in the order in which spans happen to have them


@cache
def schema(table: str) -> tuple[dict[str, np.dtype[Any]], frozenset[str]]:
    """Give the dtype of each declared column of a table, and which are truth."""
    spec = TABLES[table]
    return {n: np.dtype(d) for n, d in (*spec.columns.items(), *spec.truth.items())}, frozenset(spec.truth)


@cache
def all_columns(table: str) -> tuple[str, ...]:
    """Name every column of a table's rows."""
    return ("subject", "kind", "parent", "origin", *schema(table)[0], "id")


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _check(e: Emission) -> None:
    """Say what a mechanism's author got wrong: numbers of rows that differ, a column the table has not."""
    n = len(e.subject)
    index = slice(None) if e.parent is None else e.parent
    if isinstance(index, np.ndarray) and index.dtype == bool:
        index = e.parent = np.flatnonzero(index)
    parents = len(e.source) if isinstance(index, slice) else len(index)
    if parents != n:
        raise ValueError(f"'{e.table}': {parents} parents for {n} rows")
    columns, given = schema(e.table)[0], e.columns
    if not given.keys() <= columns.keys() | {"kind"}:
        raise KeyError(f"table '{e.table}' has no column '{sorted(given.keys() - columns.keys() - {'kind'})[0]}'")
    for name in given.keys() & columns.keys():
        given[name] = narrow(given[name], columns[name], name)
        if given[name].ndim and len(given[name]) != n:
            raise ValueError(f"'{e.table}.{name}': {len(given[name])} values for {n} rows")


def _kind_of(e: Emission) -> int | np.ndarray:
    """Give the one kind of all rows of an emission, or the kind of each."""
    if "kind" in e.columns:
        kind = narrow(e.columns["kind"], _UINT8, "kind")
        return int(kind) if kind.ndim == 0 else kind
    kind = e.source.truth("kind")
    if kind.strides == (0,) and len(kind):
        return int(kind[0])
    return kind if e.parent is None else kind[e.parent]


def _gather(e: Emission, name: str, dtype: np.dtype[Any] | None, rows: np.ndarray | None) -> np.ndarray:
    """Give a column of an emission's rows: what it says, else what it carries, else the parent's, else 0 (for a `DOER` whom the parent is about)."""
    parent = rows if e.parent is None else e.parent if rows is None else e.parent[rows]
    n = len(e.subject) if rows is None else len(rows)
    if dtype is None:  # parent and origin
        whole = e.source.truth("id" if name == "parent" else "origin_table")
        return whole if parent is None else whole[parent]
    if name in e.columns:
        value = e.columns[name]
        value = value if rows is None or value.ndim == 0 else value[rows]
    elif e.carry is not None and name in schema(e.table)[1] and name in e.carry[0]._store.spec.truth:
        at = e.carry[1] if rows is None else e.carry[1][rows]
        value = e.carry[0]._store.data[name][at]
    elif e.source.has(name):
        value = e.source.truth(name)
        value = value if parent is None else value[parent]
    elif TABLES[e.table].truth.get(name) == DOER:
        value, at = (e.source.subject, parent) if e.source.of == TABLES[e.table].of else (e.subject, rows)
        value = value if at is None else value[at]
    else:
        value = 0
    return spread(narrow(value, dtype, name), n)
