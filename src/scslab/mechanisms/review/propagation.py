"""Corrections that travel, or do not: between the registry, the master database and a list (`review.propagation:LIST`).

Downwards: when a record was deleted because it was wrong, some of the listings that rest on it end, unless another record of the
kind is held. Upwards: when a listing is undone because it was wrong, some of the copies it came from are deleted; the others
are there for the next renewal of the data.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, choice, duration, probability
from ...engine.declare import Rows, mechanism
from ..common import among
from ..kinds import GROUND
from ..tables_registry import UNDONE as UNDONE_GROUNDS

UNDONE, CORRECTED = GROUND.codes(UNDONE_GROUNDS), GROUND.code("corrected")


class Params(Parameters):
    fed_by = choice("which register feeds the list", ("registry", "master"))
    down = probability("share of deleted records whose listing ends too")
    up = probability("share of undone listings whose copies in the master database are deleted too")
    delay = duration("months either way takes")


@mechanism(
    "review.propagation",
    on=(Rows("record_ends"), Rows("copy_ends"), Rows("removals", match="list")),
    params=Params,
    stores=("listings", "records_held", "national_copies"),
    draws=("down", "up"),
    emits=("removals", "copy_orders"),
    lagged=("listings",),
)
def propagation(batch, cols, p, luck):
    """Carry some corrections from the records to the list, and from the list to the master database.

    Down: a record (form master: a copy) that ended as overturned, corrected or restored ends the listing of its subject, if that is of its kind and
    no other record (copy) of that kind is held: with chance `down` (word `down`), ground corrected, due after `delay`. Up: a removal from this list
    on such a ground orders the copies of its kind deleted, with chance `up` (word `up`), due after `delay`. Its own removals too are looked at, the
    month after.
    """
    due, made = cols.month + p.delay, []
    ends, rest = (batch.record_ends, cols.stores.records_held) if p.fed_by == "registry" else (batch.copy_ends, cols.stores.national_copies)
    if len(ends):
        listings = cols.stores.listings
        at = listings.find(ends.subject, cols.label)
        here = np.flatnonzero((at >= 0) & among(ends.ground, UNDONE))
        here = here[listings.kind[at[here]] == ends.kind[here]] if len(listings) else here
        here = here[~_supported(ends, here, rest)]
        here = here[luck.of(ends).below("down", p.down, here)]
        made.append(ends.emit("removals", parent=here, list=cols.label, ground=CORRECTED, entry=listings.id[at[here]], due=due))
    undone = batch.removals
    if len(undone):
        here = np.flatnonzero(among(undone.ground, UNDONE))
        here = here[luck.of(undone).below("up", p.up, here)]
        made.append(undone.emit("copy_orders", parent=here, due=due))
    return made


def _supported(ends, here, rest):
    """Tell which deleted records leave another of their kind on the same person."""
    position, held = rest.of(ends.subject[here])
    same = rest.kind[held] == ends.kind[here][position]
    return np.bincount(position[same], minlength=len(here)) > 0
