"""Shunning: friends of a person shown in public drop the person, as far as they saw it; some make up when it is forgotten.

The chance is per tie and month, so that a long display costs more ties than a short one.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability
from ...engine.declare import Each, Store, mechanism
from ..common import ALIVE, living, thinned
from ..ties import CHANGE, CUT, friends_now, tie_ids

CUTS, MAKES = CHANGE.code("cut"), CHANGE.code("made")


class Params(Parameters):
    shuns = probability("chance a month that a friend who saw the person shown ends the friendship, at full stigma")
    makes_up = probability("chance a month that a friendship so ended begins again, once the stigma is gone")


@mechanism(
    "respond.shunning",
    on=(Each("stigma"), Each("shunned")),
    params=Params,
    reads=ALIVE,
    owns=(Store("shunned", {"other": "int32"}, {}, "Friendships ended because one of the two was shown in public", sub_bits=31),),
    stores=("tie_changes", "stigma"),
    networks=("friends",),
    draws=("shun", "make_up"),
    emits=("tie_orders",),
    lagged=("tie_changes",),
)
def shunning(batch, cols, p, luck):
    """Friends end friendships with those shown in public; some begin again later.

    Each living adult who is a friend now drops the person shown when the word `shun` is below `shuns` x the level of stigma; the word is that of the two
    (the smaller number << 31 | the larger). An order cuts the friendship, and it is kept as shunned, with the row of the stigma; none where `shuns` is 0.
    Of what was kept before, where the person shown bears no stigma now and the word `make_up` of the two is below `makes_up`, it is forgotten; where the
    friendship is still cut, and both are alive, an order makes it again, its cause what was kept. All orders have kind none.
    """
    held, old, store, made = batch.stigma, batch.shunned, cols.stores.shunned, []
    if len(held) and p.shuns:
        source, friend = friends_now(cols, held.subject)
        friend = friend.astype(np.int64)
        ids = tie_ids(held.subject[source], friend)
        drops = living(cols, friend) & (luck.at("shun", ids) < thinned(p.shuns, held.level.astype(np.int64)[source]))
        source, friend = source[drops], friend[drops]
        made.append(held.emit("tie_orders", parent=source, kind=0, other=friend, change=CUTS))
        store.put(held, source, sub=friend, other=friend)
    if len(old):
        free = np.flatnonzero(~cols.stores.stigma.has(old.subject)) if len(cols.stores.stigma) else np.arange(len(old))
        other = store.other[old.at[free]].astype(np.int64)
        again = free[luck.at("make_up", tie_ids(old.subject[free], other)) < p.makes_up]
        other = store.other[old.at[again]].astype(np.int64)
        changes = cols.stores.tie_changes
        at = changes.find(old.subject[again], other)
        still = (at >= 0) & (changes.state[at] & CUT > 0) if len(changes) else np.zeros(len(again), bool)
        still &= living(cols, old.subject[again], 0) & living(cols, other, 0)
        made.append(old.emit("tie_orders", parent=again[still], kind=0, other=other[still], change=MAKES))
        store.drop(old.at[again])
    return made
