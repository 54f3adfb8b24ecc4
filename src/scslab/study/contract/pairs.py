"""Contracts that a second trial checks: it differs from the first in what may not matter, or in one thing only."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ...base.errors import InputError
from ...base.parameters import FACTOR_ONE, Number
from ...engine.arm import Society
from ...engine.declare import REGISTRY, TABLES, Each
from ...engine.plan import Block
from ...mechanisms.catalogue import fed_recorders
from ...regime.model import Regime
from .contract import PAIR, contract, mechanism_of, of_difference
from .probe import Finding
from .trace import Trace, first_difference
from .trial import Setting, Trial, rules, run, with_values

NOT_MEASURED: Callable[[str], bool] = lambda name: not name.startswith("measure.")  # noqa: E731


@contract("spans", "the same rows, state and counters however many spans, threads and pieces the people are cut into", PAIR, 4)
def spans(trial: Trial, trace: Trace) -> list[Finding]:
    """Cut the people into spans, on two threads, with screenings and sweeps in small pieces."""
    other = run(trial, Setting(spans=2 + trial.choose("spans", 6), threads=2, tiles=1, block=32 + trial.choose("block", 64)))
    return of_difference("spans", first_difference(trace, other), "in one piece or in several", trace)


@contract("checkpoint", "a trial saved at a month's end and taken up again in a fresh simulation goes on as if nothing had been", PAIR, 4,
          holds_for=lambda trial, trace: trial.months > 1)
def checkpoint(trial: Trial, trace: Trace) -> list[Finding]:
    """Save, restore and go on."""
    with tempfile.TemporaryDirectory() as folder:
        other = run(trial, Setting(checkpoint=1 + trial.choose("checkpoint", trial.months - 1), folder=Path(folder)))
    return of_difference("checkpoint", first_difference(trace, other), "without or with a checkpoint", trace)


@contract("recorders", "without the measure phase, everything but what it counts is the same", PAIR, 4)
def recorders(trial: Trial, trace: Trace) -> list[Finding]:
    """Leave the recorders out."""
    other = run(trial, Setting(recorders=False))
    kept = {c.name for m in REGISTRY.values() if m.phase != "measure" for c in m.writes} | {
        s.name for m in REGISTRY.values() if m.phase != "measure" for s in m.owns
    }
    found = first_difference(trace, other, NOT_MEASURED, kept.__contains__, lambda name: False)
    if found is None:
        return []
    culprit = _culprit(trial, [n for n in trace.plan if n.startswith("measure.")], lambda other: first_difference(
        trace, other, NOT_MEASURED, kept.__contains__, lambda name: False) is not None)  # fmt: skip
    return [replace(one, subject=culprit or one.subject) for one in of_difference("recorders", found, "with or without recorders", trace)]


def _culprit(trial: Trial, names: list[str], differs: Callable[[Trace], bool]) -> str:
    """Find one instance that makes the difference by itself when it is left out."""
    for name in names:
        if differs(run(replace(trial, without=(*trial.without, name)))):
            return mechanism_of(name)
    return ""


@contract("registration", "the order in which mechanisms, tables and rules are registered changes nothing", PAIR, 4)
def registration(trial: Trial, trace: Trace) -> list[Finding]:
    """Register everything in another order."""
    with _reordered(REGISTRY, trial.order("mechanisms", len(REGISTRY))), _reordered(TABLES, trial.order("tables", len(TABLES))):
        other = run(trial, change=lambda blocks, month: _shuffled(blocks, trial.order("blocks", len(blocks))))
    return of_difference("registration", first_difference(trace, other), "registered in one order or another", trace)


def _shuffled(register: dict[str, Any], order: np.ndarray) -> dict[str, Any]:
    names = list(register)
    return {names[i]: register[names[i]] for i in order.tolist()}


@contextmanager
def _reordered(register: dict[str, Any], order: np.ndarray) -> Any:
    before = dict(register)
    _refill(register, _shuffled(before, order))
    try:
        yield
    finally:
        _refill(register, before)


def _refill(register: dict[str, Any], content: dict[str, Any]) -> None:
    register.clear()
    register.update(content)


@contract("absent", "a mechanism that no rule of a trial uses leaves plan, rows, state and counters as if its file were missing", PAIR, 4)
def absent(trial: Trial, trace: Trace) -> list[Finding]:
    """Take every mechanism out of the registry that the plan has not, and the tables that only they declare; then find which of them it was."""
    whole = rules(trial.regimes, trial.reforms)
    needed = _with_owners({clause.mechanism for clause in whole.clauses.values()} | {mechanism_of(name) for name in trace.plan})
    idle = [name for name in REGISTRY if name not in needed]

    def differs(gone: list[str]) -> Any:
        try:
            with _missing(gone):
                other = run(trial)
        except InputError:  # some of those left want some of those gone
            return None
        if other.plan != trace.plan:
            return "plan", sorted({*other.plan} ^ {*trace.plan})
        return first_difference(trace, other)

    found = differs(idle)
    if found is None:
        return []
    while len(idle) > 1:
        halves = idle[: len(idle) // 2], idle[len(idle) // 2 :]
        seen = next(((half, now) for half in halves for now in [differs(half)] if now is not None), None)
        if seen is None:
            break  # it takes several of them together
        idle, found = seen
    what = f"the plan has {', '.join(found[1])} in one case only" if isinstance(found, tuple) else found.words()
    return [Finding("absent", idle[0], f"with or without its file: {what}")]


def _with_owners(names: set[str]) -> set[str]:
    """Add who declares the columns and stores that mechanisms read: without its owner's file a reader cannot be told what is empty."""
    while True:
        read = {thing for name in names for thing in (*REGISTRY[name].reads, *REGISTRY[name].stores)}
        read |= {trigger.store for name in names for trigger in REGISTRY[name].on if isinstance(trigger, Each)}
        more = {m.name for m in REGISTRY.values() if read & ({c.name for c in m.writes} | {s.name for s in m.owns})} - names
        if not more:
            return names
        names = names | more


@contextmanager
def _missing(names: list[str]) -> Any:
    """Take mechanisms out of the registry, and tables that nobody else emits or wakes on."""
    mechanisms, tables = dict(REGISTRY), dict(TABLES)
    for name in names:
        del REGISTRY[name]
    left = {table for made in REGISTRY.values() for table in (*made.emits, *(getattr(t, "table", "") for t in made.on))}
    theirs = {table for name in names for table in mechanisms[name].emits}
    for table in theirs - left:
        TABLES.pop(table, None)
    try:
        yield
    finally:
        _refill(REGISTRY, mechanisms)
        _refill(TABLES, tables)


@contract("groups", "with groups relabelled, the counters of groups change places and nothing else changes", PAIR, 12)
def groups(trial: Trial, trace: Trace) -> list[Finding]:
    """Relabel the group cells; the first stays, because what has no group is counted there."""
    n = trace.society.n_cells
    label = np.concatenate([[0], 1 + trial.order("cells", n - 1)])
    other = run(trial, society=lambda made: replace(made, cells=label[made.cells].astype(made.cells.dtype)))
    other.tallies = {name: array[:, label] for name, array in other.tallies.items()}
    return of_difference("groups", first_difference(trace, other), "with groups relabelled", trace)


ACTING = ("enforce", "respond")
"""Phases whose every number is an effect on people."""

NO_EFFECT = {"probability": 0, "share": 0, "weight": 0, "yearly rate": 0, "factor": FACTOR_ONE, "table": 0}
"""The compiled value without effect, by kind of parameter."""


@contract("null", "with every rule on and every effect zero, people, ties, firms and counters are the same as without the rules", PAIR, 1,
          holds_for=lambda trial, trace: len(_given(rules(trial.regimes, trial.reforms))) > 0)
def null(trial: Trial, trace: Trace) -> list[Finding]:
    """Set every effect to nothing, and compare the society's own rows, state and counters with those of a society without these rules."""
    whole = rules(trial.regimes, trial.reforms)
    given = _given(whole)
    alone = replace(trial, without=tuple(sorted({*trial.without, *(name for name in whole.clauses if name not in given)})))
    one, other = (run(which, change=lambda blocks, month: {n: without_effect(b) for n, b in blocks.items()}) for which in (alone, trial))
    made = {mechanism_of(name) for name in given}
    joined = fed_recorders(sorted(made))
    state = {c.name for name in made for c in REGISTRY[name].writes} | {s.name for name in made for s in REGISTRY[name].owns}
    institutions = {mechanism_of(name) for name in trace.plan} - made - {*joined}
    joined = [name for name in joined if _only_fed_by(name, made, institutions)]
    counted, mine = {name for recorder in joined for name in REGISTRY[recorder].tallies}, {*given, *joined}
    found = first_difference(one, other, mine.__contains__, state.__contains__, lambda name: name.partition(".")[0] in counted)
    return of_difference("null", found, "without these rules, or with their effects at zero", other)


def _given(whole: Regime) -> set[str]:
    """Name the instances of the society itself: what people do and what becomes of them, which no institution states."""
    society = rules(("society",))
    return {name for name in whole.clauses if name in society.clauses and name.partition(".")[0] in ("conduct", "outcome")}


def _only_fed_by(recorder: str, made: set[str], others: set[str]) -> bool:
    """Tell whether what wakes a recorder comes from the society, and from others only where their every number is an effect."""
    tables = {table for name in made for table in REGISTRY[name].emits}
    tables -= {table for name in others if REGISTRY[name].phase not in ACTING for table in REGISTRY[name].emits}
    return all(getattr(trigger, "table", None) in tables for trigger in REGISTRY[recorder].on)


def without_effect(block: Block) -> Block:
    """Set a block's effects on people to nothing: what parameters say is neutral, and in `enforce` and `respond` every number."""
    made = REGISTRY.get(block.mechanism)
    if made is None or made.params is None:
        return block
    changed: dict[str, Any] = {}
    for name, declared in made.params.fields().items():
        value = getattr(block.params, name, None)
        if not isinstance(declared, Number) or value is None:
            continue
        neutral = declared.neutral
        if neutral is None and made.phase in ACTING:
            neutral = NO_EFFECT.get(declared.kind)
        if neutral is not None:
            changed[name] = _filled(value, neutral)
    return Block(block.mechanism, with_values(block.params, changed)) if changed else block


def _filled(value: Any, number: int) -> Any:
    """Give the same shape with one number everywhere."""
    if isinstance(value, tuple):
        return value[0], np.full_like(value[1], number)
    return np.full_like(value, number) if isinstance(value, np.ndarray) else number


def with_columns(society: Society, **columns: np.ndarray) -> Society:
    """Replace columns of persons in a society."""
    return replace(society, columns={**society.columns, **{f"persons.{name}": value for name, value in columns.items()}})
