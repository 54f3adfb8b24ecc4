"""The contract about numbers: whole places, with their households and people, under other numbers."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from ...base import luck
from ...engine import kernels
from ...engine.arm import Society
from ...engine.batches import Met, Screening
from ...engine.declare import REGISTRY, TABLES, Mechanism, Pool
from ...engine.plan import store_spec
from ...mechanisms.sites import SITE
from .contract import PAIR, contract, mechanism_of, of_difference
from .persons import of_whom, ties_in
from .probe import Finding
from .trace import PEOPLE, Trace, first_difference
from .trial import Trial, run


@contract("permuted", "whole places and their people under other numbers, with attributes and ties: the outputs are the same under those numbers", PAIR, 12,
          holds_for=lambda trial, trace: trace.society.rows["places"] > 1)
def permuted(trial: Trial, trace: Trace) -> list[Finding]:
    """Number places, households and persons anew, with luck that knows no numbers, and compare row by row.

    Luck is keyed by a person's number, so it is dealt here by draw and month alone: the same word for everybody, and whoever is picked out of the
    whole world is picked under the old numbers. Queues and rations, which settle ties by number, are left out; so is which of several equal causes a
    row names, and which of several reports of a month came first.
    """
    ration = [name for name in trace.plan if _by_number(REGISTRY[mechanism_of(name)])]
    alike = replace(trial, without=tuple(sorted({*trial.without, *ration})))
    places = trial.order("places", trace.society.rows["places"])
    places = places[::-1] if (places == np.arange(len(places))).all() else places
    new = numbers(trace.society, places)
    with _same_luck_for_all(np.arange(len(new["persons"]))):
        one = run(alike)
    with _same_luck_for_all(new["persons"]):
        other = run(alike, society=lambda made: renumbered(made, new))
    _back(other, new)
    for trace in (one, other):
        _causeless(trace)
    return of_difference("permuted", first_difference(one, other), "under other numbers", one)


def _by_number(made: Mechanism) -> bool:
    """Tell whether a mechanism goes by numbers: it rations, is about firms, is told a person's or a place's number, or orders rows by numbers alone."""
    firms = any(of_whom(trigger) == "firms" for trigger in made.on)
    numbered = made.params is not None and any(one.unit == "id" or SITE in one.by for one in made.params.fields().values())
    return any(isinstance(t, Pool) for t in made.on) or firms or numbered or made.name in UNORDERED


UNORDERED = ("decide.score_spill", "enforce.contagion", "measure.components")
"""Hands a person several rows of one kind that only the numbers of their causes tell apart, and what follows names one of them (the last spilled change,
the first exposure); counts a part of a network where its person of the lowest number belongs.
"""


def numbers(society: Society, places: np.ndarray) -> dict[str, np.ndarray]:
    """Give the new numbers of places, households and persons when places stand in this order; those not yet born keep theirs."""
    start, homes = society.columns["places.start"].astype(np.int64), society.columns["households.start"].astype(np.int64)
    order = {"places": places, "households": _in_order(np.searchsorted(homes, start), places), "persons": _in_order(start, places)}
    made = {table: np.arange(society.people if table == "persons" else len(old)) for table, old in order.items()}
    for table, old in order.items():
        made[table][old] = np.arange(len(old))
    return made


def _in_order(start: np.ndarray, places: np.ndarray) -> np.ndarray:
    """List what lies in places, place by place."""
    return np.concatenate([np.arange(int(start[p]), int(start[p + 1])) for p in places])


def renumbered(society: Society, new: dict[str, np.ndarray]) -> Society:
    """Give the same society with places, households and persons under new numbers."""
    columns, who = dict(society.columns), new["persons"]
    for name, values in society.columns.items():
        table, _, column = name.partition(".")
        if column == "start":
            size = np.diff(values)[np.argsort(new[table])]
            columns[name] = np.concatenate([[0], np.cumsum(size)]).astype(values.dtype)
            continue
        value = {"place": new["places"], "move_place": new["places"], "household": new["households"]}.get(column)
        moved = values if value is None else value[values].astype(values.dtype)
        if column in ("wed_partner", "officer"):
            moved = np.where(values >= 0, who[values], values).astype(values.dtype)
        columns[name] = moved
        if table in new:
            columns[name] = np.empty_like(moved)
            columns[name][new[table]] = moved
    cells = np.empty_like(society.cells)
    cells[who] = society.cells
    networks = _Networks(society.networks, who)
    return replace(society, columns=columns, cells=cells, networks=networks)


class _Networks(dict[str, Any]):
    """Networks under other numbers, made when walked; that of firms stays."""

    def __init__(self, inner: Any, who: np.ndarray) -> None:
        super().__init__()
        self._inner, self._who = inner, who

    def __contains__(self, name: object) -> bool:
        return name in self._inner

    def __missing__(self, name: str) -> Any:
        inner = self._inner[name]
        if name == "partners":
            return inner
        ties: list[Any] = [np.empty(0, np.int64)] * len(self._who)
        codes: list[Any] = [np.empty(0, np.uint8)] * len(self._who)
        for person in range(ties_in(inner)):
            ties[self._who[person]] = self._who[inner.neighbours(person)]  # in the same order: who is the third friend is a matter of luck
            if inner.relation is not None:
                codes[self._who[person]] = inner.relation[inner.offsets[person] : inner.offsets[person + 1]]
        offsets = np.concatenate([[0], np.cumsum([len(t) for t in ties])]).astype(np.int32)
        relation = None if inner.relation is None else np.concatenate(codes)
        target = np.concatenate(ties).astype(np.int32) if inner.kind == "csr" else np.stack(ties).astype(np.int32)
        self[name] = made = replace(inner, kind="csr" if inner.kind == "csr" else "regular", offsets=offsets if inner.kind == "csr" else inner.offsets,
                                    target=target, relation=relation)  # fmt: skip
        return made


@contextmanager
def _same_luck_for_all(who: np.ndarray) -> Any:
    """Deal words by draw and month alone, the same to everybody, whatever their new numbers (`who`)."""
    old = np.argsort(who)
    kept = {name: getattr(kernels, name) for name in ("philox_ids", "pick_members")}
    screen = Screening._screen

    def word(month: Any, ordinal: Any, k0: Any, k1: Any) -> int:
        return int(luck.words((int(k0), int(k1)), np.zeros(1, np.int64), 0, int(month), int(ordinal))[0])

    def philox_ids(ids: Any, month: Any, ordinal: Any, k0: Any, k1: Any, out: np.ndarray) -> None:
        out[:] = word(month, ordinal, k0, k1)

    def pick_members(start: Any, size: Any, keyed: int, ids: Any, month: Any, k0: Any, k1: Any, unless: Any, out: Any) -> None:
        world = (start == 0) & (size == len(who)) & (unless >= 0)
        kept["pick_members"](start, size, keyed, np.zeros(len(ids), np.int64), month, k0, k1, np.where(world, old[np.maximum(unless, 0)], unless), out)
        out[:] = np.where(world & (out >= 0), who[np.maximum(out, 0)], out)

    def met(self: Screening, people: int, key: Any, limit: int, limits: Any, table: Any, classes: Any, able: Any) -> Met:
        below = table[classes] if table is not None else limits if limits is not None else np.full(people, limit)
        one = word(self.month, 0, *key)
        who = np.flatnonzero((one < below[:people].astype(np.int64)) & (True if able is None else able[:people] != 0))
        return Met(who, np.full(len(who), one, np.uint32))

    kernels.philox_ids, kernels.pick_members, Screening._screen = philox_ids, pick_members, met  # type: ignore[assignment]
    try:
        yield
    finally:
        kernels.philox_ids, kernels.pick_members, Screening._screen = kept["philox_ids"], kept["pick_members"], screen  # type: ignore[method-assign]


def _causeless(trace: Trace) -> None:
    """Leave out which of several equal causes rows name, for that goes by number; and marks that a mechanism keeps under the number 0."""
    for key, rows in trace.rows.items():
        trace.rows[key] = _sorted({name: values for name, values in rows.items() if name not in (*BY_NUMBER, *FIRST.get(key[2], ()))})
    for name, data in list(trace.stores.items()):
        spec = store_spec(name)
        if spec is not None and not spec.columns and not spec.truth and len(data["subject"]) == 1:
            del trace.stores[name]
        else:
            kept = {n: values for n, values in data.items() if n not in ("id", "origin")}
            trace.stores[name] = _sorted({n: values for n, values in kept.items() if n != "key"}) if name in KEYED_APART else kept


def _sorted(rows: Any) -> Any:
    order = np.lexsort(tuple(rows[name] for name in sorted(rows)))
    return {name: values[order] for name, values in rows.items()}


def _back(trace: Trace, new: dict[str, np.ndarray]) -> None:
    """Write a trace of renumbered people under their old numbers."""
    old = np.argsort(new["persons"])
    for key, rows in trace.rows.items():
        trace.rows[key] = _renamed(rows, old, TABLES[key[2]].of, TABLES[key[2]].columns)
    for name, data in trace.stores.items():
        spec = store_spec(name)
        assert spec is not None
        trace.stores[name] = _renamed(data, old, spec.of, spec.columns, spec.sub_bits)
    for name, column in trace.columns.items():
        order = new.get(name.partition(".")[0])
        if order is not None:
            trace.columns[name] = column[order]


BY_NUMBER = ("id", "parent", "origin")
FIRST = {"upheld_tips": ("first", "reward")}
"""Columns that say which of several rows came first, which goes by number."""

KEYED_APART = ("national_copies",)
"""Stores of persons whose sub keys say how far two persons' numbers lie apart (`mechanisms.common.copy_key`)."""

PAIR_BITS = 31
"""With so many bits the second part of a key is a person."""

ROW_IDS = ("id", "parent", "record", "entry", "debt")
"""Columns that hold the id of a row about a person."""


def _renamed(rows: Any, old: np.ndarray, of: str, columns: Any, sub_bits: int = 0) -> Any:
    if of != "persons":
        return rows
    made = dict(rows)
    made["subject"] = old[rows["subject"]]
    for name in ROW_IDS:
        if name in rows and rows[name].dtype == np.int64:
            values = rows[name]
            number = np.where(values < 0, ~values, values)  # a file's number stands as its complement in the master database
            subject = number >> 28
            known = (number > 0) & (subject < len(old))
            moved = (old[np.where(known, subject, 0)] << 28) | (number & ((1 << 28) - 1))
            made[name] = np.where(known, np.where(values < 0, ~moved, moved), values)
    for name in PEOPLE:
        if name in rows:
            values = rows[name].astype(np.int64)
            made[name] = np.where(values >= 0, old[np.maximum(values, 0)], values).astype(rows[name].dtype)
    if "key" in rows:
        low = rows["key"] & ((1 << sub_bits) - 1)
        if sub_bits >= PAIR_BITS:
            low = old[low]
        made["key"] = (made["subject"] << sub_bits) | low
    order = np.lexsort((made["id"], made.get("key", made["id"])))
    return {name: values[order] for name, values in made.items()}
