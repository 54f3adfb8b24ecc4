"""The monthly cycle in dictionaries and loops: rows, mailboxes, stores, the order of a month. Written from docs/architecture.md.

A mechanism here is a function of a `Step`: what woke it, what it may read, and `emit`. It goes over persons and rows one at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from scslab.base.luck import name_number
from scslab.base.months import month_text
from scslab.engine.declare import REGISTRY, TABLES  # declarations only: what wakes, reads, writes, owns and emits
from scslab.mechanisms.kinds import KIND

from .arithmetic import CERTAIN, NEVER, WHOLE, both, key_of, row_id, screening_words, word_of
from .order import initial, month_order, of_type, plain, tables_read


class TooMany(Exception):
    """A month in which somebody would have more rows of a kind in a table than ids can tell apart."""


STEPS: dict[str, Callable[[Step], None]] = {}
"""What a mechanism does in a month, by its name."""
MODIFIERS: dict[str, Callable[[Step, str, int], int]] = {}
"""The factor that a modifier gives for a quantity and a person."""


def step(name: str) -> Callable[[Any], Any]:
    """Enter a function as the step of a mechanism."""
    return lambda function: STEPS.setdefault(name, function)


def modifier(name: str) -> Callable[[Any], Any]:
    """Enter a function as a modifier."""
    return lambda function: MODIFIERS.setdefault(name, function)


class Row:
    """One row of a table, or of a store when a mechanism is woken by each row of it."""

    __slots__ = ("columns", "due", "id", "instance", "kind", "month", "origin", "parent", "subject", "table")

    def __init__(self, table: str, subject: int, kind: int, row: int, columns: dict[str, int], parent: int = 0, origin: str = "none") -> None:
        self.table, self.subject, self.kind, self.id, self.columns = table, subject, kind, row, columns
        self.parent, self.origin = parent, origin
        self.month = self.due = 0
        self.instance = ""

    def __getattr__(self, name: str) -> int:
        try:
            return self.columns[name]
        except KeyError:
            raise AttributeError(name) from None


class Shelf:
    """A sparse keyed table with one owner: a dictionary by (subject, sub). Puts and drops wait until the owner's step is over."""

    def __init__(self, name: str, declared: Any) -> None:
        self.name, self.names, self.truth = name, (*declared.columns, *declared.truth), tuple(declared.truth)
        self.held: dict[tuple[int, int], Row] = {}
        self.puts: list[tuple[tuple[int, int], Row]] = []
        self.drops: list[tuple[int, int]] = []

    def find(self, subject: int, sub: int = 0) -> Row | None:
        return self.held.get((subject, sub))

    def of(self, subject: int) -> list[Row]:
        return [self.held[key] for key in sorted(key for key in self.held if key[0] == subject)]

    def all(self) -> list[Row]:
        return [self.held[key] for key in sorted(self.held)]

    def key(self, row: Row) -> tuple[int, int]:
        return next(key for key, held in self.held.items() if held is row)

    def put(self, row: Row, sub: int = 0, subject: int | None = None, **columns: int) -> None:
        """Keep a row: its own columns where not given, its id, its table and its truth."""
        values = {"kind": row.kind, **row.columns, **columns}
        who = row.subject if subject is None else subject
        kept = Row(row.table, who, int(values["kind"]) if "kind" in self.names else 0, row.id, {n: int(values.get(n, 0)) for n in self.names})
        kept.origin = row.origin
        self.puts.append(((who, sub), kept))

    def drop(self, row: Row) -> None:
        self.drops.append(self.key(row))

    def settle(self) -> None:
        """Carry out the drops, then the puts, of a step that is over."""
        for key in self.drops:
            self.held.pop(key, None)
        self.held.update(self.puts)
        self.puts, self.drops = [], []


class Cycle:
    """A society under rules: runs months and keeps every row.

    Args:
        world: tables as dictionaries of lists (`persons`, `places`, ...), networks as lists of (neighbour, relation) by person.
        rules: compiled parameters by instance name.
        labels: codes of the instance labels.
    """

    def __init__(self, world: dict[str, Any], rules: dict[str, Any], labels: dict[str, int], seed: int, start: int) -> None:
        self.world, self.rules, self.labels, self.seed, self.month = world, rules, {"": 0, **labels}, seed, start
        self.start, self.people = start, len(world["persons"]["birth_month"])
        self.state: dict[str, list[int]] = {}
        self.shelves: dict[str, Shelf] = {}
        self.lasting: dict[tuple[str, str], Any] = {}
        self.rows: list[Row] = []
        self.boxes: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self.touched: dict[tuple[str, str], set[int]] = defaultdict(set)
        self.ordinals: dict[tuple[str, int], int] = defaultdict(int)
        for instance in rules:
            made = REGISTRY[plain(instance)]
            for column in made.writes:
                sizes = {"persons": self.people, "places": len(world["places"]["urban"]), "households": max(world["persons"]["household"]) + 1}
                sizes["firms"] = len(world["firms"]["size"])
                self.state[column.name] = [column.initial] * sizes[column.name.partition(".")[0]]
            for store in made.owns:
                self.shelves[store.name] = Shelf(store.name, store)
        self.state |= {name: list(values) for name, values in world["begin"].items() if name in self.state}
        self.order = month_order(list(rules))
        self.readers = {table: [i for i in self.order if table in tables_read(i)] for table in TABLES}
        self.modifiers: dict[str, list[str]] = defaultdict(list)
        for instance in sorted(rules):
            for trigger in of_type(instance, "Modifies"):
                for quantity in trigger.quantities:
                    self.modifiers[quantity].append(instance)
        self.watchers: dict[str, list[str]] = defaultdict(list)
        for instance in self.order:
            for trigger in of_type(instance, "Changed"):
                self.watchers[trigger.topic].append(instance)

    def run(self, months: int) -> Cycle:
        """Advance so many months."""
        for _ in range(months):
            self.ordinals.clear()
            for instance in self.order:
                if plain(instance) in STEPS:
                    self._one(instance)
            self.month += 1
        return self

    def _one(self, instance: str) -> None:
        now = Step(self, instance)
        STEPS[plain(instance)](now)
        for store in REGISTRY[plain(instance)].owns:
            self.shelves[store.name].settle()
        self._publish(now.made, instance)

    def _publish(self, made: list[Row], instance: str) -> None:
        """Number the rows of a step, in order of table, person and kind, and put them into the boxes of their readers."""
        for row in sorted(made, key=lambda r: (r.table, r.subject, r.kind, r.parent)):
            base = row_id(row.subject, self.month, row.kind)
            if self.ordinals[row.table, base] == 256:
                raise TooMany(month_text(self.month), instance, row.table)
            row.id = base + self.ordinals[row.table, base]
            self.ordinals[row.table, base] += 1
            row.month, row.instance = self.month, instance
            self.rows.append(row)
            for reader in self.readers[row.table]:
                self.boxes[reader, row.table].append(row)


class Step:
    """What one mechanism sees and does in one month."""

    def __init__(self, cycle: Cycle, instance: str) -> None:
        self.cycle, self.instance, self.p, self.month = cycle, instance, cycle.rules[instance], cycle.month
        self.world, self.persons, self.people = cycle.world, cycle.world["persons"], cycle.people
        self.label = cycle.labels[instance.partition(":")[2]]
        self.made: list[Row] = []

    # what woke it

    def rows(self, table: str) -> list[Row]:
        """Take the rows of a table that have come and are due, each once, in order of id, and keep those the trigger asks for."""
        box = self.cycle.boxes[self.instance, table]
        here, later = [r for r in box if r.due <= self.month], [r for r in box if r.due > self.month]
        self.cycle.boxes[self.instance, table] = later
        trigger = next(t for t in (*of_type(self.instance, "Rows"), *of_type(self.instance, "Pool")) if t.table == table)
        kinds = getattr(trigger, "kinds", ())
        if kinds:
            wanted = {int(k) for k in getattr(self.p, kinds)} if isinstance(kinds, str) else {KIND.code(k) for k in kinds}
            here = [r for r in here if r.kind in wanted]
        if trigger.match:
            here = [r for r in here if r.columns[trigger.match] == self.label]
        return sorted(here, key=lambda r: r.id)

    def each(self, store: str) -> list[Row]:
        """List every row of a store."""
        return self.shelf(store).all()

    def each_every(self, store: str, months: int) -> list[Row]:
        """List the rows of a store in the months in which a trigger with `every` looks."""
        return self.each(store) if self.month % months == 0 else []

    def announced(self, i: int) -> Row:
        """Make the row that stands for a person whom no row woke."""
        return Row("none", i, 0, row_id(i, self.month, 0), {})

    def queue(self, table: str, capacity: int) -> list[Row]:
        """Take what a body can deal with this month from the waiting rows; the others wait: older requests first, then by a lasting word of each."""
        waiting = self.rows(table)
        number, rest = divmod(capacity * self.people, 10_000)
        number += self.word("queue", 0) < rest * CERTAIN // 10_000
        ordered = sorted(waiting, key=lambda r: (r.month, self.lasting("queue", r.id), r.id))
        self.cycle.boxes[self.instance, table] += ordered[number:]
        return sorted(ordered[:number], key=lambda r: r.id)

    def occasions(self, kind: str) -> list[Row]:
        """List the persons who meet an occasion this month."""
        code, trigger = KIND.code(kind), next(t for t in of_type(self.instance, "Occasions") if t.kind == kind)
        number = self.people if trigger.of == "persons" else len(self.world["firms"]["size"])
        words = screening_words(key_of(self.cycle.seed, f"occasion/{kind}"), number, self.month)
        rate = int(getattr(self.p, trigger.rate)) if trigger.rate else 0
        share = [int(s) for s in trigger.share(self.p)] if trigger.share else None
        found = []
        for i, word in enumerate(words):
            limit = self.person(trigger.column, i) if trigger.column else rate if share is None else both(rate, share[self.person(trigger.trait, i)])
            if word < limit:
                row = Row("none", i, code, row_id(i, self.month, code), {"word": word})
                found.append(row)
        return found

    def screened(self, row: Row) -> int:
        """Give the word by which somebody was found to meet an occasion."""
        return screening_words(key_of(self.cycle.seed, f"occasion/{KIND.names[row.kind]}"), row.subject + 1, self.month)[row.subject]

    def changed(self, topic: str) -> list[int]:
        """Take the persons announced since the last time, in order."""
        found = self.cycle.touched.pop((self.instance, topic), set())
        return sorted(found)

    # luck

    def word(self, draw: str, row: Row | int, ordinal: int = 0) -> int:
        """Draw this month's word of a row, or of an id."""
        return word_of(key_of(self.cycle.seed, f"{self.instance}/{draw}"), row if isinstance(row, int) else row.id, self.month, ordinal)

    def happens(self, draw: str, chance: int, row: Row) -> bool:
        return self.word(draw, row) < int(chance)

    def lasting(self, draw: str, who: int) -> int:
        """Draw a word that lasts: as of month 0."""
        return word_of(key_of(self.cycle.seed, f"{self.instance}/{draw}"), who, 0)

    def once(self, what: str, make: Callable[[], Any]) -> Any:
        """Give what lasts, worked out once a run."""
        if (self.instance, what) not in self.cycle.lasting:
            self.cycle.lasting[self.instance, what] = make()
        return self.cycle.lasting[self.instance, what]

    def evidence(self, draw: str, is_so: bool, finds: int, false_finds: int, row: Row) -> bool:
        """Ask a sensor of evidence that errs both ways."""
        return self.happens(draw, finds if is_so else false_finds, row)

    def pick(self, draw: str, first: int, size: int, row: Row | int, unless: int, lasting: bool = False) -> int:
        """Choose one of `size` persons from `first` on, never `unless`: slots of the next power of two, drawn again until one fits."""
        if size - (first <= unless < first + size) <= 0:
            return -1
        slots = 1
        while slots < size:
            slots *= 2
        ordinal, key = 0, key_of(self.cycle.seed, f"{self.instance}/{draw}")
        while True:
            slot = word_of(key, row if isinstance(row, int) else row.id, 0 if lasting else self.month, ordinal) % slots
            if slot < size and first + slot != unless:
                return first + slot
            ordinal += 1

    # what it reads

    def person(self, column: str, i: int) -> int:
        """Read a column of the world or of the state; what nobody writes reads as its initial value."""
        if column in self.cycle.state:
            return self.cycle.state[column][i]
        table, _, name = column.partition(".")
        return self.world[table][name][i] if name in self.world[table] else initial(column)

    def place(self, column: str, place: int) -> int:
        """Read a state column of a place; what nobody writes is 0."""
        return self.cycle.state[f"places.{column}"][place] if f"places.{column}" in self.cycle.state else 0

    def shelf(self, name: str) -> Shelf:
        """Give a store; one whose owner is not in the rules is empty."""
        if name not in self.cycle.shelves:
            owner = next(s for made in REGISTRY.values() for s in made.owns if s.name == name)
            return Shelf(name, owner)
        return self.cycle.shelves[name]

    def ties(self, network: str, i: int) -> list[tuple[int, int]]:
        """List (neighbour, relation) of a person."""
        return self.world[network][i]

    def factor(self, quantity: str, i: int) -> int:
        """Multiply what all modifiers of a quantity say of a person, in order of name."""
        product = WHOLE
        for instance in self.cycle.modifiers[quantity]:
            product = product * MODIFIERS[plain(instance)](Step(self.cycle, instance), quantity, i) >> 16
        return product

    def code(self, label: str) -> int:
        return self.cycle.labels[label]

    def salt(self, code: int) -> int:
        """Give the number of a label for keys of luck: from its name alone, moved by what stands above the ten bits of a label."""
        name = next((name for name, c in self.cycle.labels.items() if c == code % 1024), "")
        return ((name_number(name) if name else code % 1024) + (code // 1024) * 0x9E3779B1) % 2**31

    def age(self, i: int) -> int:
        return (self.month - self.persons["birth_month"][i]) // 12

    def living(self, i: int, least_years: int = 18) -> bool:
        """Tell who is alive and at least so old."""
        return self.persons["birth_month"][i] <= self.month - 12 * least_years and self.persons["death_month"][i] > self.month

    def left_school(self, i: int) -> bool:
        return self.age(i) >= (16, 16, 16, 19, 22)[self.persons["education"][i]]

    def standing(self, column: str, i: int) -> int:
        """Read status or income, which nobody has before the end of school."""
        return self.persons[column][i] if self.left_school(i) else 0

    def age_band(self, i: int) -> int:
        return sum(self.age(i) >= cut for cut in (18, 30, 40, 50, 60))

    # what it does

    def emit(
        self, table: str, parent: Row, subject: int | None = None, kind: int | None = None, due: int | None = None, carry: Row | None = None, **columns: int
    ) -> None:
        """Make a row: what is not given comes from the parent; truth from `carry`, else from the parent. Whose act it is: the parent's subject's."""
        declared, values = TABLES[table], {}
        for name in declared.columns:
            values[name] = int(columns.get(name, parent.columns.get(name, 0)))
        source = parent if carry is None else carry
        for name in declared.truth:
            values[name] = int(columns.get(name, source.columns.get(name, parent.subject if name in ("true_actor", "true_firm") else 0)))
        row = Row(table, parent.subject if subject is None else subject, parent.kind if kind is None else int(kind), 0, values, parent.id, parent.table)
        row.due = self.month if due is None else min(int(due), NEVER)
        self.made.append(row)

    def touch(self, topic: str, i: int) -> None:
        """Announce a person to those who watch a topic, and with `through` their neighbours too."""
        for watcher in self.cycle.watchers[topic]:
            self.cycle.touched[watcher, topic].add(i)
            for trigger in of_type(watcher, "Changed"):
                if trigger.topic == topic and trigger.through:
                    self.cycle.touched[watcher, topic].update(near for near, _ in self.world[trigger.through][i])


def first_of_each(rows: list[Row]) -> Iterator[Row]:
    """Give the first row of each person."""
    seen: set[int] = set()
    for row in rows:
        if row.subject not in seen:
            seen.add(row.subject)
            yield row


__all__ = ["CERTAIN", "MODIFIERS", "NEVER", "STEPS", "WHOLE", "Cycle", "Row", "Shelf", "Step", "first_of_each", "modifier", "month_order", "step"]
