"""Stuck: who is on a list or in the lowest grade 12, 36 and 60 months after first coming there.

`measure.across` sets beside it how many of the same persons are in want, in the same months, in the comparator arm.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from ...engine.declare import Rows, Store, mechanism, table
from ..wrongfulness import is_praise

AFTER = (12, 36, 60)
LOWEST = 0
"""Code of the lowest grade of a ledger."""

table("follow_ups", {"after": "int16"}, {}, "A look at a person some months after the first listing or lowest grade.")


@mechanism(
    "measure.stuck",
    on=(Rows("listings"), Rows("grades"), Rows("follow_ups")),
    owns=(
        Store("once_listed", {"since": "int16"}, {}, "Month of each person's first listing or fall to the lowest grade"),
        Store("lowest_grade", {}, {}, "Persons in the lowest grade of the ledger"),
    ),
    stores=("listings",),
    reads=("persons.death_month",),
    emits=("follow_ups",),
    lagged=("follow_ups",),
    tallies=("stuck_seen", "stuck"),
)
def stuck(batch, cols, p, luck):
    """Look at each person 12, 36 and 60 months after the first listing or lowest grade, while the person lives."""
    due, made, once, lowest = batch.follow_ups, [], cols.stores.once_listed, cols.stores.lowest_grade
    fallen, risen = _graded(batch.grades, lowest)
    begun = np.empty(0, np.int64)
    for rows, at in ((batch.listings, _named(batch.listings)), (batch.grades, fallen)):
        who, first = np.unique(rows.subject[at], return_index=True)
        new = (once.find(who) < 0) & ~np.isin(who, begun)
        begun = np.concatenate([begun, who[new]])
        at = at[first[new]]
        once.put(rows, at, since=cols.month)
        made += [rows.emit("follow_ups", parent=at, kind=0, after=after, due=cols.month + after) for after in AFTER]
    if len(due):
        low = lowest.has(due.subject) & ~np.isin(due.subject, batch.grades.subject[risen]) | np.isin(due.subject, batch.grades.subject[fallen])
        held, alive = low | _is_listed(due.subject, cols.stores.listings), cols.persons.death_month[due.subject] > cols.month
        for after in AFTER:
            which = (due.after == after) & alive
            made += [due.tally(f"stuck_seen.after{after}", which), due.tally(f"stuck.after{after}", which & held)]
    return made


def _graded(grades, lowest):
    """Keep the store of the lowest grade; give the rows that fall into it and those that rise out of it, each person's last of the month."""
    last = np.flatnonzero(np.append(grades.subject[1:] != grades.subject[:-1], True)) if len(grades) else np.empty(0, np.int64)
    fallen, risen = last[grades.grade[last] == LOWEST], last[grades.grade[last] != LOWEST]
    lowest.put(grades, fallen)
    at = lowest.find(grades.subject[risen])
    lowest.drop(at[at >= 0])
    return fallen, risen


def _named(listings):
    return np.flatnonzero(~is_praise(listings)) if len(listings) else np.empty(0, np.int64)


def _is_listed(subjects, listings):
    """Tell who is on a list other than one of praise."""
    position, at = listings.of(subjects)
    named = ~is_praise(SimpleNamespace(kind=listings.kind[at], until=listings.until[at]))
    held = np.zeros(len(subjects), bool)
    held[position[named]] = True
    return held
