"""Notice: the authority tells some of those it is about to list, before or after the listing takes effect (`review.notice:LIST`).

With delay 0 the notice goes out in the month of the decision, before the register acts, so that an objection decided
in the same month is a hearing before effect.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, duration, probability
from ...engine.declare import Rows, mechanism
from ..kinds import CHANNEL

NOTICE = CHANNEL.code("notice")


class Params(Parameters):
    told = probability("share of persons to be listed whom a notice reaches")
    delay = duration("months from the decision to the notice")


@mechanism(
    "review.notice",
    on=Rows("entries", match="list"),
    params=Params,
    stores=("listings",),
    draws=("tell",),
    emits=("notices",),
    lagged=("listings",),
)
def notice(entries, cols, p, luck):
    """Tell some of those to be listed that they are.

    For entries of this list whose subject is not on it: with chance `told` (word `tell`), due after `delay`; channel notice, and the entry's id.
    """
    new = np.flatnonzero(~cols.stores.listings.has(entries.subject, entries.list))
    told = new[luck.below("tell", p.told, new)]
    return entries.emit("notices", parent=told, channel=NOTICE, entry=entries.id[told], due=cols.month + p.delay)
