"""What a mechanism declares: its trigger, columns, stores, draws and tables. Declarations are data; nothing here runs a month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from ..base.parameters import Parameters

PHASES = ("conduct", "observe", "record", "decide", "review", "enforce", "respond", "outcome", "measure")
"""The phases of a month, in order."""

BLIND_PHASES = frozenset({"decide", "enforce"})
"""Phases whose mechanisms never receive truth columns."""

EVIDENCE_PHASES = frozenset({"review"})
"""Phases that meet truth only through a declared, error-prone sensor of evidence."""


LABEL = "uint16"
"""The type of columns of tables and stores that hold the code of an instance's label, and of no others: codes depend on which labels a run has,
names do not, so digests and comparisons of runs put names in their place."""

DOER = "int32"
"""The type of truth columns that hold the number of the one whose act a row is about, and of no others: where nobody says who that is, it is
whom the parent row is about (0 would be the first person)."""

LABEL_BITS = 10
"""A label's code stands in so many low bits; what a mechanism puts above them is its own."""


@dataclass(frozen=True)
class Column:
    """A dense state column: one value per row of `persons`, `firms`, ...; exactly one mechanism writes it.

    Args:
        name: `table.column`.
        dtype: NumPy dtype name.
        initial: value before anybody wrote it, and wherever its owner is not in the plan.
        truth: hidden from blind phases.
    """

    name: str
    dtype: str
    initial: int = 0
    unit: str = ""
    doc: str = ""
    truth: bool = False


@dataclass(frozen=True)
class Table:
    """A kind of row that mechanisms emit and consume.

    Every table has `subject`, `id`, `kind`, `parent`, `origin` (the parent's table); `columns` and `truth` come on top.
    A truth column is handed on from the parent row unless the emitter sets it; where the parent has none, it is 0 (but see `DOER`).
    `of` says whose ids its subjects are: persons or firms.
    A table with `event` is an event of a life: words in which {kind}, {list}, {measure}, {ground}, {amount} (in yuan), {until} and its own columns
    may stand in braces, for example "joins {list}".
    """

    name: str
    columns: Mapping[str, str] = field(default_factory=dict)
    truth: Mapping[str, str] = field(default_factory=dict)
    doc: str = ""
    of: str = "persons"
    event: str = ""


@dataclass(frozen=True)
class Store:
    """A sparse keyed table that lasts from month to month; exactly one mechanism owns it.

    Rows have `key` (subject in its high bits), `subject`, `id` and `origin` (the row that caused it), and `columns`, `truth`.
    With `by_label` the sub key is the code of a label (see `LABEL`).
    """

    name: str
    columns: Mapping[str, str] = field(default_factory=dict)
    truth: Mapping[str, str] = field(default_factory=dict)
    doc: str = ""
    sub_bits: int = 16
    of: str = "persons"
    by_label: bool = False


@dataclass(frozen=True)
class Occasions:
    """Wake the persons (or firms) that meet an occasion this month, screened by a stateless keyed word, once for all arms.

    Args:
        kind: name of the occasion; its stream, shared by all arms.
        rate: name of a parameter holding the threshold (the highest anybody has).
        column: name of a world column holding a uint32 threshold per person, instead of `rate`.
        trait, share: a world column of uint8 classes, and a function of the parameters giving each class's share of `rate` (threshold,
            256 of them): persons whose class never acts cost nothing. Shares must not depend on anything an arm changes.
        able: tells who can meet the occasion at all: a function of the world's columns (the mechanism reads them) and the month that gives a
            mask of everybody. It is asked once a month for all arms and occasions that name it; the others cost nothing.
        of: whose rows are screened: persons or firms.
    """

    kind: str
    rate: str = ""
    column: str = ""
    trait: str = ""
    share: Callable[[Any], Any] | None = None
    able: Callable[[Any, int], Any] | None = None
    of: str = "persons"


@dataclass(frozen=True)
class Rows:
    """Wake on rows of a table, each once.

    Args:
        kinds: a tuple of kinds, or the name of a parameter that holds their codes; match: a column that must equal the label's code.
        prune: (draw, limit) pairs, an exact pruning: rows whose word of a draw is not below its limit(p) (a threshold, or by kind an
            array of 256) would change nothing, and are left out before they cost anything; the mechanism draws the same words again.
        only: the columns read besides subject and kind, for recorders that only count: others are not made, rows come in any order.
    """

    table: str
    kinds: tuple[str, ...] | str = ()
    match: str = ""
    prune: tuple[tuple[str, Callable[[Any], Any]], ...] = ()
    only: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Each:
    """Wake on every row of a store, every month (or every `every` months)."""

    store: str
    every: int = 1


@dataclass(frozen=True)
class Revised(Each):
    """Wake on every row of a store, or on everybody (`""`), as `batch.revised`, in a month whose numbers are not those of the month before, and in no other.

    So what rests on a rule already can follow when the rule changes: by a dated number, by coming into force (the first month of a run too), or by a
    reform from its first month on.
    """

    store: str = ""


@dataclass(frozen=True)
class Changed:
    """Wake the subjects touched under `topic` since the last time, and their neighbours; a sweep when that is most of the population.

    Args:
        topic: what was announced; through: the network whose neighbours are woken too.
        column, reach: an exact pruning: rows whose `column` exceeds `reach(cols, p)` cannot matter and are left asleep.
    """

    topic: str
    through: str = ""
    column: str = ""
    reach: Callable[..., int] | None = None


@dataclass(frozen=True)
class Pool:
    """Wake on waiting rows in order of (month, keyed luck), as many as the parameter `capacity` allows per 10,000 persons a month; a word decides the rest."""

    table: str
    capacity: str
    match: str = ""


@dataclass(frozen=True)
class Sweep:
    """Wake everybody, in blocks; must justify itself in the profile. `every` months, counted from the month 0."""

    every: int = 1


@dataclass(frozen=True)
class Modifies:
    """Not woken: a pure function (quantity, subjects, cols, p) -> int64 factors (2^16 = 1), multiplied into the quantity; None: all are 1.

    `lowers`: no factor is ever above 1, so who asks need not ask about those whom the word of luck rules out anyway.
    """

    quantities: tuple[str, ...]
    lowers: bool = False


Trigger = Occasions | Rows | Each | Changed | Pool | Sweep | Modifies


@dataclass(frozen=True)
class Mechanism:
    """A declared mechanism; build one with the `mechanism` decorator."""

    name: str
    on: tuple[Trigger, ...]
    step: Callable[..., Any]
    params: type[Parameters] | None
    reads: tuple[str, ...]
    writes: tuple[Column, ...]
    owns: tuple[Store, ...]
    stores: tuple[str, ...]
    networks: tuple[str, ...]
    draws: tuple[str, ...]
    emits: tuple[str, ...]
    touches: tuple[str, ...]
    tallies: tuple[str, ...]
    evidence: tuple[str, ...]
    quantities: tuple[str, ...]
    lagged: tuple[str, ...]
    doc: str
    of_all: bool = False

    @property
    def phase(self) -> str:
        """Name of the phase it belongs to: the part of its name before the dot."""
        return self.name.split(".", 1)[0]


REGISTRY: dict[str, Mechanism] = {}
"""Every declared mechanism by name."""

TABLES: dict[str, Table] = {}
"""Every declared table by name."""


EVENT_WORDS = ("kind", "list", "measure", "ground", "amount", "until")
"""What may stand in braces in the words of a table's event, besides its columns."""


def table(
    name: str,
    columns: Mapping[str, str] | None = None,
    truth: Mapping[str, str] | None = None,
    doc: str = "",
    of: str = "persons",
    event: str = "",
) -> Table:
    """Declare a table of rows about persons, or about firms.

    Raises:
        ValueError: when another table of that name has other columns, or its event names what it has not.
    """
    made = Table(name, dict(columns or {}), dict(truth or {}), doc, of, event)
    named = {word for _, word, _, _ in Formatter().parse(event) if word is not None} - {*made.columns, *EVENT_WORDS}
    if named:
        raise ValueError(f"the event of table '{name}' names {', '.join(sorted(named))}, which is neither a column nor one of {', '.join(EVENT_WORDS)}")
    if name in TABLES and TABLES[name] != made:
        raise ValueError(f"table '{name}' is declared twice, differently")
    TABLES[name] = made
    return made


def mechanism(
    name: str,
    *,
    on: Trigger | tuple[Trigger, ...],
    params: type[Parameters] | None = None,
    reads: tuple[str, ...] = (),
    writes: tuple[Column, ...] = (),
    owns: tuple[Store, ...] = (),
    stores: tuple[str, ...] = (),
    networks: tuple[str, ...] = (),
    draws: tuple[str, ...] = (),
    emits: tuple[str, ...] = (),
    touches: tuple[str, ...] = (),
    tallies: tuple[str, ...] = (),
    evidence: tuple[str, ...] = (),
    quantities: tuple[str, ...] = (),
    lagged: tuple[str, ...] = (),
    of_all: bool = False,
) -> Callable[[Callable[..., Any]], Mechanism]:
    """Declare a mechanism and register it.

    Args:
        name: `phase.word`.
        on: trigger or triggers. With several, the step gets one batch per table, by name.
        params: parameter class, or None.
        reads: world or state columns read.
        writes: state columns this mechanism owns.
        owns: stores it owns; `stores`: stores of others that it reads.
        networks: networks it walks; draws: names of its luck streams; emits: tables it emits to.
        touches: topics it announces to `Changed`; tallies: counters it adds to (measure phase).
        evidence: truth columns it meets through an error-prone sensor (review phase).
        quantities: quantities it asks modifiers for; lagged: tables, columns or stores read as of last month.
        of_all: whether what it says of one person may hang on everybody, by a mean or share of all (docs/contract.md, `banned`).

    Raises:
        ValueError: for an unknown phase, a second mechanism of the same name, or truth declared where it may not be read.
    """
    phase = name.split(".", 1)[0]
    if phase not in PHASES or "." not in name:
        raise ValueError(f"'{name}' must be 'phase.word' with a phase of {', '.join(PHASES)}")
    if evidence and phase not in EVIDENCE_PHASES:
        raise ValueError(f"'{name}' declares evidence; only {', '.join(sorted(EVIDENCE_PHASES))} may")

    def register(step: Callable[..., Any]) -> Mechanism:
        known = REGISTRY.get(name)
        if known is not None and known.step.__module__ != step.__module__:
            raise ValueError(f"mechanism '{name}' is declared in {known.step.__module__} and in {step.__module__}")
        triggers = on if isinstance(on, tuple) else (on,)
        made = Mechanism(
            name, triggers, step, params, reads, writes, owns, stores, networks, draws, emits, touches, tallies, evidence,
            quantities, lagged, (step.__doc__ or "").strip(), of_all,
        )  # fmt: skip
        REGISTRY[name] = made
        return made

    return register
