"""Doors with a rating on them: whoever shows fewer stars than a door asks for stays outside (`enforce.rating_access:LABEL`)."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, points
from ...engine.declare import Changed, mechanism
from ..kinds import MEASURE
from ..peers import stars


class Params(Parameters):
    asks = points("stars that a door asks for, by the measure that holds below; 0 = the door asks nothing", by=MEASURE, partial=0, neutral=0)


@mechanism(
    "enforce.rating_access",
    on=Changed("stars"),
    params=Params,
    reads=("persons.stars",),
    stores=("burdens",),
    emits=("impositions",),
    lagged=("burdens",),
)
def rating_access(rated, cols, p, luck):
    """Doors open and close as people's stars cross what they ask for.

    Asked is who was rated. Those measures hold whose stars asked are more than those shown; they are imposed, or lifted, where the book of measures holds
    others for this label.
    """
    who, shown = rated.subject, cols.persons.stars[rated.subject]
    mask = np.zeros(len(who), np.int64)
    for measure in np.flatnonzero(p.asks):
        mask |= (shown < stars(int(p.asks[measure]))).astype(np.int64) << int(measure)
    store = cols.stores.burdens
    held = store.find(who, cols.label)
    before = store.value("mask", held)
    at = np.flatnonzero(mask != before)
    return rated.emit("impositions", parent=at, list=cols.label, mask=mask[at], spill=0)
