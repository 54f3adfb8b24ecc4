"""Repair: whoever has performed every judgment may leave the list, at once or only when the term is over (`review.repair:LIST`)."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, duration, probability
from ...engine.declare import Rows, mechanism
from ..kinds import GROUND, KIND, STAGE

PERFORMED = GROUND.code("performed")
JUDGED = STAGE.code("judged")


class Params(Parameters):
    deleted = probability(
        "share of performed listings that are deleted, by kind: 1 where deletion is a duty, less where it is discretion", by=KIND, partial=0
    )
    delay = duration("months from performance to deletion when the authority is in time", errorless=0)
    late = probability("share of deletions that are late", errorless=0)
    lateness = duration("further months that late deletions take")


@mechanism(
    "review.repair",
    on=Rows("performances"),
    params=Params,
    stores=("listings", "debts"),
    draws=("delete", "late"),
    emits=("removals",),
    lagged=("listings",),
)
def repair(performances, cols, p, luck):
    """Delete the listing of a person who has performed, where the rule says so and no other judgment is open.

    For a performance by a person on this list who has no other judged debt: with chance `deleted` by the listing's kind (word `delete`) an order to
    remove that listing, due after `delay`, and `lateness` more with chance `late` (word `late`).
    """
    listings, debts = cols.stores.listings, cols.stores.debts
    at = listings.find(performances.subject, cols.label)
    here = np.flatnonzero(at >= 0)
    if not len(here):
        return None
    position, debt = debts.of(performances.subject[here])
    is_open = np.zeros(len(here), bool)
    is_open[position[debts.stage[debt] == JUDGED]] = True
    here = here[~is_open]
    here = here[luck.below("delete", p.deleted[listings.kind[at[here]]], here)]
    due = cols.month + p.delay + np.where(luck.below("late", p.late, here), p.lateness, 0)
    return performances.emit("removals", parent=here, list=cols.label, ground=PERFORMED, entry=listings.id[at[here]], due=due)
