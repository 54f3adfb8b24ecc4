"""What a contract is: a name, what it says, and how it is checked. The contracts themselves stand in the modules beside this one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ...engine.declare import REGISTRY
from .probe import Finding
from .trace import Difference, Trace
from .trial import Trial

STEP, TRACE, PAIR, STILL = "step", "trace", "pair", "declaration"
"""How a contract is checked: at every step, on what a trial left, by a second trial, or on the declaration alone."""


@dataclass(frozen=True)
class Contract:
    """A promise that every mechanism or every set of rules keeps.

    Attributes:
        invariant: its number in docs/contract.md's list of invariants, 0 for the others.
        says: the promise, in one sentence.
        how: STEP, TRACE, PAIR or STILL.
        check: takes a trial and its trace and gives what breaks the contract; None for STEP.
        holds_for: whether the trial has anything to do with it. is_rare: few trials have, so it takes no turns with others.
    """

    name: str
    says: str
    how: str
    invariant: int = 0
    check: Callable[[Trial, Trace], list[Finding]] | None = None
    holds_for: Callable[[Trial, Trace], bool] = lambda trial, trace: True
    is_rare: bool = False


CONTRACTS: dict[str, Contract] = {}
"""Every contract by name, in the order of the documentation."""


def contract(name: str, says: str, how: str, invariant: int = 0, **more: Any) -> Callable[[Any], Any]:
    """Register a contract whose check is the function below."""

    def register(check: Any) -> Any:
        CONTRACTS[name] = Contract(name, says, how, invariant, check, **more)
        return check

    return register


def mechanism_of(instance: str) -> str:
    """Give the mechanism of an instance."""
    return instance.partition(":")[0]


def of_difference(name: str, found: Difference | None, where: str, trace: Trace) -> list[Finding]:
    """Turn a difference into a finding about the mechanism that made it, or about whoever owns the state that differs."""
    if found is None:
        return []
    row = {**found.row, **{f"({key})": value for key, value in found.values.items()}}
    owner = mechanism_of(found.instance) or owner_of(found.what, trace.plan) or "rules"
    return [Finding(name, owner, f"{where}: {found.what}" + (f" by {found.instance}" if found.instance else ""), found.month, row)]


def owner_of(what: str, plan: Iterable[str]) -> str:
    """Name the mechanism that owns the column, store or counter named in a text."""
    named = what.split("'")[1] if "'" in what else ""
    for instance in plan:
        made = REGISTRY.get(mechanism_of(instance))
        if made is None:
            continue
        owned = {c.name for c in made.writes} | {s.name for s in made.owns}
        if named in owned or any(named == t or named.startswith(f"{t}.") for t in made.tallies):
            return made.name
    return ""
