"""A list of the praised: everybody whose score reaches a cut, for as long as it does (`decide.redlist:LIST`)."""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import Parameters, points
from ...engine.declare import Changed, mechanism
from ..kinds import GROUND
from ..scores import deviation

BELOW_CUT = GROUND.code("below_cut")


class Params(Parameters):
    start = points("score of a person without records, as in the ledger")
    recovery = points("points a month by which a score below the start recovers, as in the ledger")
    cut = points("on the list when the score is at or above; above the start")


@mechanism(
    "decide.redlist",
    on=Changed("score"),
    params=Params,
    reads=("persons.score",),
    stores=("listings",),
    emits=("entries", "removals"),
)
def redlist(touched, cols, p, luck):
    """Whoever's score reaches the cut is praised by name; whoever falls below it no more.

    For everybody whose score was touched: on the list without an end when at or above the cut and not on it; off it, ground below_cut, when below and
    on it.
    """
    score = deviation(cols.persons.score[touched.subject], cols.month, p.recovery)
    high, listed = score + p.start >= p.cut, cols.stores.listings.has(touched.subject, cols.label)
    up, down = np.flatnonzero(high & ~listed), np.flatnonzero(~high & listed)
    return [
        touched.emit("entries", parent=up, list=cols.label, until=NEVER),
        touched.emit("removals", parent=down, list=cols.label, ground=BELOW_CUT),
    ]
