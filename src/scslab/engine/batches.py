"""From trigger to batch: how the rows that wake a mechanism are found, per span."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from ..base import luck
from ..base.exact import FACTOR_ONE, places_this_month
from . import kernels
from .arm import Arm, Bound, Society, Span, _key, kind_code, of_trigger
from .declare import BLIND_PHASES, EVIDENCE_PHASES, TABLES, Changed, Each, Occasions, Pool, Revised, Rows, Sweep
from .rows import Batch, RowSet, SubjectBatch, empty_rows, pack_ids
from .stores import spread

GROUP_TILES = 64
"""Tiles screened per kernel call: bounds the buffer, keeps the call overhead out of sight."""

SWEEP_BLOCK = 1 << 18
"""Rows per block of a sweep: large enough for NumPy, small enough for the cache."""

DENSE_SHARE = 2
"""A `Changed` trigger sweeps everybody when more than one in so many persons would be looked at."""

NO_LIMITS, NO_MASK = np.empty(0, np.uint32), np.empty(0, np.uint8)

Runner = Callable[[list[Callable[[], Any]]], list[Any]]
"""Runs thunks, in order or on threads, and returns their results in order."""


@dataclass(slots=True)
class Met:
    """Those who meet an occasion in a month, in order of id, and the words that say so; what one arm works out about them serves the others."""

    subject: np.ndarray
    word: np.ndarray
    id: np.ndarray | None = None
    drawn: dict[Any, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.subject)


class Screening:
    """Occasions of one month, screened once for all arms."""

    def __init__(self, society: Society, month: int, run: Runner) -> None:
        self.society = society
        self.month = month
        self.run = run
        self._found: dict[tuple[Any, ...], Met] = {}
        self._masks: dict[Any, np.ndarray] = {}

    def rows(self, trigger: Occasions, bound: Bound) -> Met:
        """Give the persons who meet the occasion."""
        params, world = bound.entry.params, self.society.columns
        limit = 0 if trigger.column else int(getattr(params, trigger.rate))
        table = None
        if trigger.share is not None:
            table = ((np.asarray(trigger.share(params), np.int64) * limit) >> 31).astype(np.uint32)
            limit = int(table.max())
        index = (trigger.of, trigger.kind, limit, trigger.column, b"" if table is None else table.tobytes(), trigger.able)
        if index not in self._found:
            key = _key(luck.stream_key(self.society.luck_seed, f"occasion/{trigger.kind}"))
            limits = world[trigger.column] if trigger.column else None
            classes = None if table is None else world[trigger.trait]
            people = self.society.rows.get(trigger.of, 0)
            self._found[index] = self._screen(people, key, limit, limits, table, classes, self._able(trigger))
        return self._found[index]

    def _able(self, trigger: Occasions) -> np.ndarray | None:
        """Tell for everybody who can meet an occasion at all; asked once a month for all arms and occasions."""
        if trigger.able is None:
            return None
        if trigger.able not in self._masks:
            self._masks[trigger.able] = np.asarray(trigger.able(self.society.columns, self.month)).view(np.uint8)
        return self._masks[trigger.able]

    def _screen(self, people: int, key: tuple[Any, Any], limit: int, *columns: Any) -> Met:
        if people == 0 or (columns[0] is None and limit == 0):
            return Met(np.empty(0, np.int64), np.empty(0, np.uint32))
        tiles = -(-people // kernels.TILE)
        threads = len(self.society.spans)
        cuts = [tiles * i // threads for i in range(threads + 1)]
        parts = self.run([lambda a=a, b=b: self._part(a, b, people, key, limit, *columns) for a, b in zip(cuts, cuts[1:], strict=False) if b > a])
        subject, word = (np.concatenate([piece for pieces in half for piece in pieces]) for half in zip(*parts, strict=True))
        return Met(subject, word)

    def _part(self, first: int, last: int, people: int, key: Any, limit: int, limits: Any, table: Any, classes: Any, able: Any) -> tuple[list[Any], list[Any]]:
        size = min(GROUP_TILES, last - first) * kernels.TILE
        row, word = np.empty(size, np.int64), np.empty(size, np.uint32)
        rows, words = [], []
        mask = (NO_MASK if able is None else able, able is not None, row, word)
        for tile in range(first, last, GROUP_TILES):
            where = (tile, min(GROUP_TILES, last - tile), people, np.uint64(self.month), *key, np.uint32(limit))
            if table is not None:
                n = kernels.screen_classes(*where, table, classes, *mask)
            else:
                n = kernels.screen_tiles(*where, NO_LIMITS if limits is None else limits, limits is not None, *mask)
            rows.append(row[:n].copy())
            words.append(word[:n].copy())
        return rows, words


def _split(table: str, month: int, data: dict[str, np.ndarray], blind: bool, origin: int | np.ndarray, of: str = "persons") -> Batch:
    """Make a batch, with truth columns hidden where the phase is blind."""
    of = TABLES[table].of if table in TABLES else of
    truth = TABLES[table].truth if blind and table in TABLES else {}
    seen = {name: column for name, column in data.items() if name not in truth} if truth else dict(data)
    hidden = {name: data[name] for name in truth}
    hidden["origin_table"] = spread(np.asarray(origin, np.uint8), len(data["subject"]))
    return Batch(table, month, seen, hidden, of)


class BatchMaker:
    """Builds the batches of one arm and month."""

    def __init__(self, arm: Arm, month: int, screening: Screening) -> None:
        self.arm = arm
        self.month = month
        self.screening = screening
        self.codes = arm.codes

    def ready(self, bound: Bound) -> list[Any] | None:
        """Find what wakes a mechanism; None when nothing does, else one source per trigger."""
        sources: list[Any] = []
        awake = False
        for i, trigger in enumerate(bound.entry.mechanism.on):
            source: Any = None
            if isinstance(trigger, Occasions):
                source = self.screening.rows(trigger, bound)
                awake |= len(source) > 0
            elif isinstance(trigger, Rows):
                source = bound.boxes[i].collect()
                awake |= source is not None
            elif isinstance(trigger, Pool):
                source = self._from_pool(bound, bound.boxes[i], trigger)
                awake |= source is not None
            elif isinstance(trigger, Each):
                due = bound.revised if isinstance(trigger, Revised) else self.month % trigger.every == 0
                store = self.arm.stores.get(trigger.store)
                source = store if due and store is not None and len(store) else "sweep" if due and not trigger.store else None
                awake |= source is not None
            elif isinstance(trigger, Changed):
                source = self._changed(bound, trigger, i)
                awake |= source is not None
            elif isinstance(trigger, Sweep):
                source = "sweep" if self.month % trigger.every == 0 else None
                awake |= source is not None
            sources.append(source)
        bound.revised = False
        return sources if awake else None

    def _from_pool(self, bound: Bound, box: Any, trigger: Pool) -> RowSet | None:
        waiting = box.collect()
        if waiting is None:
            return None
        key = _key(luck.stream_key(self.arm.society.luck_seed, f"{bound.entry.instance}/queue"))
        word = np.empty(1, np.uint32)
        kernels.philox_ids(np.zeros(1, np.int64), np.uint64(self.month), np.uint64(0), key[0], key[1], word)
        capacity = places_this_month(int(getattr(bound.entry.params, trigger.capacity)) * FACTOR_ONE, self.arm.society.people, int(word[0]))
        if len(waiting) <= capacity:
            return waiting
        ids = waiting.data["id"]
        word = np.empty(len(ids), np.uint32)
        kernels.philox_ids(ids, np.uint64(0), np.uint64(0), key[0], key[1], word)
        order = np.lexsort((ids, word, (ids >> 16) & 0xFFF))
        chosen = np.zeros(len(ids), bool)
        chosen[order[:capacity]] = True
        box.rows.append(waiting.take(~chosen))
        return waiting.take(chosen) if capacity else None

    def _changed(self, bound: Bound, trigger: Changed, index: int) -> Any:
        lists, bound.touched[index] = bound.touched[index], []
        if not lists:
            return None
        subjects = np.concatenate(lists) if len(lists) > 1 else lists[0]
        if not len(subjects):
            return None
        people = self.arm.society.people
        network = getattr(bound.cols[0].networks, trigger.through) if trigger.through else None
        reach = len(subjects) if network is None else network.reach(len(subjects))
        if reach * DENSE_SHARE > people and people > 4096:
            return "sweep"
        flag = np.zeros(-(-people // 64) * 64, np.uint8)
        column, limit = np.empty(0, np.int32), 0
        if trigger.column and trigger.reach is not None:
            cols = bound.cols[0]
            cols.month = self.month
            column, limit = self.arm.columns[trigger.column], trigger.reach(cols, bound.entry.params)
        if network is None:
            flag[subjects] = 1
        else:
            network.mark(subjects, flag, column, limit)
        return flag

    def size(self, sources: list[Any]) -> int:
        """Estimate how many rows a step will look at."""
        sizes = {str: lambda s: self.arm.society.people, np.ndarray: lambda s: len(s) // 64}
        return sum(sizes.get(type(s), len)(s) for s in sources if s is not None)

    def batches(self, bound: Bound, sources: list[Any], span: Span) -> list[Any]:
        """Build the batch (or, with several triggers, the named batches) of one span; a list because sweeps come in blocks."""
        triggers = bound.entry.mechanism.on
        evidence = bound.entry.mechanism.evidence
        if len(triggers) == 1:
            made = self._one(bound, triggers[0], sources[0], span)
            for batch in made:
                batch._evidence = evidence
            return made
        named = {}
        for trigger, source in zip(triggers, sources, strict=True):
            found = self._one(bound, trigger, source, span, whole=True)
            named[trigger_name(trigger)] = found[0] if found else self._empty(trigger, bound)
        for batch in named.values():
            batch._evidence = evidence
        return [Batches(named)] if any(len(b) for b in named.values()) else []

    def _empty(self, trigger: Any, bound: Bound) -> Batch:
        blind = _is_blind(bound)
        if isinstance(trigger, Rows | Pool):
            return _split(trigger.table, self.month, _no_rows(trigger.table), blind, 0)
        nobody = np.empty(0, np.int64)
        data = {"subject": nobody, "id": nobody, "kind": np.empty(0, np.uint8)}
        return _split("", self.month, data, blind, 0, of_trigger(trigger))

    def _one(self, bound: Bound, trigger: Any, source: Any, span: Span, whole: bool = False) -> list[Batch]:
        if source is None:
            return []
        blind = _is_blind(bound)
        if isinstance(trigger, Rows | Pool):
            data = source.data
            if span.hi - span.lo < self.arm.society.people:
                data = source.take(_within(data["subject"], span, not isinstance(trigger, Rows) or trigger.only is None)).data
            return [_split(trigger.table, self.month, data, blind, self.codes[trigger.table])] if len(data["subject"]) else []
        if isinstance(trigger, Occasions):
            a, b = np.searchsorted(source.subject, [span.lo, span.hi]).tolist()
            return [self._met(trigger, source, slice(a, b), blind)] if b > a else []
        if isinstance(trigger, Each) and trigger.store:
            at = source.span(span.lo, span.hi)
            data = {name: column[at] for name, column in source.data.items() if name not in ("key", "origin")}
            data["at"] = np.arange(at.start, at.stop)
            data["kind"] = data.get("kind", np.zeros(at.stop - at.start, np.uint8))
            truth = source.spec.truth if blind else {}
            hidden = {name: column for name, column in data.items() if name in truth}
            hidden["origin_table"] = source.data["origin"][at]
            seen = {name: column for name, column in data.items() if name not in truth}
            return [Batch(trigger.store, self.month, seen, hidden, source.spec.of)] if at.stop > at.start else []
        return self._subjects(source, span, whole)

    def _met(self, trigger: Occasions, source: Met, at: slice, blind: bool) -> Batch:
        kind = kind_code(trigger.kind)
        if source.id is None:
            source.id = pack_ids(source.subject, self.month, kind)
        data = {"subject": source.subject[at], "id": source.id[at], "word": source.word[at]}
        data["kind"] = spread(np.asarray(kind, np.uint8), at.stop - at.start)
        batch = _split("", self.month, data, blind, 0, trigger.of)
        if at.stop - at.start == len(source):
            batch.drawn = source.drawn
        return batch

    def _subjects(self, source: Any, span: Span, whole: bool) -> list[Batch]:
        if isinstance(source, str):
            step = span.hi - span.lo if whole else SWEEP_BLOCK  # several triggers share one step, so the sweep cannot come in blocks
            return [SubjectBatch(self.month, range(lo, min(lo + step, span.hi))) for lo in range(span.lo, span.hi, step)]
        out = np.empty(span.hi - span.lo, np.int64)
        n = kernels.take_flagged(source, source.view(np.uint64), span.lo, span.hi, out)
        return [SubjectBatch(self.month, out[:n].copy())] if n else []


def _within(subject: np.ndarray, span: Span, ordered: bool) -> Any:
    """Select the rows of a span: a slice where they are in order, a mask where a recorder takes them as they come."""
    if not ordered:
        return (subject >= span.lo) & (subject < span.hi)
    return slice(*np.searchsorted(subject, [span.lo, span.hi]))


@cache
def _no_rows(table: str) -> dict[str, np.ndarray]:
    return empty_rows(TABLES[table]).data


class Batches:
    """The batches of a mechanism with several triggers, as attributes by table, store or topic."""

    def __init__(self, named: dict[str, Batch]) -> None:
        self.__dict__.update(named)


def trigger_name(trigger: Any) -> str:
    """Give the name under which a step with several triggers finds the batch of one."""
    if isinstance(trigger, Revised):
        return "revised"
    for name in ("table", "store", "topic", "kind"):
        if hasattr(trigger, name):
            return str(getattr(trigger, name)).rpartition(".")[2]
    return "everybody"


def _is_blind(bound: Bound) -> bool:
    return bound.entry.mechanism.phase in BLIND_PHASES or bound.entry.mechanism.phase in EVIDENCE_PHASES
