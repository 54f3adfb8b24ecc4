"""The book of changed friendships: the only owner of the store `tie_changes`; carries out orders for both ends alike.

Orders of one month about one pair are joined: a cut prevails over hiding, hiding over making, whoever of the two gave them.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters
from ...engine.declare import Pool, mechanism
from ..common import EVERYBODY
from ..ties import CHANGE, CUT, HIDDEN, MADE, TIE_CHANGES, tie_ids

CUTS, MAKES, HIDES = (CHANGE.code(name) for name in ("cut", "made", "hidden"))


class Params(Parameters):
    """None: what people do about ties is decided elsewhere."""

    everybody = EVERYBODY * 1000
    """A person may give an order about every friend, so there may be many more orders than persons; none waits."""


@mechanism("outcome.ties", on=Pool("tie_orders", capacity="everybody"), params=Params, owns=(TIE_CHANGES,))
def ties(orders, cols, p, luck):
    """Friendships are cut, made or hidden, for both friends at once.

    Orders of the month about a pair are joined: a cut prevails over hiding, that over making. A cut leaves nothing of a tie made since, and of another one
    leaves it cut; hiding adds to what it is; making ends a cut, and where nothing is changed makes a tie; else nothing changes. What changed is kept for both
    ways round with the row of the pair's first order, and this month as `since`. Orders are taken all at once.
    """
    store = cols.stores.tie_changes
    pair, first, inverse = np.unique(tie_ids(orders.subject, orders.other), return_index=True, return_inverse=True)
    asked = np.zeros(len(pair), np.int64)
    np.bitwise_or.at(asked, inverse, 1 << orders.change.astype(np.int64))
    one, other = pair >> 31, pair & (2**31 - 1)
    held = store.find(one, other)
    before = store.value("state", held)
    cut, hide, make = (asked >> code & 1 == 1 for code in (CUTS, HIDES, MAKES))
    ends_new, restores = cut & (before & MADE > 0), ~cut & make & (before & CUT > 0)
    after = np.where(cut, CUT, np.where(hide, before | HIDDEN, np.where(make & (before == 0), MADE, before)))
    dropped = ends_new | restores  # as in the world again
    gone = held[dropped & (held >= 0)]
    store.drop(np.concatenate([gone, store.find(other, one)[dropped & (held >= 0)]]))
    kept = np.flatnonzero(~dropped & (after != before))
    for a, b in ((one, other), (other, one)):
        store.put(orders, first[kept], subject=a[kept], sub=b[kept], other=b[kept], state=after[kept], since=cols.month)
