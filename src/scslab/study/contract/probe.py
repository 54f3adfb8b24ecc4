"""A watch on every step of a trial: the step is called again on the same input, on input whose truth is scrambled, and with one chance raised.

The engine hands a mechanism what it declares and nothing else. What it cannot see by itself (a batch written to, luck of one's own, an answer
that knows the truth) shows when the same step is called twice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...base import luck as words
from ...base.luck import ONE
from ...base.months import month_text
from ...base.parameters import Number
from ...engine.access import Cols, Luck
from ...engine.batches import Batches
from ...engine.declare import BLIND_PHASES, EVIDENCE_PHASES, Mechanism, Pool
from ...engine.rows import Batch, Emission, SubjectBatch, Tally
from ...engine.stores import StoreView
from .tracked import TrackedLuck, tracked
from .trial import with_values

LEVELS = (0.25, 0.5, 0.75)
"""Values of a chance at which a step is called to see that each person's luck moves one way only."""


@dataclass(frozen=True)
class Finding:
    """What breaks a contract: whose fault, when, and what was seen."""

    contract: str
    subject: str
    what: str
    month: int | None = None
    row: Mapping[str, Any] = field(default_factory=dict)

    def words(self) -> str:
        """Say it in one line."""
        when = "" if self.month is None else f" in {month_text(self.month)}"
        row = ", ".join(f"{name} {value}" for name, value in self.row.items())
        return f"{self.what}{when}" + (f": {row}" if row else "")


class Watch:
    """Calls every step several times and notes what breaks a contract.

    Args:
        pick: chooses which chance is raised.

    Attributes:
        findings: what breaks a contract. cases: how often each contract was tried on each mechanism. used: what each mechanism touched.
    """

    def __init__(self, pick: int = 0, monotone: bool = True) -> None:
        self.pick, self.monotone = pick, monotone
        self.findings: list[Finding] = []
        self.cases: Counter[tuple[str, str]] = Counter()
        self.used: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._seen: set[tuple[str, str]] = set()

    def found(self, contract: str, made: Mechanism, what: str, month: int, **row: Any) -> None:
        """Note a finding; of several of one contract and mechanism the first is kept."""
        if (contract, made.name) not in self._seen:
            self._seen.add((contract, made.name))
            self.findings.append(Finding(contract, made.name, what, month, row))

    def step(self, made: Mechanism, batch: Any, cols: Cols, p: Any, luck: Luck) -> Any:
        """Call a step: watched, with scrambled truth, with a chance raised, and once more for good."""
        before, state = _copies(batch), _State(made, cols)
        self.used[made.name].add(("woken", "woken"))
        first = _called(made, batch, tracked(self, made, cols), p, TrackedLuck(luck, self.used[made.name]), state)
        self._unchanged(made, batch, before, cols.month)
        self._declared(made, first, cols)
        if _is_blind(made):
            self._blind(made, batch, cols, p, luck, state, first)
        if self.monotone:
            self._one_way(made, batch, cols, p, luck, state)
        state.restore()
        again = made.step(batch, cols, p, luck)
        second = _Effects(again, state)
        self.cases["repeatable", made.name] += 1
        unlike = first.unlike(second)
        if unlike:
            self.found("repeatable", made, f"called twice on the same rows it differs in {unlike}", cols.month)
        return again

    def ask(self, made: Mechanism, quantity: str, subjects: np.ndarray, cols: Cols, p: Any) -> Any:
        """Call a modifier twice; it must say the same, write nothing, and give one whole factor a subject, none of them negative."""
        copy = subjects.copy()
        one = made.step(quantity, subjects, tracked(self, made, cols), p)
        other = made.step(quantity, subjects, cols, p)
        self.used[made.name].add(("woken", "woken"))
        self.cases["repeatable", made.name] += 1
        self.cases["batch", made.name] += 1
        if (one is None) != (other is None) or not np.array_equal(one, other):
            self.found("repeatable", made, f"asked twice for '{quantity}' it answers differently", cols.month)
        if not np.array_equal(copy, subjects):
            self.found("batch", made, f"it writes to the subjects it is asked about ('{quantity}')", cols.month)
        answer = np.ones(len(subjects), np.int64) if other is None else np.asarray(other)  # None is no change
        self.cases["whole", made.name] += 1
        if answer.dtype.kind not in "iu" or answer.shape not in ((), subjects.shape) or (answer < 0).any():
            self.found("whole", made, f"its factors for '{quantity}' are {answer.dtype} of shape {answer.shape}, lowest {answer.min(initial=0)}", cols.month)
        return other

    def _unchanged(self, made: Mechanism, batch: Any, before: Mapping[str, np.ndarray], month: int) -> None:
        self.cases["batch", made.name] += 1
        now = _copies(batch)
        for name, column in before.items():
            if name in now and not np.array_equal(now[name], column):
                at = int(np.flatnonzero(now[name] != column)[0])
                self.found("batch", made, f"it writes to column '{name}' of its batch", month, position=at, before=int(column[at]), after=int(now[name][at]))

    def _declared(self, made: Mechanism, effects: _Effects, cols: Cols) -> None:
        self.cases["declared", made.name] += 1
        used = self.used[made.name]
        for kind, declared in (("topic", made.touches), ("quantity", made.quantities)):
            for name in sorted(name for what, name in used if what == kind and name not in declared):
                self.found("declared", made, f"it uses {kind} '{name}' and does not declare it", cols.month)
        for name in effects.counters:
            if not any(name == known or name.startswith(f"{known}.") for known in made.tallies):
                self.found("declared", made, f"it adds to counter '{name}' and does not declare it", cols.month)
        used |= {("table", name) for name in effects.tables} | {("counter", name) for name in effects.counters}

    def _blind(self, made: Mechanism, batch: Any, cols: Cols, p: Any, luck: Luck, state: _State, first: _Effects) -> None:
        """Scramble what the phase may not see; nothing it says may move."""
        self.cases["truth", made.name] += 1
        spared = set(made.evidence)
        other = _scrambled(batch, spared)
        with _scrambled_stores(cols, spared):
            effects = _called(made, other, cols, p, Luck(luck._keys, _first(other), luck._month), state)
        unlike = first.unlike(effects, blind=True)
        if unlike:
            self.found("truth", made, f"with other truth behind the same rows it differs in {unlike}", cols.month)

    def _one_way(self, made: Mechanism, batch: Any, cols: Cols, p: Any, luck: Luck, state: _State) -> None:
        """Raise one chance by steps: whatever a person's row leads to may change, but never back again."""
        chances = _chances(made, p)
        if not chances or any(isinstance(trigger, Pool) for trigger in made.on):
            return
        name = chances[(self.pick + self.cases["monotone", made.name]) % len(chances)]
        value = np.asarray(getattr(p, name), np.int64)
        found = []
        for level in LEVELS:
            raised = np.where(value > 0, np.int64(level * ONE), value)
            changed = with_values(p, {name: int(raised) if raised.ndim == 0 else raised})
            found.append(_called(made, batch, cols, changed, luck, state).by_parent(batch))
        self.cases["monotone", made.name] += 1
        low, middle, high = found
        for row in low.keys() | middle.keys() | high.keys():
            if low.get(row) == high.get(row) != middle.get(row):
                shown = {"batch": row[0], "position": row[1], "low": low.get(row), "between": middle.get(row), "high": high.get(row)}
                self.found("monotone", made, f"with '{name}' raised from {LEVELS[0]} to {LEVELS[-1]} a row changes and changes back", cols.month, **shown)
                return


def _is_blind(made: Mechanism) -> bool:
    return made.phase in BLIND_PHASES or made.phase in EVIDENCE_PHASES


def _chances(made: Mechanism, p: Any) -> list[str]:
    """Name the parameters that are chances."""
    fields = made.params.fields() if made.params else {}
    named = [name for name, declared in fields.items() if isinstance(declared, Number) and declared.kind == "probability" and not declared.is_open]
    return [name for name in named if (np.asarray(getattr(p, name, 0)) > 0).any()]


def _parts(batch: Any) -> dict[str, Batch]:
    """Name the batches of a step."""
    return dict(vars(batch)) if isinstance(batch, Batches) else {batch.table or "rows": batch}


def _first(batch: Any) -> Any:
    return batch


def _copies(batch: Any) -> dict[str, np.ndarray]:
    found = {}
    for name, part in _parts(batch).items():
        for columns in (part._seen, part._hidden):
            found |= {f"{name}.{column}": np.array(values) for column, values in columns.items()}
    return found


class _State:
    """What a step may change: its columns, its stores, what it announces."""

    def __init__(self, made: Mechanism, cols: Cols) -> None:
        self.made, self.cols = made, cols
        self.columns = {c.name: getattr(getattr(cols, c.name.partition(".")[0]), c.name.partition(".")[2]) for c in made.writes}
        self.stores = {s.name: getattr(cols.stores, s.name)._store for s in made.owns}
        self.kept = {name: column.copy() for name, column in self.columns.items()}
        self.data = {name: {n: c.copy() for n, c in store.data.items()} for name, store in self.stores.items()}
        self.pending = {name: {span: list(changes) for span, changes in store.pending.items()} for name, store in self.stores.items()}
        self.announced = {topic: len(subjects) for topic, subjects in cols._announced.items()}

    def restore(self) -> None:
        """Put everything back as it was."""
        for name, column in self.columns.items():
            column[...] = self.kept[name]
        for name, store in self.stores.items():
            for column_name, values in store.data.items():
                if values.flags.writeable:
                    values[...] = self.data[name][column_name]
            store.pending = {span: list(changes) for span, changes in self.pending[name].items()}
        for topic in list(self.cols._announced):
            del self.cols._announced[topic][self.announced.get(topic, 0) :]
            if not self.cols._announced[topic]:
                del self.cols._announced[topic]


def _called(made: Mechanism, batch: Any, cols: Cols, p: Any, luck: Any, state: _State) -> _Effects:
    """Call a step and put its state back."""
    effects = _Effects(made.step(batch, cols, p, luck), state)
    state.restore()
    return effects


class _Effects:
    """What a step said and did, in a form that can be compared."""

    def __init__(self, result: Any, state: _State) -> None:
        self.results = [] if result is None else list(result) if isinstance(result, list) else [result]
        self.emitted = [r for r in self.results if isinstance(r, Emission) and len(r.subject)]
        self.tallied = [r for r in self.results if isinstance(r, Tally)]
        self.columns = {name: column.copy() for name, column in state.columns.items()}
        self.data = {name: {n: c.copy() for n, c in store.data.items()} for name, store in state.stores.items()}
        self.pending = {name: [change for span in sorted(store.pending) for change in store.pending[span]] for name, store in state.stores.items()}
        self.announced = {topic: list(subjects[state.announced.get(topic, 0) :]) for topic, subjects in state.cols._announced.items()}
        self.truth = {name: set(store.spec.truth) | {"origin", "id"} for name, store in state.stores.items()}

    @property
    def tables(self) -> set[str]:
        """Name the tables it emitted to."""
        return {e.table for e in self.emitted}

    @property
    def counters(self) -> set[str]:
        """Name the counters it added to."""
        return {t.name for t in self.tallied}

    def unlike(self, other: _Effects, blind: bool = False) -> str:
        """Say in what it differs from another; empty when it does not. `blind` leaves out the truth that the engine hands on."""
        if [_shown(e) for e in self.emitted] != [_shown(e) for e in other.emitted]:
            tables = sorted(self.tables | other.tables)
            return f"the rows it emits to {', '.join(tables)}"
        if [_counted(t) for t in self.tallied] != [_counted(t) for t in other.tallied]:
            return f"what it adds to {', '.join(sorted(self.counters | other.counters))}"
        for name, column in self.columns.items():
            if not np.array_equal(column, other.columns[name]):
                return f"column '{name}'"
        for name in self.data:
            hidden = self.truth[name] if blind else set()
            if any(not np.array_equal(c, other.data[name][n]) for n, c in self.data[name].items() if n not in hidden):
                return f"store '{name}'"
            if _changes(self.pending[name], hidden) != _changes(other.pending[name], hidden):
                return f"what it puts into or drops from store '{name}'"
        if {t: _bytes(s) for t, s in self.announced.items() if s} != {t: _bytes(s) for t, s in other.announced.items() if s}:
            return "what it announces"
        return ""

    def by_parent(self, batch: Any) -> dict[tuple[str, int], Any]:
        """Give what each row of the batch led to: rows by table, of persons with one row only."""
        parts = {id(part): name for name, part in _parts(batch).items()}
        alone = _alone(batch)
        found: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for e in self.emitted:
            name, n = parts.get(id(e.source), ""), len(e.subject)
            at = np.arange(n) if e.parent is None else np.flatnonzero(e.parent) if np.asarray(e.parent).dtype == bool else np.asarray(e.parent)
            columns = {c: np.broadcast_to(np.asarray(v), (n,)).tolist() for c, v in sorted(e.columns.items())}
            for i, position in enumerate(at.tolist()):
                if (name, position) in alone:
                    found[name, position].append((e.table, int(e.subject[i]), tuple((c, v[i]) for c, v in columns.items())))
        return {key: sorted(rows) for key, rows in found.items()}


def _alone(batch: Any) -> set[tuple[str, int]]:
    """Name the rows of persons who have no other row in the step: what becomes of these hangs on nobody's other decision."""
    parts = _parts(batch)
    counts = Counter(int(s) for part in parts.values() for s in part.subject)
    return {(name, i) for name, part in parts.items() for i, s in enumerate(part.subject.tolist()) if counts[s] == 1}


def _bytes(values: Any) -> Any:
    return [np.asarray(v).tolist() for v in values]


def _shown(e: Emission) -> tuple[Any, ...]:
    carry = None if e.carry is None else (e.carry[0]._store.spec.name, np.asarray(e.carry[1]).tolist())
    parent = None if e.parent is None else np.asarray(e.parent).tolist()
    due = None if e.due is None else np.asarray(e.due).tolist()
    return e.table, e.subject.tolist(), parent, due, carry, {name: np.asarray(value).tolist() for name, value in sorted(e.columns.items())}


def _counted(t: Tally) -> tuple[Any, ...]:
    return t.name, *(None if v is None else np.asarray(v).tolist() for v in (t.subject, t.weight, t.cells, None if t.split is None else t.split[0]))


def _changes(pending: list[Any], hidden: set[str]) -> list[Any]:
    return [
        ({} if rows is None else {n: np.asarray(c).tolist() for n, c in rows.items() if n not in hidden}, None if keys is None else keys.tolist())
        for rows, keys in pending
    ]


def _scrambled(batch: Any, spared: set[str]) -> Any:
    """Copy batches with other truth behind the same visible rows; columns of evidence stay."""
    made = {name: _other_truth(part, spared) for name, part in _parts(batch).items()}
    return Batches(made) if isinstance(batch, Batches) else next(iter(made.values()))


def _other_truth(part: Batch, spared: set[str]) -> Batch:
    if isinstance(part, SubjectBatch):
        return part
    hidden = {n: c if n in spared or n == "origin_table" else _turned(c, n) for n, c in part._hidden.items()}
    other = Batch(part.table, part.month, dict(part._seen), hidden, part.of)
    other._evidence = part._evidence
    return other


def _turned(column: np.ndarray, name: str) -> np.ndarray:
    """Give other values of the same type: small codes turned over, so that something always changes."""
    word = words.words(words.stream_key(1, f"contract/{name}"), np.arange(len(column))).astype(np.int64)
    return ((np.asarray(column).astype(np.int64) + 1 + word % 4) % 7).astype(column.dtype)


class _scrambled_stores:
    """Put other truth into the stores a blind step sees, for one call."""

    def __init__(self, cols: Cols, spared: set[str]) -> None:
        self.views = [view for view in vars(cols.stores).values() if isinstance(view, StoreView)]
        self.spared = spared

    def __enter__(self) -> None:
        self.before = []
        for view in self.views:
            for name in view._store.spec.truth:
                if name not in self.spared and name in view._store.data:
                    column = view._store.data[name]
                    self.before.append((view, name, column))
                    view._store.data[name] = _turned(column, name)

    def __exit__(self, *_: object) -> None:
        for view, name, column in reversed(self.before):
            view._store.data[name] = column


def unused(made: Mechanism, used: set[tuple[str, str]]) -> Iterator[str]:
    """Name what a mechanism declares and was never seen to use."""
    for name in made.reads:
        table, _, column = name.partition(".")
        if (table, column) not in used:
            yield f"reads '{name}'"
    for what, kind, declared in (("draws", "draw", made.draws), ("emits to", "table", made.emits), ("announces", "topic", made.touches)):
        for name in declared:
            if (kind, name) not in used:
                yield f"{what} '{name}'"
    for what, kind, declared in (("store", "stores", made.stores), ("network", "networks", made.networks)):
        for name in declared:
            if (kind, name) not in used:
                yield f"reads {what} '{name}'"
