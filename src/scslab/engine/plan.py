"""The plan of a month as data: which mechanisms, in which order, who owns what, who consumes what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Any

from ..base.errors import InputError, Problem, nearest
from .declare import PHASES, REGISTRY, TABLES, Changed, Column, Each, Mechanism, Pool, Rows, Store


@dataclass(frozen=True)
class Block:
    """One mechanism as a regime uses it: instance name and this month's compiled parameters."""

    mechanism: str
    params: Any


@dataclass(frozen=True)
class Entry:
    """One line of the plan."""

    instance: str
    mechanism: Mechanism
    params: Any

    @property
    def label(self) -> str:
        """The part of the instance name after the colon."""
        return self.instance.partition(":")[2]


@dataclass(frozen=True)
class Plan:
    """A month as an ordered tuple of entries, with the owner of each column and store."""

    entries: tuple[Entry, ...]
    columns: Mapping[str, tuple[str, Column]]
    stores: Mapping[str, tuple[str, Store]]

    def table(self) -> list[dict[str, str]]:
        """Give the plan as printable rows: phase, instance, woken by, reads, writes, emits, draws, what it does."""
        rows = []
        for entry in self.entries:
            made = entry.mechanism
            rows.append(
                {
                    "phase": made.phase,
                    "mechanism": entry.instance,
                    "woken by": ", ".join(map(describe_trigger, made.on)),
                    "reads": ", ".join((*made.reads, *made.stores, *made.networks)),
                    "writes": ", ".join((*(c.name for c in made.writes), *(s.name for s in made.owns))),
                    "emits": ", ".join(made.emits),
                    "draws": ", ".join(made.draws),
                    "does": made.doc.splitlines()[0] if made.doc else "",
                }
            )
        return rows


def describe_trigger(trigger: Any) -> str:
    """Write a trigger in words."""
    name = type(trigger).__name__.lower()
    words = {
        "occasions": lambda: f"occasions: {trigger.kind}",
        "rows": lambda: f"rows of {trigger.table}",
        "each": lambda: f"each of {trigger.store}",
        "revised": lambda: f"{'each of ' + trigger.store if trigger.store else 'everybody'} when the numbers change",
        "changed": lambda: f"changed: {trigger.topic}" + (f" through {trigger.through}" if trigger.through else ""),
        "pool": lambda: f"waiting {trigger.table}, by capacity",
        "sweep": lambda: "everybody",
        "modifies": lambda: "asked by " + ", ".join(trigger.quantities),
    }
    return words[name]()


def build_plan(blocks: Mapping[str, Block]) -> Plan:
    """Order the blocks of a regime into a plan.

    Args:
        blocks: instance name -> block.

    Returns:
        The plan: phases in order; inside a phase topological over emits -> on and writes -> reads, then by name.

    Raises:
        InputError: unknown mechanism, two owners of a column or store, a cycle inside a phase.
    """
    problems: list[Problem] = []
    entries = []
    for instance, block in sorted(blocks.items()):
        made = REGISTRY.get(block.mechanism)
        if made is None:
            problems.append(Problem(f"there is no mechanism '{block.mechanism}'", instance, fix=nearest(block.mechanism, REGISTRY)))
        else:
            entries.append(Entry(instance, made, block.params))
            named = {*made.emits, *(t.table for t in made.on if isinstance(t, Rows | Pool))} - TABLES.keys()
            problems += [Problem(f"'{made.name}' names table '{t}', which nobody declares", fix=nearest(t, TABLES)) for t in sorted(named)]
    columns: dict[str, tuple[str, Column]] = {}
    stores: dict[str, tuple[str, Store]] = {}
    for entry in entries:
        owned: Iterable[tuple[dict[str, Any], Any]] = [(columns, c) for c in entry.mechanism.writes]
        for register, thing in (*owned, *((stores, s) for s in entry.mechanism.owns)):
            if thing.name in register:
                other = register[thing.name][0]
                why = "each column and store has one owner"
                problems.append(Problem(f"'{other}' and '{entry.instance}' both own '{thing.name}'", why=why, fix="Leave one of them out"))
            register[thing.name] = (entry.instance, thing)
    if problems:
        raise InputError(*problems)
    ordered: list[Entry] = []
    for phase in PHASES:
        ordered += _topological([e for e in entries if e.mechanism.phase == phase], phase)
    return Plan(tuple(ordered), columns, stores)


def _needs(entry: Entry) -> set[str]:
    made = entry.mechanism
    needs = {f"table:{t.table}" for t in made.on if isinstance(t, Rows | Pool)}
    needs |= {f"store:{t.store}" for t in made.on if isinstance(t, Each) and t.store} | {f"store:{s}" for s in made.stores}
    needs |= {f"column:{c}" for c in made.reads}
    needs |= {f"topic:{t.topic}" for t in made.on if isinstance(t, Changed)}
    lagged = {f"{prefix}:{name}" for name in made.lagged for prefix in ("table", "store", "column", "topic")}
    return needs - lagged


def _gives(entry: Entry) -> set[str]:
    made = entry.mechanism
    gives = {f"table:{t}" for t in made.emits} | {f"topic:{t}" for t in made.touches}
    return gives | {f"column:{c.name}" for c in made.writes} | {f"store:{s.name}" for s in made.owns}


def _topological(entries: list[Entry], phase: str) -> list[Entry]:
    """Order the entries of a phase: of those that wait for nobody the first by name comes next."""
    left = {e.instance: e for e in entries}
    givers: dict[str, set[str]] = {}
    for entry in entries:
        for thing in _gives(entry):
            givers.setdefault(thing, set()).add(entry.instance)
    waits = {e.instance: _waits(e, left, givers) for e in entries}
    blocks: dict[str, list[str]] = {}
    for name, others in waits.items():
        for other in others:
            blocks.setdefault(other, []).append(name)
    ready = [name for name, others in waits.items() if not others]
    heapify(ready)
    done: list[Entry] = []
    while left:
        if not ready:
            names = ", ".join(sorted(left))
            raise InputError(Problem(f"phase '{phase}': {names} wait for each other", fix="Declare one edge `lagged` in one of them"))
        name = heappop(ready)
        done.append(left.pop(name))
        for other in blocks.get(name, ()):
            waits[other].discard(name)
            if not waits[other]:
                heappush(ready, other)
    return done


def _waits(entry: Entry, entries: Mapping[str, Entry], givers: Mapping[str, set[str]]) -> set[str]:
    """Name whom an entry waits for; two instances of one mechanism that feed each other are ordered by name, not a cycle."""
    found = set().union(*(givers.get(thing, ()) for thing in _needs(entry))) - {entry.instance}
    return {name for name in found if entries[name].mechanism is not entry.mechanism or name < entry.instance}


def column_spec(name: str) -> Column | None:
    """Find who declares a state column, whether or not it is in a plan."""
    return next((c for m in REGISTRY.values() for c in m.writes if c.name == name), None)


def store_spec(name: str) -> Store | None:
    """Find who declares a store, whether or not it is in a plan."""
    return next((s for m in REGISTRY.values() for s in m.owns if s.name == name), None)
