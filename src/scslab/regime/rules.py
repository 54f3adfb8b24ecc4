"""How each rule of a regime stands: in force, ended, a pilot, proposed, invented; since when and until when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scslab.base.errors import nearest
from scslab.base.months import month_text
from scslab.base.strict_yaml import Node

from .clauses import STATUSES, Clause
from .model import Regime
from .values import Reader

NOT_STATED, BY_RULE = "not stated", "stated by rule"


class RuleRow(NamedTuple):
    """One rule that a regime states itself: a mechanism block, or a rule that its status names in words."""

    rule: str
    held: str
    status: str
    note: str


def rule_rows(regime: Regime) -> list[RuleRow]:
    """List the rules that a regime adds to or changes in what it extends, and how each stands.

    A block without a status of its own has that of the regime, where that is a single one.

    Example:
        >>> from scslab.study.library import load_regime
        >>> [row.status for row in rule_rows(load_regime("scs-mini"))][:1]
        ['invented']
    """
    named = regime.status if isinstance(regime.status, Mapping) else {}
    rows = [RuleRow(rule, "", status, "") for rule, status in _leaves(named)]
    usual = regime.status if isinstance(regime.status, str) and regime.status else NOT_STATED
    before = regime.parent.clauses if regime.parent is not None else {}
    for instance, clause in sorted(regime.clauses.items()):
        if before.get(instance) != clause:
            rows.append(RuleRow(instance, held_words(clause), clause.status or (BY_RULE if named else usual), clause.note))
    return rows


def held_words(clause: Clause) -> str:
    """Write from when to when a block is in force; empty where that is not stated."""
    start, end = clause.in_force or (None, None)
    if start is None and end is None:
        return ""
    return f"{'?' if start is None else month_text(start)} to {'now' if end is None else month_text(end - 1)}"


def _leaves(status: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for rule, value in status.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{rule}: ")
        else:
            yield f"{above}{rule}", str(value)


def read_status(reader: Reader, node: Node | None, what: str = "status") -> Any:
    """Read how rules stand: one status, or one by rule; words may follow it ('ended in 2021', 'in force, by province')."""
    if node is None:
        return ""
    if isinstance(node.value, dict):
        return {rule: read_status(reader, child, f"status of {rule}") for rule, child in node.value.items()}
    text = reader.text(node, what)
    if text and not any(text == status or (text.startswith(status) and not text[len(status)].isalpha()) for status in STATUSES):
        first = " ".join(text.replace(",", " ").replace(";", " ").split()[:2])
        close = nearest(first, STATUSES) or nearest(first.partition(" ")[0], STATUSES)
        reader.problem(node, f"unknown {what} '{text}'", f"it begins with one of {', '.join(STATUSES)}", close)
    return text
