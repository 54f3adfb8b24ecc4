"""Who shows the score to everybody, and what hiding it says: others take a hidden score for the mean of the hidden ones.

Whoever stands above that mean by more than showing costs shows the score; the mean of those left falls, and the next show theirs. With
scores spread evenly from a to b and showing costing c, only scores below a + 2c stay hidden (Grossman 1981, Milgrom 1981).
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, points
from ...engine.declare import Each, mechanism
from ..platforms import of_platform


class Params(Parameters):
    modesty = points("points by which a score must exceed what others take a hidden one for, to be shown")


@mechanism(
    "respond.platform_display",
    on=Each("memberships"),
    params=Params,
    emits=("platform_displays",),
    lagged=("memberships",),
    of_all=True,
)
def platform_display(members, cols, p, luck):
    """Members show a score that is better than what others would take a hidden one for.

    That is the mean of this platform's scores above 0 that are not shown now, rounded down; 0 where none is. A score above 0 that is the mean + `modesty` or
    more is to be shown; where that differs from what is, there is a row.
    """
    store = cols.stores.memberships
    hidden = (store.list == cols.label) & (store.shown == 0) & (store.score > 0)
    n = int(hidden.sum())
    believed = int(store.score[hidden].sum(dtype=np.int64)) // n if n else 0
    at = of_platform(members, cols)
    shows = (members.score[at] > 0) & (members.score[at].astype(np.int64) >= believed + p.modesty)
    changed = shows != (members.shown[at] > 0)
    return members.emit("platform_displays", parent=at[changed], list=cols.label, shown=shows[changed])
