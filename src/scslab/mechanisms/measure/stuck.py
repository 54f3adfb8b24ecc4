"""Stuck: who is on a list 12, 36 and 60 months after a first listing."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, Store, mechanism, table
from ..wrongfulness import is_praise

AFTER = (12, 36, 60)

table("follow_ups", {"after": "uint16"}, {}, "A look at a person some months after the first listing.")


@mechanism(
    "measure.stuck",
    on=(Rows("listings"), Rows("follow_ups")),
    owns=(Store("once_listed", {"since": "int16"}, {}, "Month of each person's first listing"),),
    stores=("listings",),
    emits=("follow_ups",),
    lagged=("follow_ups",),
    tallies=("stuck_seen", "stuck"),
)
def stuck(batch, cols, p, luck):
    """Look at each person 12, 36 and 60 months after the first listing."""
    new, due, made, store = batch.listings, batch.follow_ups, [], cols.stores.once_listed
    if len(new):
        at = np.flatnonzero(~is_praise(new))
        who, first = np.unique(new.subject[at], return_index=True)
        at = at[first[store.find(who) < 0]]
        store.put(new, at, since=cols.month)
        made += [new.emit("follow_ups", parent=at, kind=0, after=after, due=cols.month + after) for after in AFTER]
    if len(due):
        held = cols.stores.listings.count(due.subject) > 0
        for after in AFTER:
            which = due.after == after
            made += [due.tally(f"stuck_seen.after{after}", which), due.tally(f"stuck.after{after}", which & held)]
    return made
