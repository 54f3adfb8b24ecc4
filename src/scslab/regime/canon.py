"""One canonical form of clauses, as plain data, and its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from scslab.base.months import month_text
from scslab.base.strict_yaml import number_text

from .clauses import Clause, Plain, Series, Stated, nested


def clause_data(clause: Clause) -> dict[str, Any]:
    """Return one clause as plain data."""
    made: dict[str, Any] = {}
    if clause.in_force not in (None, (None, None)):
        made["in_force"] = [None if month is None else month_text(month) for month in clause.in_force or ()]
    if clause.status:
        made["status"] = clause.status
    if clause.note:
        made["note"] = clause.note
    for name, stated in sorted(clause.params.items()):
        made[name] = stated_data(stated)
    return made


def stated_data(stated: Stated) -> Any:
    """Return one parameter as plain data."""
    if isinstance(stated, Plain):
        return list(stated.value) if isinstance(stated.value, tuple) else stated.value
    if len(stated) == 1 and not stated[0].prefix:
        return _series_data(stated[0])
    return _by({series.prefix: _series_data(series) for series in sorted(stated, key=lambda series: series.prefix)})


def _by(leaves: Mapping[tuple[str, ...], Any]) -> Any:
    if () in leaves:
        return leaves[()]
    groups: dict[str, dict[tuple[str, ...], Any]] = {}
    for path, data in leaves.items():
        groups.setdefault(path[0], {})[path[1:]] = data
    return {"by": {key: _by(below) for key, below in groups.items()}}


def _series_data(series: Series) -> dict[str, Any]:
    depth = len(series.prefix)

    def table(values: Any) -> Any:
        return nested({path[depth:]: value for path, value in values})

    made: dict[str, Any]
    if series.dates and series.dates[0][0] is None:
        made = {"value": table(series.dates[0][1])}
    else:
        made = {"values": {month_text(month): table(values) for month, values in series.dates if month is not None}}
    made["unit"], made["evidence"] = series.unit, series.evidence
    if series.disputed:
        made["disputed"] = True
    if series.source:
        made["source"] = series.source[0] if len(series.source) == 1 else list(series.source)
    made.update({key: text for key, text in (("at", series.at), ("note", series.note)) if text})
    ranges = dict(series.ranges)
    if ranges:
        shown = {path: list(bounds) for path, bounds in ranges.items()}
        made["range"] = shown[()] if () in shown else nested({path[depth:]: bounds for path, bounds in shown.items()})
    return made


def _exact(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _exact(child) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [_exact(child) for child in value]
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return number_text(value)
    return value


def hash_of(data: Any) -> str:
    """Return the SHA-256 of plain data: keys sorted, numbers as exact decimal text."""
    text = json.dumps(_exact(data), sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
