"""One SHA-256 per arm over canonical bytes of its state, monthly aggregates and ledger, however the numbers were computed.

The same for any threads, spans, checkpoints, seeds or arms beside it, processor or interpreter. Canonical: everything in order of name and key,
little-endian; codes that depend on what else exists (of tables, of labels) are replaced by numbers of their names; the order in which rows wait is
not told, only which ones wait for whom.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np

from ..base.luck import name_number
from .access import numbers_of
from .arm import Arm, Bound, table_codes
from .declare import LABEL, LABEL_BITS, TABLES
from .events import ABSENT
from .rows import RowSet

PARTS = ("state", "aggregates", "ledger")
"""What a digest covers, in this order."""


def arm_digest(arm: Arm, ledger: Mapping[str, np.ndarray] | None = None) -> str:
    """Hash an arm: its state, its tallies by month, and the ledger if there is one.

    Args:
        arm: at a month's end; ledger: from `EventLog.table`.
    """
    parts = {name: hashlib.sha256() for name in PARTS}
    for part, name, array in canonical(arm, ledger):
        _feed(parts[part], name, array)
    return hashlib.sha256("\n".join(f"{name} {parts[name].hexdigest()}" for name in PARTS).encode()).hexdigest()


def canonical(arm: Arm, ledger: Mapping[str, np.ndarray] | None = None) -> Iterator[tuple[str, str, np.ndarray]]:
    """Give everything that makes up an arm as (part, name, array), in an order and a form that depend on nothing but the numbers.

    Args:
        arm: at a month's end; ledger: from `EventLog.table`.
    """
    names = Names(arm.society.labels)
    for name in sorted(arm.columns):
        yield "state", f"column {name}", arm.columns[name]
    for name in sorted(arm.stores):
        for column, array in _store(arm.stores[name], names).items():
            yield "state", f"store {name} {column}", array
    for month in sorted(arm.due):
        for table in sorted({rows.table for rows in arm.due[month]}):
            sets = [rows for rows in arm.due[month] if rows.table == table]
            yield from _rows(f"due {month}", sets, names)
    for bound in arm.bound:
        yield from _waiting(bound, names)
    for name in sorted(arm.tallies):
        if arm.tallies[name].any():
            yield "aggregates", f"tally {name}", arm.tallies[name]
    for name, column in sorted((ledger or {}).items()):
        if column.dtype.kind == "U" or (column != ABSENT).any():
            yield "ledger", f"ledger {name}", names.labels(column) if name in label_columns() else column


class Names:
    """Puts numbers of names, the same in every run, in the place of codes, which depend on what else a run has.

    Args:
        labels: codes by label.

    Example:
        >>> a, b = Names({"court": 1, "tax": 2}), Names({"bank": 1, "court": 2, "tax": 3})
        >>> bool((a.labels(np.array([1, 2, 0, -1])) == b.labels(np.array([2, 3, 0, -1]))).all())
        True
    """

    def __init__(self, labels: Mapping[str, int]) -> None:
        self._numbers = numbers_of(labels)
        self._tables = np.array([0, *(name_number(name) for name in list(table_codes())[1:])], np.int64)

    def labels(self, codes: np.ndarray) -> np.ndarray:
        """Replace codes of labels; what stands above `LABEL_BITS` stays, and so does anything negative."""
        codes = codes.astype(np.int64)
        known = self._numbers[codes & ((1 << LABEL_BITS) - 1)] + (codes >> LABEL_BITS << 48)
        return np.where(codes < 0, codes, known)

    def tables(self, codes: np.ndarray) -> np.ndarray:
        """Replace codes of tables, as `origin` has them."""
        return self._tables[codes]


@cache
def label_columns() -> frozenset[str]:
    """Name the columns of the ledger that hold codes of labels."""
    return frozenset(name for table in TABLES.values() for name, dtype in table.columns.items() if dtype == LABEL)


def _store(store: Any, names: Names) -> dict[str, np.ndarray]:
    """Give a store's columns in order of subject and sub key, the sub key without the subject."""
    spec, data = store.spec, store.data
    sub = data["key"] & ((1 << spec.sub_bits) - 1)
    sub = names.labels(sub) if spec.by_label else sub
    order = np.lexsort((sub, data["subject"]))
    out = {"sub": sub[order]}
    for name in sorted(data.keys() - {"key"}):
        column = data[name][order]
        label = spec.columns.get(name) == LABEL
        out[name] = names.tables(column) if name == "origin" else names.labels(column) if label else column
    return out


def _rows(where: str, sets: list[RowSet], names: Names, only: tuple[str, ...] | None = None) -> Iterator[tuple[str, str, np.ndarray]]:
    """Give the columns of row sets of one table as one, in order of id; ids are unique within a table."""
    table = TABLES[sets[0].table]
    columns = sorted({"subject", "kind", "id", *only} if only is not None else set.intersection(*(set(s.data) for s in sets)))
    order = np.argsort(np.concatenate([s.data["id"] for s in sets]), kind="stable")
    for name in columns:
        column = np.concatenate([s.data[name] for s in sets])[order]
        label = table.columns.get(name) == LABEL
        yield "state", f"{where} {table.name} {name}", names.tables(column) if name == "origin" else names.labels(column) if label else column


def _waiting(bound: Bound, names: Names) -> Iterator[tuple[str, str, np.ndarray]]:
    """Give what waits for a mechanism: rows in its mailboxes, and persons announced to it."""
    for i, box in sorted(bound.boxes.items()):
        sets = [rows for rows in box.rows if len(rows)]
        if sets:
            yield from _rows(f"waiting {bound.entry.instance} {i}", sets, names, box.only)
    for i, touched in sorted(bound.touched.items()):
        subjects = np.unique(np.concatenate(touched)) if touched else np.empty(0, np.int64)
        if len(subjects):
            yield "state", f"announced {bound.entry.instance} {i}", subjects


def _feed(digest: Any, name: str, array: np.ndarray) -> None:
    data = np.ascontiguousarray(array)
    if data.dtype.kind == "U":
        digest.update(f"{name}\x00text\x00{data.shape}\x00".encode() + "\x00".join(data.tolist()).encode())
        return
    body = data.astype(data.dtype.newbyteorder("<"), copy=False).tobytes()
    digest.update(f"{name}\x00{data.dtype.str.lstrip('<>|=')}\x00{data.shape}\x00".encode())
    digest.update(body)
