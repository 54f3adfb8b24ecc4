"""One canonical form of a regime: its hash, its YAML for run folders, and the difference of two."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from scslab.base.months import month_text
from scslab.base.parameters import Number
from scslab.base.strict_yaml import dump, number_text

from .model import Clause, Plain, Regime, Series, Stated, nested


def canonical(regime: Regime) -> dict[str, Any]:
    """Return the content of a regime as plain data, complete and without its parent; `load_regime` reads it back."""
    made: dict[str, Any] = {"schema": 1, "name": regime.name, "title": regime.title, "kind": regime.kind}
    made["period"] = regime.period if regime.period != "month" else ""
    made["lineage"], made["reforms"] = list(regime.lineage), list(regime.reforms)
    made["as_of"] = None if regime.as_of is None else month_text(regime.as_of)
    made["estimand"], made["warm_up_months"] = regime.estimand, regime.warm_up_months
    made["scope"], made["status"], made["notes"] = dict(regime.scope), regime.status, regime.notes
    made["about"] = dict(regime.about)
    made["references"] = {name: dict(about) for name, about in sorted(regime.references.items())}
    made["mechanisms"] = {name: clause_data(clause) for name, clause in sorted(regime.clauses.items())}
    made["cases"] = [dict(case) for case in regime.cases]
    return {key: value for key, value in made.items() if value not in (None, "", [], {}) or key == "mechanisms"}


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


def content_hash(regime: Regime) -> str:
    """Return the hash of a regime's canonical form."""
    return hash_of(canonical(regime))


def to_yaml(regime: Regime) -> str:
    """Write a regime whole, with its parent and reforms merged in; loading the text gives the same hash.

    Example:
        >>> from scslab.study.library import load_regime
        >>> to_yaml(load_regime("court-list")).splitlines()[1]
        'name: court-list'
    """
    return dump(canonical(regime))


class DiffRow(NamedTuple):
    """One difference: a block, a choice of form, or a number, before and after (None where absent)."""

    instance: str
    param: str
    key: str
    month: str
    before: str | None
    after: str | None


def diff(a: Regime, b: Regime) -> list[DiffRow]:
    """List what differs between two regimes.

    Args:
        a: the regime before.
        b: the regime after.

    Returns:
        Rows sorted by instance and parameter; a block present in one only is one row.

    Example:
        >>> from scslab.study.library import load_regime
        >>> from scslab.mechanisms.catalogue import catalogue
        >>> from scslab.regime import apply_reforms, load_reform
        >>> plain = load_regime("court-list")
        >>> sorted({row.instance for row in diff(plain, apply_reforms(plain, [load_reform("fixed-expiry", catalogue())]))})
        ['decide.binary_list:court', 'decide.local_list:limits']
    """
    rows: list[DiffRow] = []
    for instance in sorted({*a.clauses, *b.clauses}):
        old, new = a.clauses.get(instance), b.clauses.get(instance)
        if old is None or new is None:
            rows.append(DiffRow(instance, "", "", "", None if old is None else "present", None if new is None else "present"))
            continue
        before, after = _flat(a, old), _flat(b, new)
        for key in sorted({*before, *after}):
            if before.get(key) != after.get(key):
                rows.append(DiffRow(instance, *key, before.get(key), after.get(key)))
    return rows


def _flat(regime: Regime, clause: Clause) -> dict[tuple[str, str, str], str]:
    start, end = clause.in_force or (None, None)
    words = [month_text(month) if month is not None else "open" for month in (start, end)]
    found = {("in_force", "", ""): " to ".join(words), ("status", "", ""): clause.status}
    declared = regime.catalogue[clause.mechanism].fields()
    for name, stated in clause.params.items():
        if isinstance(stated, Plain):
            found[name, "", ""] = ", ".join(stated.value) if isinstance(stated.value, tuple) else str(stated.value)
            continue
        for series in stated:
            for month, values in series.dates:
                for path, value in values:
                    key = name, "/".join(path), "" if month is None else month_text(month)
                    found[key] = "never" if value is None else number_text(value)
    for name, parameter in declared.items():
        if name not in clause.params and not isinstance(parameter, Number) and not parameter.required:
            default = parameter.default
            found[name, "", ""] = ", ".join(default) if isinstance(default, (tuple, list)) else str(default)
    return found
