"""The ledger of a run: rows kept for a panel of persons, or for everybody, as one wide table per arm."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from .arm import table_codes
from .declare import TABLES
from .made import Made
from .rows import RowSet

ABSENT = -1
"""What a wide column holds where the row's table has no such column."""


def wide_columns(tables: Collection[str] | None = None) -> list[str]:
    """Name the columns of the ledger besides the plain ones: every column of these tables (default all), once, in name order."""
    names = {name for t in TABLES.values() if tables is None or t.name in tables for name in (*t.columns, *t.truth)}
    return sorted(names)


class EventLog:
    """Collects rows; a recorder that changes nothing.

    Args:
        panel: boolean per person, whose rows are all kept; None keeps everybody's.
        always: tables kept for everybody.
        first: months before this one are not kept.
        tables: tables that the ledger has columns for; None is every table declared.
    """

    def __init__(
        self, panel: np.ndarray | None, always: frozenset[str] = frozenset(), first: int = 0, tables: Collection[str] | None = None
    ) -> None:
        self.panel = panel
        self.always = always
        self.first = first
        self.tables = tables
        self._kept: dict[str, list[tuple[RowSet, str]]] = {}

    def __call__(self, arm: str, made: Made, month: int, instance: str) -> None:
        """Keep the rows this log wants (see `loop.Keep`)."""
        if month < self.first:
            return
        wanted = None
        if self.panel is not None and made.table not in self.always:
            if TABLES[made.table].of != "persons":
                return  # the panel is of persons: rows about firms are kept whole or not at all
            wanted = np.flatnonzero(self.panel[made.subject])
            if not len(wanted):
                return
        self._kept.setdefault(arm, []).append((made.rows(wanted), instance))

    def table(self, arm: str) -> dict[str, np.ndarray]:
        """Give an arm's ledger sorted by (subject, month, table, id): plain columns, `instance`, and the wide ones."""
        kept, codes = self._kept.get(arm, []), table_codes()
        counts = [len(rows) for rows, _ in kept]
        total = sum(counts)
        out: dict[str, Any] = {name: np.empty(total, np.int64) for name in ("subject", "id", "parent")}
        out |= {name: np.empty(total, np.int16) for name in ("table", "origin", "kind", "month", "instance")}
        out |= {name: np.full(total, ABSENT, np.int64) for name in wide_columns(self.tables)}
        instances = sorted({instance for _, instance in kept})
        at = 0
        for (rows, instance), n in zip(kept, counts, strict=True):
            here = slice(at, at + n)
            for name, column in rows.data.items():
                out[name][here] = column
            out["table"][here] = codes[rows.table]
            out["month"][here] = (rows.data["id"] >> 16) & 0xFFF
            out["instance"][here] = instances.index(instance)
            at += n
        order = np.lexsort((out["id"], out["table"], out["month"], out["subject"]))
        table = {name: column[order] for name, column in out.items()}
        names = np.array(["none"] * len(codes), dtype=object)
        for name, code in codes.items():
            names[code] = name
        table["table"], table["origin"] = names[table["table"]].astype(str), names[table["origin"]].astype(str)
        table["instance"] = np.array(instances or [""], dtype=str)[table["instance"]] if total else np.empty(0, "U1")
        return table
