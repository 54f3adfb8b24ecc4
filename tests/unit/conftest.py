"""Batches, columns, stores and luck made by hand, so that one step of a mechanism can be computed on paper."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from driven import Driven

from scslab.base.parameters import FACTOR_ONE, Parameters
from scslab.engine.access import Cols, Luck
from scslab.engine.arm import Society
from scslab.engine.batches import Batches, trigger_name
from scslab.engine.declare import REGISTRY, TABLES, Occasions
from scslab.engine.loop import make_spans
from scslab.engine.plan import store_spec
from scslab.engine.rows import Batch, pack_ids
from scslab.engine.stores import OwnedStore, StoreData
from scslab.mechanisms.catalogue import load_all
from scslab.mechanisms.kinds import KIND, RELATION

MONTH = 200


class FixedLuck(Luck):
    """Luck whose words are given per draw: one number for all, or numbers by subject; a draw not given fails the test."""

    def __init__(self, batch: Any, words: dict[str, Any], month: int) -> None:
        super().__init__({}, batch, month)
        self._words = words

    def of(self, batch: Any) -> FixedLuck:
        return FixedLuck(batch, self._words, self._month)

    def key(self, name: str) -> Any:
        """Tell draws apart for `once`; there is no stream behind given words."""
        return name if name in self._words else super().key(name)

    def at(self, name: str, ids: np.ndarray, ordinal: int = 0) -> np.ndarray:
        given = self._words[name]
        if isinstance(given, dict):
            given = [given[int(subject)] for subject in np.asarray(ids) >> 28]
        return np.broadcast_to(np.asarray(given, np.uint32), len(ids)).copy()


def batch(table: str, subjects: Any, month: int = MONTH, **columns: Any) -> Batch:
    """Rows of a table; columns not given are 0, ids follow from subject and position."""
    subject = np.asarray(subjects, np.int64)
    n = len(subject)
    spec = TABLES.get(table)
    types = {"kind": "uint8", "parent": "int64", "id": "int64", **(spec.columns if spec else {}), **(spec.truth if spec else {})}
    data = {name: np.broadcast_to(np.asarray(columns.pop(name, 0), dtype), n).copy() for name, dtype in types.items()}
    if not data["id"].any():
        data["id"] = pack_ids(subject, month, data["kind"], np.arange(n))
    extra = {name: np.asarray(value) for name, value in columns.items()}
    return Batch(table, month, {"subject": subject, **data, **extra}, {"origin_table": np.zeros(n, np.uint8)})


def store(name: str, subjects: Any = (), sub: Any = 0, **columns: Any) -> OwnedStore:
    """A store with some rows."""
    load_all()
    spec = store_spec(name)
    assert spec is not None
    made = OwnedStore(StoreData(spec), False, 0)
    if len(subjects):
        known = {k: v for k, v in columns.items() if k in {**spec.columns, **spec.truth}}
        made.put(batch("", subjects, id=columns.get("id", 0)), sub=sub, **known)
        made._store.apply()
    return made


def each(held: OwnedStore, month: int = MONTH) -> Batch:
    """The batch of an `Each` trigger: every row of a store."""
    data = {name: column for name, column in held._store.data.items() if name not in ("key", "origin")}
    data.setdefault("kind", np.zeros(len(held), np.uint8))
    return Batch(held._store.spec.name, month, {**data, "at": np.arange(len(held))}, {"origin_table": np.zeros(len(held), np.uint8)})


def cols(
    persons: dict[str, Any], stores: tuple[OwnedStore, ...] = (), factors: dict[str, float] | None = None, month: int = MONTH, **tables: Any
) -> Cols:
    """Columns of a few persons; everybody was born 40 years ago, left school at 16 and lives for ever, unless given."""
    n = len(next(iter(persons.values())))
    types = {"birth_month": "int16", "death_month": "int16", "income": "int32", "place": "uint16"}
    full = {"birth_month": [month - 480] * n, "death_month": [32767] * n, "education": [2] * n, **persons}
    made = {name: np.asarray(values, types.get(name, "uint8")) for name, values in full.items()}
    result = Cols({"persons": made, **tables}, {s._store.spec.name: s for s in stores}, {}, {}, "", n)
    result.month = month
    for quantity, factor in (factors or {}).items():
        result._modifiers[quantity] = [lambda subjects, f=factor: np.full(len(subjects), int(f * FACTOR_ONE), np.int64)]
    return result


def meet(rows: Batch, name: str, columns: Cols, kind: str = "") -> Batch:
    """Leave out those who cannot meet the occasion, as screening does."""
    for trigger in REGISTRY[name].on:
        if isinstance(trigger, Occasions) and trigger.able is not None and kind in ("", trigger.kind):
            persons = {f"persons.{c}": v for c, v in columns.persons.__dict__.items() if c != "_table"}
            able = trigger.able(persons, columns.month)[rows.subject]
            return Batch("", rows.month, {n: c[able] for n, c in rows._seen.items()}, {n: c[able] for n, c in rows._hidden.items()})
    return rows


def step(
    name: str, given: Batch | dict[str, Batch], columns: Cols, params: dict[str, Any] | Parameters | None = None, **words: Any
) -> dict[str, list[dict[str, Any]]]:
    """Run one step of a mechanism and list the rows it emits, as dictionaries by table."""
    load_all()
    made = REGISTRY[name]
    if isinstance(given, dict):
        given = {n: meet(rows, name, columns, n) for n, rows in given.items()}
        names = [trigger_name(t) for t in made.on]
        rows: Any = Batches({n: given.get(n, batch(n if n in TABLES else "", [])) for n in names})
        first = next(iter(given.values()))
    else:
        rows = first = meet(given, name, columns)
    p = params if isinstance(params, Parameters) else made.params.compile(params or {}) if made.params else None
    results = made.step(rows, columns, p, FixedLuck(first, words, columns.month)) or []
    found: dict[str, list[dict[str, Any]]] = {}
    for emission in results if isinstance(results, list) else [results]:
        values = {name: np.broadcast_to(np.asarray(v), len(emission.subject)) for name, v in emission.columns.items()}
        for i, subject in enumerate(emission.subject):
            row = {"subject": int(subject), **{name: int(v[i]) for name, v in values.items()}}
            if emission.due is not None:
                row["due"] = int(np.broadcast_to(emission.due, len(emission.subject))[i])
            found.setdefault(emission.table, []).append(row)
    return found


@pytest.fixture
def hand() -> SimpleNamespace:
    """Tools to compute one step of a mechanism by hand."""
    load_all()
    return SimpleNamespace(batch=batch, store=store, each=each, cols=cols, step=step, month=MONTH)


START, N = 240, 12
ADULT_BIRTH = START - 12 * 40
LABELS = {"court": 1, "higher": 2, "limits": 3, "licence": 4, "star": 5, "grade": 6}


class Drive(Driven):
    """A dozen persons in two places, some mechanisms, and rows put into their mailboxes by hand."""

    def __init__(self, blocks, ties=(), spans=1, paired=False, **columns):
        world = {
            "persons.birth_month": np.full(N, ADULT_BIRTH, np.int16),
            "persons.death_month": np.full(N, 32767, np.int16),
            "persons.role": np.full(N, 4, np.uint8),
            "persons.place": np.repeat(np.arange(2, dtype=np.uint16), N // 2),
            "persons.household": np.arange(N, dtype=np.int32),
            "persons.quintile": np.full(N, 2, np.uint8),
            "places.start": np.array([0, N // 2, N], np.int32),
            "places.urban": np.array([0, 1], np.uint8),
        }
        world.update({name.replace("__", "."): np.asarray(value) for name, value in columns.items()})
        edges = sorted((a, b, RELATION.code(r)) for a, b, r in ties)
        offsets = np.searchsorted([a for a, _, _ in edges], np.arange(N + 1)).astype(np.int32) if edges else np.zeros(N + 1, np.int32)
        target = np.array([b for _, b, _ in edges], np.int32)
        kin = SimpleNamespace(kind="csr", offsets=offsets, target=target, relation=np.array([r for *_, r in edges], np.uint8))
        rows = {"persons": N, "places": 2, "households": N}
        society = Society(world, {"kin": kin, "friends": kin}, rows, make_spans(N, None, spans), np.zeros(N, np.uint16), 1, 7, LABELS)
        self.begin(society, blocks, START, 60, paired)

    def count(self, name):
        """Give a counter month by month, trailing zeros left out."""
        found = self.arm.tallies[name][:, 0].tolist() if name in self.arm.tallies else []
        while found and not found[-1]:
            found.pop()
        return found

    def of(self, table, *names):
        """List rows as tuples of (month since the start, columns)."""
        return [(row.month - START, *(getattr(row, name) for name in names)) for row in self.rows[table]]

    def listed(self, label="court"):
        """List who is on a list now."""
        data = self.arm.stores["listings"].data
        return data["subject"][data["list"] == LABELS[label]].tolist()


@pytest.fixture
def drive() -> type[Drive]:
    """Whole months of a few mechanisms among a dozen persons."""
    load_all()
    return Drive


class Town(Driven):
    """Any number of adults in any number of places, some mechanisms, and rows put into their mailboxes by hand."""

    def __init__(self, people, blocks, places=2, spans=1, ties=(), **columns):
        place = np.sort(np.arange(people) % places)
        world = {
            "persons.birth_month": np.full(people, START - 480, np.int16),
            "persons.death_month": np.full(people, 32767, np.int16),
            "persons.sex": np.zeros(people, np.uint8),
            "persons.role": np.zeros(people, np.uint8),
            "persons.place": place.astype(np.uint16),
            "persons.move_month": np.full(people, 32767, np.int16),
            "persons.move_place": np.zeros(people, np.uint16),
            "persons.quintile": np.full(people, 4, np.uint8),
            "places.start": np.searchsorted(place, np.arange(places + 1)).astype(np.int32),
            "places.province": np.zeros(places, np.uint8),
            **{name.replace("__", "."): np.asarray(value) for name, value in columns.items()},
        }
        ties = sorted(ties)
        offsets = np.searchsorted([a for a, _ in ties], np.arange(people + 1)).astype(np.int32) if ties else np.zeros(people + 1, np.int32)
        kin = SimpleNamespace(kind="csr", offsets=offsets, target=np.array([b for _, b in ties], np.int32), relation=np.zeros(len(ties), np.uint8))
        labels = {"platform": 1, "court": 2, "perks": 3}
        rows = {"persons": people, "places": places}
        society = Society(world, {"kin": kin}, rows, make_spans(people, None, spans), np.zeros(people, np.uint16), 1, 7, labels)
        self.begin(society, blocks, START, 120)
        self.rows = {}

    def _keep(self, arm, made, month, instance):
        rows = made.rows()
        self.rows.setdefault(rows.table, []).append({"month": np.full(len(rows), month - START), **rows.data})

    def put(self, table, subject, kind, **columns):
        """Deliver rows of this month, numbered per person and kind."""
        subject = np.sort(np.atleast_1d(np.asarray(subject, np.int64)))
        ordinal = np.arange(len(subject)) - np.searchsorted(subject, subject)
        parent = pack_ids(subject, self.simulation.month, np.full(len(subject), KIND.code(kind), np.uint8), ordinal)
        return super().put(table, subject, kind, **{"id": parent, "parent": parent, **columns})

    def all(self, table, *names):
        """List rows as tuples."""
        sets = self.rows.get(table, [])
        columns = [np.concatenate([s[name] for s in sets]) if sets else np.empty(0, np.int64) for name in names]
        return list(zip(*(c.tolist() for c in columns), strict=True)) if columns else []

    def tally(self, name):
        """Give a counter of the arm over all months."""
        return int(self.arm.tallies[name].sum()) if name in self.arm.tallies else 0


@pytest.fixture
def any_town() -> type[Town]:
    """Whole months of a few mechanisms among any number of persons in any number of places."""
    load_all()
    return Town
