"""Where two computations of a run part: the first month, and in it the first mechanism and row, in the order of a month."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..base.errors import InputError
from ..base.months import month_text
from ..engine.declare import LABEL_BITS, PHASES
from ..engine.digest import label_columns
from ..engine.events import ABSENT
from ..store import open_run, read_table
from .kept import read_job
from .replicate import label_names

Ledger = Mapping[str, np.ndarray]
"""Columns of rows kept, as `EventLog.table` gives them and a run folder keeps them."""

_PLACE = ("month", "instance", "table", "subject", "id")


def diverge_runs(a: Path, b: Path) -> dict[str, Any]:
    """Find the first month, mechanism and row in which two runs differ, seed by seed and arm by arm."""
    first, second = open_run(a), open_run(b)
    differing = [k for k, v in first.manifest.digests.items() if second.manifest.digests.get(k) != v]
    missing = sorted(first.manifest.digests.keys() ^ second.manifest.digests.keys())
    if not differing and not missing:
        return {"same": True, "digests": len(first.manifest.digests)}
    document: dict[str, Any] = {"same": False, "arms that differ": differing, "arms in one only": missing}
    shared = [k for k in differing if k in second.manifest.digests]
    row = _first_row_of_runs(first, second, shared) or _first_tally(first, second, shared)
    if row:
        document["first difference"] = row
    return document


def first_row(first: Ledger, second: Ledger, lists: Sequence[Mapping[int, str]] = ({}, {})) -> dict[str, Any] | None:
    """Find the first row that stands in one of two ledgers only; None when they hold the same rows.

    Args:
        lists: names of the codes of labels in each ledger; codes are compared where they have none.

    Returns:
        month, mechanism, table, person, id, where (`first run only`, `second run only`) and values of the row.

    Example:
        >>> row = {"month": [200], "instance": ["observe.camera"], "table": ["records"], "subject": [7], "id": [5], "amount": [2]}
        >>> one, two = ({name: np.array(v) for name, v in {**row, "amount": [n]}.items()} for n in (2, 3))
        >>> first_row(one, one) is None, first_row(one, two)["mechanism"]
        (True, 'observe.camera')
    """
    for month in sorted({*_months(first), *_months(second)}):
        one, two = (set(_rows_of(ledger, month, names)) for ledger, names in zip((first, second), lists, strict=True))
        if one != two:
            place, values = min(one ^ two, key=lambda row: (_phase(row[0][1]), row))
            found: dict[str, Any] = dict(zip(("month", "mechanism", "table", "person", "id"), (month_text(month), *place[1:]), strict=True))
            return {**found, "where": "first run only" if (place, values) in one else "second run only", "values": dict(values)}
    return None


def _months(ledger: Ledger) -> list[int]:
    return np.unique(ledger["month"]).tolist() if len(ledger.get("month", ())) else []


def _phase(instance: str) -> int:
    """Give the place of a mechanism's phase in a month; anything else comes last."""
    phase = instance.partition(".")[0]
    return PHASES.index(phase) if phase in PHASES else len(PHASES)


def _rows_of(ledger: Ledger, month: int, names: Mapping[int, str]) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Give the rows of a month as (place, values that are there)."""
    if not _months(ledger):
        return
    mine = np.flatnonzero(ledger["month"] == month)
    others = sorted(n for n in ledger if n not in (*_PLACE, "seed", "arm"))
    columns = {name: ledger[name][mine].tolist() for name in (*_PLACE, *others)}
    for name in label_columns() & columns.keys():
        columns[name] = [_named(value, names) for value in columns[name]]
    for i in range(len(mine)):
        yield tuple(columns[n][i] for n in _PLACE), tuple((n, columns[n][i]) for n in others if columns[n][i] != ABSENT)


def _named(code: int, names: Mapping[int, str]) -> int | str:
    """Put the name in the place of a label's code."""
    name = names.get(code & ((1 << LABEL_BITS) - 1)) if code > 0 else None
    above = code >> LABEL_BITS
    return code if name is None else f"{name}/{above}" if above else name


def _first_row_of_runs(first: Any, second: Any, keys: list[str]) -> dict[str, Any] | None:
    if "events" not in first.tables or "events" not in second.tables:
        return None
    lists, found = [_lists(run.path) for run in (first, second)], []
    for key in keys:
        index, _, arm = key.partition("/")
        row = first_row(_ledger_of(first, int(index), arm), _ledger_of(second, int(index), arm), lists)
        found += [{"seed/arm": key, **row}] if row else []
    return min(found, key=lambda row: (row["month"], _phase(row["mechanism"]), row["mechanism"], row["person"], row["id"])) if found else None


def _lists(folder: Path) -> dict[int, str]:
    """Name the codes of a run's labels; none where the rules cannot be read any more."""
    try:
        return label_names(read_job(folder))
    except InputError:
        return {}


def _ledger_of(run: Any, index: int, arm: str) -> Ledger:
    path = run.path / "events" / f"seed-{index:04d}.parquet"
    table = read_table(path) if path.exists() else {}
    mine = np.flatnonzero(table["arm"] == arm) if table else np.empty(0, np.int64)
    return {name: column[mine] for name, column in table.items()}


def _first_tally(first: Any, second: Any, keys: list[str]) -> dict[str, Any] | None:
    def rows(run: Any) -> dict[tuple[Any, ...], Any]:
        t = run.table("outcomes")
        keep = t["group"] == "all"
        place: Callable[[str], Any] = lambda name: t[name][keep].tolist()  # noqa: E731
        return dict(zip(zip(place("month"), place("seed"), place("arm"), place("outcome"), strict=True), place("value"), strict=True))

    one, two = rows(first), rows(second)
    arms = {k.partition("/")[2] for k in keys}
    differ = sorted(k for k in one.keys() | two.keys() if one.get(k) != two.get(k) and k[2] in arms)
    if not differ:
        return None
    month, seed, arm, outcome = differ[0]
    return {"month": month, "seed": int(seed), "arm": arm, "counter": outcome, "first run": one.get(differ[0]), "second run": two.get(differ[0])}
