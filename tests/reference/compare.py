"""Run one scenario by the engine and by the reference, and tell the first row in which they differ, with what led to it on both sides."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from types import SimpleNamespace
from typing import Any

import numpy as np

from scslab.engine.arm import Society
from scslab.engine.declare import REGISTRY, TABLES
from scslab.engine.events import EventLog
from scslab.engine.loop import Simulation, make_spans
from scslab.engine.plan import Block
from scslab.engine.rows import TooManyRows
from scslab.mechanisms.catalogue import load_all

from . import __path__ as here
from .cycle import Cycle, TooMany
from .scenarios import LABELS, Scenario
from .society import world

for module in iter_modules(here):  # every file of this folder enters its mechanisms
    if not module.name.startswith("test_"):
        import_module(f"{__package__}.{module.name}")

TYPES = {
    "birth_month": "int16", "death_month": "int16", "income": "int32", "household": "int32", "place": "uint16",
    "start": "int32", "urban": "uint8", "wed_month": "int16", "divorce_month": "int16", "wed_partner": "int32", "rate": "uint32",
    "firm": "int32", "size": "int32", "officer": "int32",
    "move_month": "int16", "move_place": "uint16",
}  # fmt: skip
Ledger = dict[tuple[str, int], dict[str, Any]]
"""Rows by (table, id)."""


def compiled(given: Scenario) -> dict[str, Any]:
    """Compile the parameters of each instance, with the tested classes of the package."""
    load_all()
    made = {}
    for instance, plain in given["rules"].items():
        params = REGISTRY[instance.partition(":")[0]].params
        made[instance] = params.compile(plain) if params is not None else None
    return made


def by_engine(given: Scenario) -> tuple[Ledger, dict[str, Any]]:
    """Run a scenario by the engine, every row kept."""
    rules, made = compiled(given), world(given)
    people, start = given["people"], given["start"]
    tables = {table: made[table] for table in ("persons", "places", "households", "firms")}
    columns = {f"{table}.{name}": np.asarray(values, TYPES.get(name, "uint8")) for table, held in tables.items() for name, values in held.items()}
    networks = {name: network(made[name]) for name in ("kin", "friends", "partners")}
    rows = {"persons": people, "places": len(made["places"]["urban"]), "households": max(made["persons"]["household"]) + 1, "firms": len(made["firms"]["size"])}
    society = Society(columns, networks, rows, make_spans(people, None, 1), np.zeros(people, np.uint16), 1, given["seed"], LABELS)
    blocks = blocks_of(given, rules)
    log = EventLog(None)
    simulation = Simulation(society, start, given["months"], 1, log)
    arm = simulation.add("arm", SimpleNamespace(at=lambda month: blocks, change_months=lambda a, b: set()))
    for name in {*made["begin"]} & {*arm.columns}:
        arm.columns[name][:] = made["begin"][name]
    simulation.run(start + given["months"])
    simulation.close()
    return engine_ledger(log.table("arm")), engine_state(arm)


def blocks_of(given: Scenario, rules: dict[str, Any] | None = None) -> dict[str, Block]:
    """Give the blocks of a scenario as the engine wants them."""
    return {name: Block(name.partition(":")[0], p) for name, p in (rules or compiled(given)).items()}


def network(ties: list[list[tuple[int, int]]]) -> SimpleNamespace:
    offsets = np.cumsum([0, *map(len, ties)]).astype(np.int32)
    flat = [tie for mine in ties for tie in mine]
    target, relation = (np.array([tie[k] for tie in flat], kind) for k, kind in ((0, np.int32), (1, np.uint8)))
    return SimpleNamespace(kind="csr", offsets=offsets, target=target, relation=relation)


def engine_ledger(table: dict[str, np.ndarray]) -> Ledger:
    plain = {name: column.tolist() for name, column in table.items()}
    found: Ledger = {}
    for i, (name, row) in enumerate(zip(plain["table"], plain["id"], strict=True)):
        declared = TABLES[name]
        values = {n: plain[n][i] for n in ("subject", "kind", "month", "instance", "parent", "origin", *declared.columns, *declared.truth)}
        assert (name, row) not in found, f"the engine wrote row {row} of {name} twice"
        found[name, row] = values
    return found


def engine_state(arm: Any) -> dict[str, Any]:
    """List what the arm holds in the end: columns, and stores by their rows in order."""
    state: dict[str, Any] = {name: np.asarray(column).tolist() for name, column in arm.columns.items()}
    for name, store in arm.stores.items():
        declared = store.spec
        names = ("subject", "id", *declared.columns, *declared.truth)
        data = {n: np.asarray(store.data[n]).tolist() for n in names}
        state[f"store {name}"] = [tuple(data[n][i] for n in names) for i in range(len(store))]
    return state


def by_reference(given: Scenario) -> tuple[Ledger, dict[str, Any]]:
    """Run a scenario by the reference."""
    cycle = Cycle(world(given), compiled(given), LABELS, given["seed"], given["start"]).run(given["months"])
    found: Ledger = {}
    for row in cycle.rows:
        assert (row.table, row.id) not in found, f"the reference wrote row {row.id} of {row.table} twice"
        found[row.table, row.id] = {
            "subject": row.subject, "kind": row.kind, "month": row.month, "instance": row.instance, "parent": row.parent, "origin": row.origin, **row.columns,
        }  # fmt: skip
    state: dict[str, Any] = dict(cycle.state)
    for name, shelf in cycle.shelves.items():
        state[f"store {name}"] = [(r.subject, r.id, *(r.columns[n] for n in shelf.names)) for r in shelf.all()]
    return found, state


def refused(run: Callable[[Scenario], tuple[Ledger, dict[str, Any]]], given: Scenario) -> tuple[Ledger, dict[str, Any]] | str:
    """Run a scenario; where somebody would have more rows than ids can tell apart: the month, mechanism and table."""
    try:
        return run(given)
    except TooMany as refusal:
        return " ".join(refusal.args)
    except TooManyRows as refusal:
        return " ".join([refusal.problems[0].where, *re.findall("'(.+?)'", refusal.problems[0].what)])


def told_end(found: object) -> str:
    """Say how a run ended."""
    return f"refuses ({found})" if isinstance(found, str) else "runs to the end"


def difference(given: Scenario) -> str:
    """Compare the two; give an empty text, or the first difference in words. Rules that one refuses to go on with must be refused by both."""
    engine, reference = refused(by_engine, given), refused(by_reference, given)
    if isinstance(engine, str) or isinstance(reference, str):
        return "" if engine == reference else f"engine {told_end(engine)}, reference {told_end(reference)}"
    (theirs, their_state), (ours, our_state) = engine, reference
    keys = sorted({*theirs, *ours}, key=lambda k: ((theirs.get(k) or ours.get(k) or {})["month"], place((theirs.get(k) or ours.get(k) or {})["instance"]), k))
    for key in keys:
        if theirs.get(key) != ours.get(key):
            return told(key, theirs, ours)
    for name in sorted({*their_state, *our_state}):
        if their_state.get(name) != our_state.get(name):
            a, b = their_state.get(name, []), our_state.get(name, [])
            at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
            return f"in the end {name} differs at {at}: engine {a[at : at + 1]}, reference {b[at : at + 1]}"
    return ""


def place(instance: str) -> int:
    phases = ("conduct", "observe", "record", "decide", "review", "enforce", "respond", "outcome", "measure")
    return phases.index(instance.partition(".")[0])


def told(key: tuple[str, int], theirs: Ledger, ours: Ledger) -> str:
    """Tell a differing row on both sides, with its chain of causes."""
    lines = [f"row {key[1]} of {key[0]} differs"]
    for side, ledger in (("engine", theirs), ("reference", ours)):
        lines.append(f"  {side}:")
        now, seen = key, set()
        while now in ledger and now not in seen:
            seen.add(now)
            lines.append(f"    {now[0]} {ledger[now]}")
            now = (ledger[now]["origin"], ledger[now]["parent"])
        if key not in ledger:
            lines.append("    has no such row")
    return "\n".join(lines)


def minimised(given: Scenario, tries: int = 200) -> Scenario:
    """Leave out mechanisms, months and persons for as long as some difference stays."""

    def fails(candidate: Scenario) -> bool:
        try:
            return bool(difference(candidate))
        except (AssertionError, KeyError, ValueError):
            return False

    for months in range(1, given["months"]):
        if fails({**given, "months": months}):
            given = {**given, "months": months}
            break
    for instance in list(given["rules"]):
        fewer = {**given, "rules": {n: p for n, p in given["rules"].items() if n != instance}}
        tries -= 1
        if tries > 0 and fails(fewer):
            given = fewer
    return given
