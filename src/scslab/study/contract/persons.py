"""Contracts about single persons: one banned from an act, one more in the world."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from ...base.months import NEVER
from ...engine.arm import Society
from ...engine.declare import REGISTRY, TABLES, Changed, Each, Mechanism, Modifies, Pool, Rows, Store
from ...engine.plan import store_spec
from ...engine.rows import Emission
from ...mechanisms.ties import TIE_CHANGES
from .contract import PAIR, contract, mechanism_of
from .pairs import with_columns
from .probe import Finding
from .trace import PEOPLE, Key, Trace, columns_of, same_rows
from .trial import Trial, run

Names = dict[tuple[str, int], tuple[int, ...]]

SYNTHETIC = "county"
"""World with places, households, families and firms."""


def _acts(trial: Trial, trace: Trace) -> bool:
    return bool(trace.table("acts"))


@contract("banned", "one person forbidden one kind of act: nobody's history changes without a declared path from that person", PAIR, 2, holds_for=_acts)
def banned(trial: Trial, trace: Trace) -> list[Finding]:
    """Take one kind of act from one person, and see whom it reaches."""
    acts = trace.table("acts")
    at = trial.choose("banned", len(acts["id"]))
    person, kind = int(acts["subject"][at]), int(acts["kind"][at])
    other = run(trial, watch=_Ban(person, kind))
    found = unreached(trace, other, {person})
    return [replace(one, contract="banned", row={"banned": person, **one.row}) for one in found]


@contract("one-more", "one more person in the world: nobody else's luck moves, and nobody's history without a declared path from that person", PAIR, 3)
def one_more(trial: Trial, trace: Trace) -> list[Finding]:
    """Have one person never be born, and see whom it reaches."""
    columns = trace.society.columns
    alive = np.flatnonzero((columns["persons.birth_month"] <= trial.start - 12 * 18) & (columns["persons.death_month"] > trial.start))
    if not len(alive):
        return []
    person = int(alive[trial.choose("one more", len(alive))])

    def unborn(society: Society) -> Society:
        birth, death = (society.columns[f"persons.{name}"].copy() for name in ("birth_month", "death_month"))
        birth[person], death[person] = NEVER, NEVER
        return with_columns(society, birth_month=birth, death_month=death)

    found = unreached(trace, run(trial, society=unborn), {person})
    return [replace(one, contract="one-more", row={"the one more": person, **one.row}) for one in found]


class _Ban:
    """A watch that strikes one person's acts of one kind."""

    def __init__(self, person: int, kind: int) -> None:
        self.person, self.kind = person, kind

    def step(self, made: Mechanism, batch: Any, cols: Any, p: Any, luck: Any) -> Any:
        result = made.step(batch, cols, p, luck)
        if made.phase != "conduct" or result is None:
            return result
        return [self._struck(one) for one in (result if isinstance(result, list) else [result])]

    def ask(self, made: Mechanism, *asked: Any) -> Any:
        return made.step(*asked)

    def _struck(self, e: Any) -> Any:
        if not isinstance(e, Emission) or e.table != "acts":
            return e
        n = len(e.subject)
        at = np.arange(n) if e.parent is None else np.flatnonzero(e.parent) if np.asarray(e.parent).dtype == bool else np.asarray(e.parent)
        kind = np.broadcast_to(np.asarray(e.columns["kind"]), (n,)) if "kind" in e.columns else e.source.truth("kind")[at]
        keep = ~((e.subject == self.person) & (kind == self.kind))
        if keep.all():
            return e
        columns = {name: value if np.ndim(value) == 0 else np.asarray(value)[keep] for name, value in e.columns.items()}
        due = e.due if e.due is None or np.ndim(e.due) == 0 else np.asarray(e.due)[keep]
        carry = None if e.carry is None else (e.carry[0], np.asarray(e.carry[1])[keep])
        return replace(e, subject=e.subject[keep], parent=at[keep], due=due, carry=carry, columns=columns)


def unreached(a: Trace, b: Trace, reached: set[int]) -> list[Finding]:
    """Follow what differs between two traces step by step; find the first person whom it reaches by no path that a mechanism declares.

    A path leads along a network that the mechanism walks, through a place, household or firm that it reads, through a queue or a ration, through
    a row's parent, or through a row or store that names somebody else.
    """
    walk = _Walk(a, b, reached)
    found = (finding for month in sorted(a.plans.keys() & b.plans.keys()) for finding in walk.month(month))
    return list(islice(found, 1))


class _Walk:
    """Goes through two traces, step by step, and keeps whom what differs has reached."""

    def __init__(self, a: Trace, b: Trace, reached: set[int]) -> None:
        self.a, self.b, self.touched = a, b, set(reached)
        self.near = _Near(a.society, a.plan)
        self.named: Names = {}
        self.keys: dict[tuple[int, str], list[Key]] = defaultdict(list)
        for key in sorted(a.rows.keys() | b.rows.keys()):
            self.keys[key[:2]].append(key)

    def month(self, month: int) -> Iterator[Finding]:
        """Give what a month's steps, in their order, make differ for people whom it cannot have reached."""
        for instance in self.a.plans[month]:
            made = REGISTRY[mechanism_of(instance)]
            for key in self.keys[month, instance]:
                for rows in (self.a.rows.get(key), self.b.rows.get(key)):
                    self.named.update(_naming(key[2], rows))
                differing, linked = _differing(self.a.rows.get(key), self.b.rows.get(key), self.named)
                if differing and TABLES[key[2]].of != "persons":
                    self.near.firms = True
                    continue
                yield from self._reach(made, f"a row of '{key[2]}'", month, differing, linked)
            for name in _written(made):  # as they stand at the month's end; a column has one writer
                one, other = self.a.levels[month].get(name), self.b.levels[month].get(name)
                if name.startswith("persons.") and one is not None and other is not None:
                    yield from self._reach(made, f"column '{name}'", month, set(np.flatnonzero(one != other).tolist()), {})
        for trace in (self.a, self.b):
            self.near.tie(trace.stocks[month].get(TIE_CHANGES.name))
        for name in sorted(self.a.stocks[month].keys() | self.b.stocks[month].keys()):
            spec, owner = store_spec(name), _owner(name)
            if spec is not None and owner is not None and spec.of == "persons":
                differing, linked = _differing(self.a.stocks[month].get(name), self.b.stocks[month].get(name))
                yield from self._reach(owner, f"store '{name}'", month, differing, linked)

    def _reach(self, made: Mechanism, what: str, month: int, differing: set[int], linked: dict[int, set[int]]) -> Iterator[Finding]:
        free = differing - self.touched
        if free:
            beyond = {s for s in free - self.near.spread(made, self.touched) if not linked.get(s, set()) & self.touched}
            if beyond:
                yield Finding("", made.name, f"{what} differs for somebody it has no path to", month, {"person": min(beyond)})
            self.touched |= differing


def _owner(store: str) -> Mechanism | None:
    return next((m for m in REGISTRY.values() if any(s.name == store for s in m.owns)), None)


def _differing(one: Any, other: Any, named: Names | None = None) -> tuple[set[int], dict[int, set[int]]]:
    """Give the subjects whose rows differ, and whom those rows or their parents name; `named`: whom rows made so far name."""
    if one is not None and other is not None and same_rows(one, other):
        return set(), {}
    sets = [_tuples(rows) for rows in (one, other)]
    subjects: set[int] = set()
    linked: dict[int, set[int]] = {}
    for row in sets[0] ^ sets[1]:
        subjects.add(row[0])
        linked.setdefault(row[0], set()).update((row[1], row[2], *row[3]), (named or {}).get(row[4], ()))
    return subjects, linked


def _tuples(rows: Any) -> set[tuple[Any, ...]]:
    """Give rows as (subject, subject of the parent, whom the id is about, persons named, parent, everything else)."""
    if rows is None:
        return set()
    names = columns_of(rows)
    values = [rows[name].tolist() for name in names]
    parent = (rows["parent"] >> 28).tolist() if "parent" in rows else rows["subject"].tolist()
    keyed = (rows["id"] >> 28).tolist()
    cause = list(zip(rows["origin"].tolist(), rows["parent"].tolist(), strict=True)) if "parent" in rows else [("", 0)] * len(parent)
    columns = (rows["subject"].tolist(), parent, keyed, _people(rows), cause, zip(*values, strict=True))
    return set(zip(*columns, strict=True))


def _people(rows: Any) -> list[tuple[int, ...]]:
    """Give the persons whom each row names."""
    named = [rows[name].tolist() for name in PEOPLE if name in rows]
    return list(zip(*named, strict=True)) if named else [()] * len(rows["id"])


def _naming(table: str, rows: Any) -> Names:
    """Give whom each row of a table names, by table and id."""
    if rows is None or not any(name in rows for name in PEOPLE if name != "true_actor"):
        return {}
    return {(table, number): people for number, people in zip(rows["id"].tolist(), _people(rows), strict=True)}


class _Near:
    """Who can be reached from whom, by what a mechanism declares."""

    def __init__(self, society: Society, plan: Iterable[str]) -> None:
        self.society, self.firms = society, False
        self._asked = [m for m in (REGISTRY[name] for name in {mechanism_of(n) for n in plan}) if any(isinstance(t, Modifies) for t in m.on)]
        self._components: dict[str, np.ndarray] = {}
        self._made: set[tuple[int, int]] = set()

    def tie(self, changed: Any) -> None:
        """Take in the friendships that have changed: those made since are walked too, by whoever reads of them."""
        if changed is not None:
            self._made |= set(zip(changed["subject"].tolist(), changed["other"].tolist(), strict=True))

    def spread(self, made: Mechanism, touched: set[int]) -> set[int]:
        """Give the persons whom a step of a mechanism may reach from those touched."""
        asked = [m for m in self._asked if any(set(made.quantities) & set(t.quantities) for t in m.on if isinstance(t, Modifies))]
        if any(self._everybody(one) for one in (made, *asked)):
            return set(range(self.society.people))
        found: set[int] = set()
        who = np.fromiter(touched, np.int64, len(touched))
        for one in (made, *asked):
            for labels in self._ways(one):
                found |= set(np.flatnonzero(np.isin(labels, labels[who])).tolist())
        return found

    def _everybody(self, made: Mechanism) -> bool:
        """Tell whether a mechanism deals with all at once: a queue or ration, a mean it declares, or firms, through which everybody may be reached."""
        about_firms = any(of_whom(trigger) == "firms" for trigger in made.on) or any(name.startswith("firms.") for name in (*made.reads, *_written(made)))
        return made.of_all or any(isinstance(t, Pool) for t in made.on) or about_firms

    def _ways(self, made: Mechanism) -> Iterable[np.ndarray]:
        reads = {*made.reads, *_written(made)}
        columns = self.society.columns
        walked = {*made.networks, *(t.through for t in made.on if isinstance(t, Changed) and t.through)}
        for name in sorted(walked - {"partners"}):
            yield self._component(name)
        if TIE_CHANGES.name in made.stores:
            yield self._with_made("friends")
        if {"persons.place", "places.start"} & reads or any(name.startswith("places.") for name in reads):
            yield columns["persons.place"]
            if "persons.move_place" in reads:
                yield np.where(columns["persons.move_month"] < NEVER, columns["persons.move_place"], columns["persons.place"])
        if {"persons.household", "households.start"} & reads or any(name.startswith("households.") for name in reads):
            yield columns["persons.household"]
        if "persons.wed_partner" in reads:
            yield self._component("kin")

    def _with_made(self, network: str) -> np.ndarray:
        """Label the persons by the component they are in, with the ties made since."""
        label = self._component(network).copy()
        for one, other in self._made:
            label[label == label[one]] = label[other]
        return label

    def _component(self, network: str) -> np.ndarray:
        """Label the persons by the component of a network they are in."""
        if network not in self._components:
            made = self.society.networks[network]
            label = np.arange(self.society.people)
            while True:
                before = label.copy()
                for person in range(len(label)):
                    ties = made.neighbours(person) if person < ties_in(made) else np.empty(0, np.int64)
                    if len(ties):
                        low = min(label[person], label[ties].min())
                        label[person], label[ties] = low, np.minimum(label[ties], low)
                if (label == before).all():
                    break
            self._components[network] = label
        return self._components[network]


def ties_in(network: Any) -> int:
    """Count the rows of a network."""
    return len(network.offsets) - 1 if network.kind == "csr" else len(network.target) if network.kind == "regular" else network.size


def _written(made: Mechanism) -> list[str]:
    return [c.name for c in made.writes]


def of_whom(trigger: Any) -> str:
    """Tell whether a trigger hands over persons or firms."""
    if isinstance(trigger, Rows | Pool):
        return TABLES[trigger.table].of if trigger.table in TABLES else "persons"
    if isinstance(trigger, Each):
        spec: Store | None = store_spec(trigger.store)
        return "persons" if spec is None else spec.of
    return str(getattr(trigger, "of", "persons"))
