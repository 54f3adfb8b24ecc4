"""What differs between two regimes."""

from __future__ import annotations

from typing import NamedTuple

from scslab.base.months import month_text
from scslab.base.parameters import Number
from scslab.base.strict_yaml import number_text

from .clauses import Clause, Plain
from .model import Regime


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
