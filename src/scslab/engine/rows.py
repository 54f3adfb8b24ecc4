"""Rows in flight: packed ids, row sets, the batch a mechanism sees, and what it returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..base.errors import InputError
from .declare import TABLES, Table

SUBJECT_SHIFT, MONTH_SHIFT, KIND_SHIFT = 28, 16, 8
MAX_ORDINAL = 255

APART = 0x9E3779B1
"""2^32 over the golden ratio, odd: its multiples differ in their low bits, and neighbours' lie far apart."""


class TooManyRows(InputError):
    """Refusal of rules that make more rows of a kind about one subject in a month than ids can tell apart."""


def pack_ids(subject: Any, month: int, kind: Any, ordinal: Any = 0) -> np.ndarray:
    """Pack (subject 31 bits, month 12, kind 8, ordinal 8) into int64 ids.

    Example:
        >>> int(pack_ids(1, 2, 3, 4)[0]) == (1 << 28) + (2 << 16) + (3 << 8) + 4
        True
    """
    ids = np.atleast_1d(np.asarray(subject, np.int64)) << SUBJECT_SHIFT
    low = (np.asarray(kind, np.int64) << KIND_SHIFT) + (month << MONTH_SHIFT) + np.asarray(ordinal, np.int64)
    if np.ndim(low) and len(ids) != len(low):
        return ids + low
    ids += low
    return ids


def unpack_id(row_id: int) -> tuple[int, int, int, int]:
    """Split an id into (subject, month, kind, ordinal).

    Example:
        >>> unpack_id((1 << 28) + (2 << 16) + (3 << 8) + 4)
        (1, 2, 3, 4)
    """
    return row_id >> SUBJECT_SHIFT, (row_id >> MONTH_SHIFT) & 0xFFF, (row_id >> KIND_SHIFT) & 0xFF, row_id & 0xFF


class RowSet:
    """Rows of one table as a structure of arrays, sorted by id."""

    __slots__ = ("data", "table")

    def __init__(self, table: str, data: dict[str, np.ndarray]) -> None:
        self.table = table
        self.data = data

    def __len__(self) -> int:
        return len(self.data["subject"])

    @property
    def one_kind(self) -> int | None:
        """Say that kinds may differ from row to row (see `made.Made`)."""
        return None

    def column(self, name: str, at: np.ndarray | None = None) -> np.ndarray:
        """Give one column for all rows, or those at positions `at`."""
        return self.data[name] if at is None else self.data[name][at]

    def rows(self, at: np.ndarray | None = None, only: tuple[str, ...] | None = None) -> RowSet:
        """Give the rows at positions `at` (default all); `only` names columns that would do, and is met by having them."""
        return self if at is None else self.take(at)

    def take(self, index: Any) -> RowSet:
        """Select rows by slice, mask or positions."""
        return RowSet(self.table, {name: column[index] for name, column in self.data.items()})

    @staticmethod
    def concat(sets: list[RowSet], ordered: bool = True) -> RowSet:
        """Join row sets of one table and, unless told otherwise, restore the order by id (stable)."""
        if len(sets) == 1:
            return sets[0]
        names = min((s.data for s in sets), key=len)  # rows that waited have all columns, fresh ones those their reader asked for
        data = {name: np.concatenate([s.data[name] for s in sets]) for name in names}
        if ordered and not bool((data["id"][1:] >= data["id"][:-1]).all()):
            order = np.argsort(data["id"], kind="stable")
            data = {name: column[order] for name, column in data.items()}
        return RowSet(sets[0].table, data)


@dataclass(slots=True)
class Emission:
    """Rows a mechanism asks the engine to make."""

    table: str
    subject: np.ndarray
    source: Batch
    parent: np.ndarray | None
    due: Any
    carry: tuple[Any, np.ndarray] | None
    columns: dict[str, Any]


@dataclass(slots=True)
class Tally:
    """An addition to a counter, by the group cell of each subject; firms have none, so theirs go to the first."""

    name: str
    subject: np.ndarray
    weight: np.ndarray | None = None
    cells: np.ndarray | None = None
    split: tuple[np.ndarray, tuple[str, ...]] | None = None
    of: str = "persons"


class Batch:
    """The rows that woke a mechanism; attributes are columns. Truth columns are absent where the phase is blind."""

    __slots__ = ("_evidence", "_hidden", "_seen", "drawn", "month", "of", "table")

    def __init__(
        self, table: str, month: int, seen: dict[str, np.ndarray], hidden: dict[str, np.ndarray] | None = None, of: str = "persons"
    ) -> None:
        self.table = table
        self.of = of
        self.month = month
        self._seen = seen
        self._hidden = hidden or {}
        self._evidence: tuple[str, ...] = ()
        self.drawn: dict[Any, np.ndarray] | None = None
        """Words drawn for all rows, by key of the stream, where arms share the rows."""

    def __len__(self) -> int:
        return len(self._seen["subject"])

    def __getattr__(self, name: str) -> np.ndarray:
        try:
            return self._seen[name]
        except KeyError:
            why = "a truth column this phase may not read" if name in self._hidden else "no such column"
            raise AttributeError(f"'{name}' of '{self.table}': {why}") from None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that can be read."""
        return tuple(self._seen)

    def emit(self, table: str, subject: Any = None, parent: Any = None, due: Any = None, carry: Any = None, **columns: Any) -> Emission:
        """Ask for rows in `table` caused by rows of this batch.

        Args:
            table: a declared table, named in the mechanism's `emits`.
            subject: int array of persons (or firms); default the batch's own (at `parent`).
            parent: positions in this batch, one per new row; default all, in order.
            due: month or array of months of delivery; default as soon as possible.
            carry: (store, positions) whose truth columns the new rows get, instead of the parent's, unseen by the mechanism.
            columns: values of the table's columns, scalars or arrays; `kind` defaults to the parent's.
        """
        if subject is None:
            if table in TABLES and TABLES[table].of != self.of:
                raise ValueError(f"'{table}' is about {TABLES[table].of}, these rows are about {self.of}: name the subjects")
            subject = self.subject if parent is None else self.subject[parent]
        return Emission(table, np.asarray(subject), self, parent, due, carry, columns)

    def tally(self, name: str, at: Any = None, weight: np.ndarray | None = None) -> Tally:
        """Add to the counter `name` for the subjects at positions (or mask) `at`, each by `weight` (default 1)."""
        return Tally(name, self.subject if at is None else self.subject[at], weight, of=self.of)

    def tally_split(self, name: str, codes: np.ndarray, names: tuple[str, ...]) -> Tally:
        """Add to the counter `name`, and to one per code, `name.NAMES[code]`, in one pass."""
        return Tally(name, self.subject, None, None, (codes, names), self.of)

    def evidence(self, column: str, values: np.ndarray, luck: Any, draw: str, finds: Any, false_finds: Any, at: Any = None) -> np.ndarray:
        """Ask an error-prone sensor whether a truth column has one of the values; the only way review meets truth.

        Args:
            column: a truth column named in the mechanism's `evidence`.
            values: codes that count as yes.
            luck: the mechanism's luck; draw: name of the draw used.
            finds: threshold of answering yes where it is so; false_finds: where it is not.
            at: positions asked about; default all rows.

        Returns:
            Boolean array, one per row asked about.
        """
        if column not in self._evidence:
            raise AttributeError(f"evidence on '{column}' is not declared by this mechanism")
        truth = self.truth(column) if at is None else self.truth(column)[at]
        limit = np.where(np.isin(truth, values), finds, false_finds)
        return luck.of(self).below(draw, limit, at)

    @staticmethod
    def tally_of(name: str, subjects: np.ndarray, weight: np.ndarray | None = None) -> Tally:
        """Add to the counter `name` for any subjects."""
        return Tally(name, subjects, weight)

    def tally_cells(self, name: str, sums: np.ndarray) -> Tally:
        """Add one sum per group cell to the counter `name`; a single sum goes to the first cell (abstract worlds have no groups)."""
        return Tally(name, np.empty(0, np.int64), None, sums)

    def truth(self, name: str) -> np.ndarray:
        """Give the engine (not the mechanism) a column whether seen or hidden."""
        return self._seen[name] if name in self._seen else self._hidden[name]

    def has(self, name: str) -> bool:
        """Tell whether the rows carry a column, seen or hidden."""
        return name in self._seen or name in self._hidden


class SubjectBatch(Batch):
    """A batch of persons without rows of a table: from `Changed` or `Sweep`. `lo`, `hi` bound a sweep's block; ids are made when asked for."""

    __slots__ = ("_rows", "hi", "lo")

    def __init__(self, month: int, rows: np.ndarray | range) -> None:
        super().__init__("", month, {})
        self._rows = rows
        self.lo, self.hi = (rows.start, rows.stop) if isinstance(rows, range) else (-1, -1)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def is_range(self) -> bool:
        """Tell whether the batch is the contiguous block lo..hi."""
        return isinstance(self._rows, range)

    def __getattr__(self, name: str) -> np.ndarray:
        if name == "subject":
            self._seen["subject"] = np.arange(self.lo, self.hi) if self.is_range else np.asarray(self._rows)
        elif name == "id":
            self._seen["id"] = pack_ids(self.subject, self.month, 0)
        elif name == "kind":
            self._seen["kind"] = np.broadcast_to(np.uint8(0), len(self._rows))
        elif name == "origin_table":
            self._seen["origin_table"] = np.broadcast_to(np.uint8(0), len(self._rows))
        return super().__getattr__(name)

    def truth(self, name: str) -> np.ndarray:
        return getattr(self, name)

    def has(self, name: str) -> bool:
        return name in ("subject", "id", "kind", "origin_table")


def empty_rows(spec: Table) -> RowSet:
    """Make a row set without rows, with every column of the table."""
    data: dict[str, np.ndarray] = {"subject": np.empty(0, np.int64), "id": np.empty(0, np.int64), "kind": np.empty(0, np.uint8)}
    data["parent"], data["origin"] = np.empty(0, np.int64), np.empty(0, np.uint8)
    for name, dtype in (*spec.columns.items(), *spec.truth.items()):
        data[name] = np.empty(0, dtype)
    return RowSet(spec.name, data)
