"""What a trial left behind: every row by month and instance, the state of every month's end, every counter; and where two of them differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...base.months import month_text
from ...engine.arm import Arm, Society, table_codes
from ...engine.made import Made

Rows = dict[str, np.ndarray]
Key = tuple[int, str, str]

PEOPLE = ("true_actor", "source", "other", "reporter", "victim", "relative")
"""Columns that hold a person's number."""

"""Month, instance, table."""


@dataclass(frozen=True)
class Difference:
    """The first thing in which two traces differ."""

    what: str
    month: int | None = None
    instance: str = ""
    row: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)

    def words(self) -> str:
        """Say it in one line."""
        when = "" if self.month is None else f" in {month_text(self.month)}"
        who = f" by {self.instance}" if self.instance else ""
        row = ", ".join(f"{name} {value}" for name, value in self.row.items())
        values = "; ".join(f"{name}: {value}" for name, value in self.values.items())
        return f"{self.what}{who}{when}" + (f": {row}" if row else "") + (f" ({values})" if values else "")


class Trace:
    """Every row, the state at every month's end, and the counters of one arm.

    Attributes:
        rows: by (month, instance, table), sorted by id; `origin` holds names of tables.
        stocks, levels: what every store and column held at each month's end; columns, stores, tallies: the last state and the counters; plan: of the
            first month.
    """

    def __init__(self, start: int, society: Society) -> None:
        self.start, self.month, self.society = start, start, society
        self._kept: dict[Key, list[Rows]] = defaultdict(list)
        self.stocks: dict[int, dict[str, Rows]] = {}
        self.levels: dict[int, Rows] = {}
        self.columns: Rows = {}
        self.stores: dict[str, Rows] = {}
        self.tallies: Rows = {}
        self.plans: dict[int, list[str]] = {}
        self._rows: dict[Key, Rows] | None = None
        self.names = np.array(list(table_codes()), dtype=object)

    def keep(self, arm: str, made: Made, month: int, instance: str) -> None:
        """Take rows from the engine (see `loop.Keep`)."""
        self._kept[month, instance, made.table].append(dict(made.rows().data))

    def month_end(self, arm: Arm, month: int) -> None:
        """Note the plan of the month, and what every store holds."""
        self.month = month + 1
        self.plans[month] = [bound.entry.instance for bound in arm.bound]
        self.levels[month] = {name: column.copy() for name, column in arm.columns.items()}
        self.stocks[month] = {name: {n: c.copy() for n, c in store.data.items()} for name, store in arm.stores.items()}  # set in place

    def finish(self, arm: Arm) -> None:
        """Note the last state and the counters."""
        self.columns = dict(self.levels[self.month - 1])
        self.stores = {name: self._named(dict(store.data)) for name, store in arm.stores.items()}
        self.tallies = {name: array for name, array in arm.tallies.items() if array.any()}

    def _named(self, data: Rows) -> Rows:
        data["origin"] = self.names[data["origin"]].astype(str)
        return data

    @property
    def rows(self) -> dict[Key, Rows]:
        """Every row, by month, instance and table."""
        if self._rows is None:
            self._rows = {}
            for key, parts in self._kept.items():
                joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
                order = np.argsort(joined["id"], kind="stable")
                self._rows[key] = self._named({name: column[order] for name, column in joined.items()})
            self._rows = dict(sorted(self._rows.items()))
        return self._rows

    def table(self, name: str, by: str = "") -> Rows:
        """Give all rows of a table (made by instances of a mechanism), with `month` and `instance`; empty when there are none."""
        parts = [(key, rows) for key, rows in self.rows.items() if key[2] == name and (not by or key[1].partition(":")[0] == by)]
        if not parts:
            return {}
        made = {column: np.concatenate([rows[column] for _, rows in parts]) for column in parts[0][1]}
        made["month"] = np.concatenate([np.full(len(rows["id"]), key[0]) for key, rows in parts])
        made["instance"] = np.concatenate([np.full(len(rows["id"]), key[1]) for key, rows in parts])
        return made

    def count(self) -> int:
        """Count the rows."""
        return sum(len(rows["id"]) for rows in self.rows.values())

    @property
    def plan(self) -> list[str]:
        """Every instance that some month has, in the order of the first month that has it."""
        return list(dict.fromkeys(name for plan in self.plans.values() for name in plan))

    def place(self, month: int, instance: str) -> int:
        """Give an instance's place in the plan of a month; what another run alone has stands last."""
        plan = self.plans.get(month, [])
        return plan.index(instance) if instance in plan else len(plan)


Wanted = Callable[[str], bool]


def everything(_: str) -> bool:
    """Want it all."""
    return True


def first_difference(a: Trace, b: Trace, instances: Wanted = everything, state: Wanted = everything, counters: Wanted = everything) -> Difference | None:
    """Find the first row, then the first state, then the first counter in which two traces differ.

    Args:
        instances: which instances' rows are compared; state: which columns and stores; counters: which.
    """
    keys = sorted((key for key in a.rows.keys() | b.rows.keys() if instances(key[1])), key=lambda key: (key[0], a.place(*key[:2]), key[1], key[2]))
    for key in keys:
        found = _rows_differ(key, a.rows.get(key), b.rows.get(key))
        if found is not None:
            return found
    for found in _states_differ(a, b, state):
        return found
    for name in sorted(filter(counters, a.tallies.keys() | b.tallies.keys())):
        one, other = a.tallies.get(name), b.tallies.get(name)
        shape = one if one is not None else other
        assert shape is not None
        blank = np.zeros_like(shape)
        unlike = np.argwhere((blank if one is None else one) != (blank if other is None else other))
        if len(unlike):
            month, cell = (int(v) for v in unlike[0])
            values = {"one": int((blank if one is None else one)[month, cell]), "other": int((blank if other is None else other)[month, cell])}
            return Difference(f"counter '{name}'", a.start + month, row={"group cell": cell}, values=values)
    return None


def _rows_differ(key: Key, one: Rows | None, other: Rows | None) -> Difference | None:
    month, instance, table = key
    if one is not None and other is not None and same_rows(one, other):
        return None
    first = _as_tuples(one), _as_tuples(other)
    only = sorted(set(first[0]) ^ set(first[1]))
    if not only:  # the same rows, but columns or order differ
        return Difference(f"columns of rows of '{table}'", month, instance)
    names = columns_of(one if one is not None else other or {})
    row = dict(zip(names, only[0], strict=True))
    return Difference(f"row of '{table}'", month, instance, row, {"only in": "one" if only[0] in set(first[0]) else "other"})


def columns_of(rows: Rows) -> list[str]:
    """Name columns with the subject first, then the id, then by name."""
    return [name for name in ("subject", "id") if name in rows] + sorted(name for name in rows if name not in ("subject", "id"))


def _as_tuples(rows: Rows | None) -> list[tuple[Any, ...]]:
    if rows is None:
        return []
    return list(zip(*(rows[name].tolist() for name in columns_of(rows)), strict=True))


def same_rows(one: Rows, other: Rows) -> bool:
    """Tell whether two tables of rows hold the same."""
    return one.keys() == other.keys() and all(np.array_equal(column, other[name]) for name, column in one.items())


def _states_differ(a: Trace, b: Trace, state: Wanted) -> Iterator[Difference]:
    for name in sorted(filter(state, a.columns.keys() | b.columns.keys())):
        if name not in a.columns or name not in b.columns:
            yield Difference(f"column '{name}' that only {'one' if name in a.columns else 'the other'} has")
        else:
            unlike = np.flatnonzero(a.columns[name] != b.columns[name])
            if len(unlike):
                at = int(unlike[0])
                values = {"one": int(a.columns[name][at]), "other": int(b.columns[name][at])}
                yield Difference(f"column '{name}' at the end", row={name.partition(".")[0]: at}, values=values)
    for name in sorted(filter(state, a.stores.keys() | b.stores.keys())):
        one, other = a.stores.get(name), b.stores.get(name)
        if one is None or other is None:
            yield Difference(f"store '{name}' that only {'one' if other is None else 'the other'} has")
        elif not same_rows(one, other):
            only = sorted(set(_as_tuples(one)) ^ set(_as_tuples(other)))
            row = dict(zip(columns_of(one), only[0], strict=True)) if only else {}
            yield Difference(f"store '{name}' at the end", row=row)
