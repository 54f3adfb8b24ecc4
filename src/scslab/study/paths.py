"""Who differs between two runs, and whether a causal path leads there from where they were made to differ.

Two runs that share their luck differ in one thing: somebody was forbidden an act, or is there besides everybody else. Whoever lives another life must be
reached from that person by something that passes between people: a row that another's row caused, or that names another. Where rules let people read
each other without a row, ties and queues for what is rationed count as well, if asked for: among many who differ at once they would excuse a leak.
Anybody else who differs shows that luck leaked. Rows are compared whole: every column of every row of every table, with its cause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..engine.declare import REGISTRY, TABLES, Pool
from ..engine.rows import SUBJECT_SHIFT
from ..mechanisms.catalogue import catalogue
from ..world import World
from .verify.scenario import Played

CHANNELS = ("row", "contact", "tie", "queue")
STRICT = CHANNELS[:2]
"""Channels that leave a row behind."""
NAMES = ("other", "source", "reporter", "true_actor")
"""Columns of rows that name another person."""


def person_tables() -> tuple[str, ...]:
    """Name every table of rows about persons."""
    catalogue()
    return tuple(sorted(name for name, table in TABLES.items() if table.of == "persons"))


def queues() -> frozenset[str]:
    """Name the tables in which people wait for what is rationed."""
    catalogue()
    return frozenset(trigger.table for made in REGISTRY.values() for trigger in made.on if isinstance(trigger, Pool))


@dataclass(frozen=True)
class Change:
    """A row that is not the same in both runs: whose, when, whose rows caused it, and whom it names, in either run."""

    person: int
    period: int
    causes: frozenset[int]
    named: frozenset[int]
    table: str


def changes(one: Played, other: Played) -> list[Change]:
    """List the rows that only one of two runs has, or that differ, in order of time."""
    found = []
    for table in one.kept:
        a, b = _keyed(one, table), _keyed(other, table)
        for number in a.keys() | b.keys():
            if a.get(number) != b.get(number):
                person, rows = number >> SUBJECT_SHIFT, [run[number] for run in (a, b) if number in run]
                named = frozenset(row[name] for row in rows for name in NAMES if name in row) - {person}
                causes = frozenset(row["parent"] >> SUBJECT_SHIFT for row in rows if row["parent"]) - {person}
                found.append(Change(person, min(row["period"] for row in rows), causes, named, table))
    return sorted(found, key=lambda change: (change.period, change.person, change.table))


def _keyed(played: Played, table: str) -> dict[int, dict[str, int]]:
    rows = played.rows(table)
    names = sorted(set(rows) - {"id"})
    return {number: dict(zip(names, row, strict=True)) for number, row in
            zip(rows["id"].tolist(), zip(*(rows[name].tolist() for name in names), strict=True), strict=True)}  # fmt: skip


@dataclass(frozen=True)
class Reach:
    """How far a difference went.

    Attributes:
        changed: everybody whose life differs, with the first period in which it does.
        channels: how many of them were reached by each channel.
        unexplained: those whom no path leads to.
    """

    changed: Mapping[int, int]
    channels: Mapping[str, int]
    unexplained: frozenset[int]


def reach(one: Played, other: Played, source: int, channels: Sequence[str] = STRICT) -> Reach:
    """Compare two runs and follow the difference from the person with whom it began.

    Args:
        one, other: runs that kept every table of `person_tables`; `other` may have persons that `one` has not.
        source: the person forbidden an act, or added.
        channels: by what a difference may pass, of `CHANNELS`.
    """
    rows = changes(one, other)
    first: dict[int, int] = {}
    for change in rows:
        first.setdefault(change.person, change.period)
    begun = [change for change in rows if change.period == first[change.person]]
    near = _ties([one, other], first)
    waits = _waiting([one, other], rows)
    reached, used = {source: -1}, Counter[str]()
    while True:
        new: dict[int, str] = {}
        for change in begun:
            if change.person not in reached and change.person not in new:
                channel = _channel(change, reached, near, waits)
                if channel in channels:
                    new[change.person] = channel
        if not new:
            break
        reached |= {person: first[person] for person in new}
        used.update(new.values())
    return Reach(first, dict(used), frozenset(first) - frozenset(reached))


def _channel(
    change: Change, reached: Mapping[int, int], near: Mapping[int, set[int]], waits: Mapping[str, set[tuple[int, int]]]
) -> str:
    """Name the channel by which a change can have come from somebody reached no later; empty when there is none."""
    for channel, others in (("row", change.causes), ("contact", change.named), ("tie", near.get(change.person, ()))):
        if any(reached.get(other, change.period + 1) <= change.period for other in others):
            return channel
    for who in waits.values():
        mine = [period for person, period in who if person == change.person and period <= change.period]
        if mine and any(person in reached and period <= change.period for person, period in who if person != change.person):
            return "queue"
    return ""


def _waiting(runs: Iterable[Played], rows: list[Change]) -> dict[str, set[tuple[int, int]]]:
    """List by queue the persons whose life differs and when they queued."""
    differ, found = {change.person for change in rows}, {}
    for table in queues() & set(person_tables()):
        who: set[tuple[int, int]] = set()
        for run in runs:
            asked = run.rows(table)
            who |= {(person, period) for person, period in zip(asked["subject"].tolist(), asked["period"].tolist(), strict=True) if person in differ}
        found[table] = who
    return found


def _ties(runs: Iterable[Played], persons: Iterable[int]) -> dict[int, set[int]]:
    """List for each person those tied to them in either run: kin, partners by marriage, friends, members of the household, staff of one firm."""
    found: dict[int, set[int]] = {person: set() for person in persons}
    for world in {id(run.world): run.world for run in runs}.values():
        columns = world.columns
        wed = columns["persons.wed_partner"]
        for person in found:
            if person >= world.n_rows:
                continue
            for network in world.networks.values():
                found[person] |= set(network.neighbours(person).tolist())
            home, firm = columns["persons.household"][person], columns["persons.firm"][person]
            found[person] |= _members(world, "household", int(home)) | (_members(world, "firm", int(firm)) if firm >= 0 else set())
            found[person] |= ({int(wed[person])} if wed[person] >= 0 else set()) | set(np.flatnonzero(wed == person).tolist())
            found[person].discard(person)
    return found


def _members(world: World, column: str, value: int) -> set[int]:
    return set(np.flatnonzero(world.columns[f"persons.{column}"] == value).tolist())
