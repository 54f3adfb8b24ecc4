"""One arm: its state, its mailboxes, and its plan bound to both. Everything a checkpoint must hold is here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..base import luck
from ..base.errors import InputError, Problem, nearest
from ..base.parameters import alike
from . import kernels
from .access import Cols, NetworkView
from .declare import BLIND_PHASES, EVIDENCE_PHASES, TABLES, Changed, Each, Modifies, Occasions, Pool, Revised, Rows
from .made import Made, codes_in
from .plan import Block, Entry, Plan, build_plan, column_spec, store_spec
from .rows import RowSet
from .stores import OwnedStore, StoreData, StoreView


@dataclass
class Span:
    """A contiguous range of persons, ending at a household border."""

    index: int
    lo: int
    hi: int


NOBODY = np.empty(0, np.int64)

Deliverable = RowSet | Made
"""Rows on their way: fresh ones, whose columns are made when asked for, or rows that waited."""


MANY = 8
"""With so many consumers of a table it pays to look first which kinds and labels occur in rows."""


def bits(flags: np.ndarray) -> int:
    """Pack flags into one integer.

    Example:
        >>> bits(np.arange(256) < 3)
        7
    """
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


EVERY_KIND = bits(np.ones(256, bool))


@dataclass
class Consumer:
    """A mailbox: who takes rows of a table, and which of them."""

    table: str
    wanted: np.ndarray | None
    match: str
    label: int
    prune: tuple[tuple[Any, Any, np.ndarray], ...] = ()
    place: int = 0
    only: tuple[str, ...] | None = None
    rows: list[RowSet] = field(default_factory=list)
    kinds: int = field(init=False)

    def __post_init__(self) -> None:
        self.kinds = EVERY_KIND if self.wanted is None else bits(self.wanted)

    def deliver(self, rows: Deliverable, month: int = 0, maker: int = -1) -> None:
        """Keep the rows this consumer wants, made this month by the plan's entry `maker`; one later in the plan is read next month."""
        month += maker >= self.place
        at = self._mine(rows)
        for k0, k1, limit in self.prune:
            if at is not None and not len(at):
                return
            ids, kinds = rows.column("id", at), rows.column("kind", at)
            word = np.empty(len(ids), np.uint32)
            kernels.philox_ids(ids, np.uint64(month), np.uint64(0), k0, k1, word)
            below = np.flatnonzero(word < limit[kinds])
            at = below if at is None else at[below]
        if len(rows if at is None else at):
            self.rows.append(rows.rows(at, self.only))

    def _mine(self, rows: Deliverable) -> np.ndarray | None:
        """Give the positions of rows of the wanted kinds and label; None for all of them."""
        keep = None
        if self.wanted is not None:
            if rows.one_kind is not None:
                if not self.wanted[rows.one_kind]:
                    return NOBODY
            else:
                keep = self.wanted[rows.column("kind")]
        if self.match:
            mine = rows.column(self.match) == self.label
            keep = mine if keep is None else keep & mine
        return None if keep is None or bool(keep.all()) else np.flatnonzero(keep)

    def collect(self) -> RowSet | None:
        """Empty the mailbox."""
        if not self.rows:
            return None
        waiting, self.rows = self.rows, []
        return RowSet.concat(waiting, self.only is None)


def hand_out(consumers: Sequence[Consumer], rows: Deliverable, month: int, maker: int) -> None:
    """Deliver rows to all consumers of their table; where there are many, those whose kinds or label do not occur are not asked.

    So hundreds of lists cost what their entries cost.
    """
    kinds, labels = EVERY_KIND, {}
    if len(consumers) >= MANY:
        one = rows.one_kind
        kinds = sum(1 << kind for kind in codes_in(rows.column("kind"))) if one is None else 1 << int(one)
        for name in {consumer.match for consumer in consumers if consumer.match}:
            labels[name] = frozenset(np.unique(rows.column(name)).tolist())
    for consumer in consumers:
        if consumer.kinds & kinds and (not consumer.match or not labels or consumer.label in labels[consumer.match]):
            consumer.deliver(rows, month, maker)


@dataclass
class Bound:
    """A plan entry bound to an arm: its columns per span, its luck keys, its mailboxes; `revised` until the month that changed its numbers has run."""

    entry: Entry
    cols: list[Cols]
    keys: Mapping[str, tuple[Any, Any]]
    boxes: dict[int, Consumer]
    touched: dict[int, list[np.ndarray]]
    revised: bool = False
    seconds: float = 0.0
    calls: int = 0


@dataclass
class Society:
    """What all arms of a run share: the world's arrays, spans, group cells, labels and seeds."""

    columns: Mapping[str, np.ndarray]
    networks: Mapping[str, Any]
    rows: Mapping[str, int]
    spans: list[Span]
    cells: np.ndarray
    n_cells: int
    luck_seed: int
    labels: Mapping[str, int]

    @property
    def people(self) -> int:
        """Rows of persons, those not yet born included."""
        return self.rows["persons"]


class Arm:
    """One copy of the society under one regime."""

    def __init__(self, name: str, society: Society) -> None:
        self.name = name
        self.society = society
        self.columns: dict[str, np.ndarray] = {}
        self.stores: dict[str, StoreData] = {}
        self.due: dict[int, list[RowSet]] = {}
        self.plan: Plan | None = None
        self.bound: list[Bound] = []
        self.consumers: dict[str, list[Consumer]] = {}
        self.announced: dict[str, list[np.ndarray]] = {}
        self.tallies: dict[str, np.ndarray] = {}
        self.codes = table_codes()

    def adopt(self, blocks: Mapping[str, Block]) -> None:
        """Bind a month's blocks: build the plan, make the state its owners need, keep what stays, drop what nobody owns."""
        old_boxes = {(b.entry.instance, i): box for b in self.bound for i, box in b.boxes.items()}
        old_touched = {(b.entry.instance, i): rows for b in self.bound for i, rows in b.touched.items()}
        entered = {b.entry.instance: b for b in self.bound}
        plan = build_plan(blocks)
        rows = self.society.rows
        for name, (_, spec) in plan.columns.items():
            if name not in self.columns:
                self.columns[name] = np.full(rows[name.split(".")[0]], spec.initial, spec.dtype)
        self.columns = {name: self.columns[name] for name in plan.columns}
        self.stores = {name: self.stores.get(name) or StoreData(spec) for name, (_, spec) in plan.stores.items()}
        self.plan = plan
        self.bound = []
        self.consumers = {}
        for place, entry in enumerate(plan.entries):
            bound = self._bind(entry, plan)
            for i, box in bound.boxes.items():
                box.place = place
                before = old_boxes.get((entry.instance, i))
                if before is not None:
                    box.rows = before.rows
                self.consumers.setdefault(box.table, []).append(box)
            bound.touched = {i: old_touched.get((entry.instance, i), []) for i in bound.touched}
            old = entered.get(entry.instance)
            bound.seconds, bound.calls = (0.0, 0) if old is None else (old.seconds, old.calls)
            bound.revised = _is_revised(entry, old)
            self.bound.append(bound)
        self._bind_modifiers()

    def _bind(self, entry: Entry, plan: Plan) -> Bound:
        made, society = entry.mechanism, self.society
        spans = society.spans
        if any(isinstance(t, Pool) or of_trigger(t) != "persons" for t in made.on):
            spans = [Span(0, 0, society.people)]
        written = {c.name for c in made.writes}
        tables: dict[str, dict[str, np.ndarray]] = {}
        for name in (*made.reads, *written):
            table, _, column = name.partition(".")
            tables.setdefault(table, {})[column] = self._column(entry, name, name in written)
        blind = made.phase in BLIND_PHASES or made.phase in EVIDENCE_PHASES
        cols = []
        for span in spans:
            stores: dict[str, StoreView] = {s.name: OwnedStore(self.stores[s.name], blind, span.index) for s in made.owns}
            for name in (*made.stores, *(t.store for t in made.on if isinstance(t, Each) and t.store)):
                if name not in stores:
                    stores[name] = StoreView(self._store(entry, name), blind)
            through = [t.through for t in made.on if isinstance(t, Changed) and t.through]
            networks = {name: NetworkView(self._network(entry, name)) for name in (*made.networks, *through)}
            cols.append(Cols(tables, stores, networks, society.labels, entry.label, society.people))
        keys = {d: _key(luck.stream_key(society.luck_seed, f"{entry.instance}/{d}")) for d in made.draws}
        boxes = {i: self._box(entry, t) for i, t in enumerate(made.on) if isinstance(t, Rows | Pool)}
        touched: dict[int, list[np.ndarray]] = {i: [] for i, t in enumerate(made.on) if isinstance(t, Changed)}
        return Bound(entry, cols, keys, boxes, touched)

    def _box(self, entry: Entry, trigger: Rows | Pool) -> Consumer:
        wanted = None
        kinds = trigger.kinds if isinstance(trigger, Rows) else ()
        if kinds:
            codes = getattr(entry.params, kinds) if isinstance(kinds, str) else [kind_code(k) for k in kinds]
            wanted = np.zeros(256, bool)
            wanted[np.asarray(codes, np.int64)] = True
        prune, only = [], None
        if isinstance(trigger, Rows):
            only = trigger.only
            for draw, limit in trigger.prune:
                key = _key(luck.stream_key(self.society.luck_seed, f"{entry.instance}/{draw}"))
                limits = np.broadcast_to(np.asarray(limit(entry.params), np.int64), 256)
                if int(limits.min()) < luck.ONE:
                    prune.append((*key, limits))
        label = self.society.labels.get(entry.label, 0)
        return Consumer(trigger.table, wanted, trigger.match, label, tuple(prune), only=only)

    def _column(self, entry: Entry, name: str, written: bool) -> np.ndarray:
        world = self.society.columns
        if name in self.columns:
            array = self.columns[name]
        elif name in world:
            array = world[name]
        else:
            spec = column_spec(name)
            if spec is None:
                known = {*world, *self.columns}
                raise InputError(Problem(f"'{entry.instance}' reads '{name}', which this world has not", fix=nearest(name, known)))
            return np.broadcast_to(np.asarray(spec.initial, spec.dtype), self.society.rows[name.split(".")[0]])
        if written:
            return array
        view = array[:]
        view.flags.writeable = False
        return view

    def _store(self, entry: Entry, name: str) -> StoreData:
        if name in self.stores:
            return self.stores[name]
        spec = store_spec(name)
        if spec is None:
            raise InputError(Problem(f"'{entry.instance}' reads store '{name}', which no mechanism declares"))
        return StoreData(spec)

    def _network(self, entry: Entry, name: str) -> Any:
        if name not in self.society.networks:
            known = nearest(name, self.society.networks)
            raise InputError(Problem(f"'{entry.instance}' walks network '{name}', which this world has not", fix=known))
        return self.society.networks[name]

    def _bind_modifiers(self) -> None:
        asked: dict[str, list[Any]] = {}
        may_raise: set[str] = set()
        for bound in self.bound:
            for trigger in bound.entry.mechanism.on:
                if isinstance(trigger, Modifies):
                    step, cols, params = bound.entry.mechanism.step, bound.cols[0], bound.entry.params
                    may_raise |= set() if trigger.lowers else {*trigger.quantities}
                    for quantity in trigger.quantities:
                        function = lambda subjects, s=step, c=cols, p=params, q=quantity: s(q, subjects, c, p)  # noqa: E731
                        asked.setdefault(quantity, []).append(function)
        for bound in self.bound:
            for cols in bound.cols:
                cols._modifiers = {q: asked[q] for q in bound.entry.mechanism.quantities if q in asked}
                cols._lowered = frozenset(cols._modifiers) - may_raise
                cols._announced = self.announced

    def fork(self, name: str) -> Arm:
        """Copy state, mailboxes and due rows into a new arm, which adopts its own plan next."""
        other = Arm(name, self.society)
        other.columns = {n: c.copy() for n, c in self.columns.items()}
        other.stores = {n: s.copy() for n, s in self.stores.items()}
        other.due = {m: list(sets) for m, sets in self.due.items()}
        for bound in self.bound:
            boxes = {
                i: Consumer(b.table, b.wanted, b.match, b.label, b.prune, b.place, b.only, list(b.rows))
                for i, b in bound.boxes.items()
            }
            touched = {i: list(rows) for i, rows in bound.touched.items()}
            other.bound.append(Bound(bound.entry, [], {}, boxes, touched))
        return other

    def publish(self, topics: tuple[str, ...]) -> None:
        """Hand what a step announced to every `Changed` trigger, each of which sees it once."""
        for topic in topics:
            subjects = self.announced.pop(topic, None)
            if subjects:
                for bound in self.bound:
                    for i, seen in bound.touched.items():
                        if bound.entry.mechanism.on[i].topic == topic:  # type: ignore[union-attr]
                            seen.extend(subjects)


def _is_revised(entry: Entry, old: Bound | None) -> bool:
    """Tell whether a mechanism that asks for it has other numbers than before, or has just come into force."""
    asks = any(isinstance(trigger, Revised) for trigger in entry.mechanism.on)
    return asks and (old is None or old.revised or not alike(old.entry.params, entry.params))


def _key(key: luck.Key) -> tuple[Any, Any]:
    return np.uint64(key[0]), np.uint64(key[1])


def of_trigger(trigger: Any) -> str:
    """Tell whose rows a trigger hands over: persons or firms. Spans cut persons, so rows about others come in one piece."""
    if isinstance(trigger, Occasions):
        return trigger.of
    if isinstance(trigger, Rows | Pool):
        return TABLES[trigger.table].of if trigger.table in TABLES else "persons"
    spec = store_spec(trigger.store) if isinstance(trigger, Each) and trigger.store else None
    return "persons" if spec is None else spec.of


_KINDS: dict[str, int] = {}


def declare_kinds(names: tuple[str, ...]) -> None:
    """Tell the engine the codes of row kinds, so that triggers can name them."""
    _KINDS.update({name: code for code, name in enumerate(names)})


def kind_code(name: str) -> int:
    if name not in _KINDS:
        raise ValueError(f"unknown kind '{name}'. {nearest(name, _KINDS)}")
    return _KINDS[name]


def table_codes() -> dict[str, int]:
    """Number the declared tables for the `origin` column; 0 is no table."""
    return {name: code for code, name in enumerate(("none", *sorted(TABLES)))}
