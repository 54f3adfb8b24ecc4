"""Contracts of a single step, which `probe.Watch` checks while a trial runs; and those of a declaration alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import CodeType, FunctionType
from typing import Any

from ...engine.declare import TABLES, Column, Mechanism, Store, Table
from .contract import CONTRACTS, STEP, STILL, Contract
from .probe import Finding, unused

PART = 4
"""Letters of a part of a name that code may put together."""

for name, says, invariant in (
    ("runs", "a step never fails, whatever rows wake it", 0),
    ("repeatable", "a step called twice on the same rows says and does the same: no luck, clock or memory of its own", 0),
    ("batch", "a step does not write to the rows that woke it", 0),
    ("declared", "a step uses no topic, quantity or counter that it does not declare (columns, draws and tables the engine refuses by itself)", 0),
    ("truth", "decide, review and enforce say the same whatever the truth behind the same visible rows; evidence declared is left out", 0),
    ("whole", "what a step writes is whole numbers that fit; a modifier answers with one factor a subject, none negative", 0),
    ("monotone", "with one chance raised, what a person's row leads to may change once and never back", 5),
):
    CONTRACTS[name] = Contract(name, says, STEP, invariant)

CONTRACTS["never-draws"] = Contract("never-draws", "decide and recorders declare no draw", STILL)
CONTRACTS["used"] = Contract("used", "what a mechanism declares to read, draw, emit or announce it uses", STILL)


def drawing(made: Mechanism) -> list[Finding]:
    """Find a draw declared where nobody may draw."""
    if made.draws and (made.phase == "measure" or made.phase == "decide"):
        return [Finding("never-draws", made.name, f"it declares the draw '{made.draws[0]}' in phase {made.phase}")]
    return []


def idle(made: Mechanism, used: set[tuple[str, str]]) -> list[Finding]:
    """Find what a mechanism declares, was never seen to use, and does not name in its code either."""
    if ("woken", "woken") not in used:
        return []
    words = _words_of(_parts(made))
    left = [what for what in unused(made, used) if not _spoken_of(what.split("'")[1].rpartition(".")[2], words)]
    unknown = [f"emits to '{name}'" for name in made.emits if name not in TABLES]
    return [Finding("used", made.name, f"it declares and does not use: {', '.join((*left, *unknown))}")] if left or unknown else []


def _spoken_of(name: str, words: frozenset[str]) -> bool:
    """Tell whether code speaks of a name, whole or put together of parts."""
    return name in words or any(len(word) >= PART and (name.startswith(word) or name.endswith(word)) for word in words)


def _parts(made: Mechanism) -> tuple[Any, ...]:
    """Give what a mechanism's code is made of: its step, the functions of its triggers, and the forms it may be told to take."""
    triggers = [value for trigger in made.on for value in vars(trigger).values() if isinstance(value, FunctionType | tuple)]
    fields = made.params.fields().values() if made.params else ()
    return (made.step, *triggers, *(tuple(option) for declared in fields if (option := getattr(declared, "options", ()))))


@cache
def _words_of(parts: tuple[Any, ...]) -> frozenset[str]:
    """List the names and texts in functions and in whatever functions and constants of any module they lead to."""
    found: set[str] = set()
    left: list[Any] = [*parts]
    seen: set[int] = set()
    while left:
        thing = left.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, str):
            found |= {thing, thing.rpartition(".")[2]}
        elif isinstance(thing, tuple | list | frozenset):
            left += thing
        elif isinstance(thing, Mapping):
            left += [*thing, *thing.values()]
        elif isinstance(thing, FunctionType):
            left += [thing.__code__, *(thing.__defaults__ or ()), *(thing.__globals__.get(name) for name in _names_in(thing.__code__))]
            left += [cell.cell_contents for cell in thing.__closure__ or ()]
        elif isinstance(thing, CodeType):
            found |= set(thing.co_names)
            left += thing.co_consts
        elif isinstance(thing, Table | Store | Column):
            found |= {thing.name, thing.name.rpartition(".")[2]}
    return frozenset(found)


def _names_in(code: CodeType) -> set[str]:
    """Name the globals that a function and the functions inside it speak of."""
    inner = (part for part in code.co_consts if isinstance(part, CodeType))
    return set(code.co_names).union(*(_names_in(part) for part in inner))
