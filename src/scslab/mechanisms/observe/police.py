"""Officials on the spot: police, inspectors, village collectors. They see some acts and take the name down correctly."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, choice, names, probability
from ...engine.declare import Rows, mechanism
from ..common import by_kind
from ..kinds import KIND, SENSOR, SETTING


class Params(Parameters):
    kinds = names("kinds of acts they look for", KIND, codes=True)
    coverage = probability("share of acts that happen where an official is about, by setting", by=SETTING)
    sensitivity = probability("share of those acts that are taken down, by kind", by=KIND, partial=0)
    sensor = choice("who they are, as written in the observation", SENSOR.names, default="police")


@mechanism(
    "observe.police",
    on=Rows("acts", kinds="kinds", draw="see", limit=lambda p: by_kind(p.sensitivity)),
    params=Params,
    reads=("persons.place", "places.urban"),
    draws=("view", "see"),
    emits=("observations",),
)
def police(acts, cols, p, luck):
    """Officials on the spot catch some acts and always name the one who acted."""
    seen = np.flatnonzero(luck.below("see", p.sensitivity[acts.kind]))
    setting = cols.places.urban[cols.persons.place[acts.subject[seen]]]
    seen = seen[luck.below("view", p.coverage[setting], seen)]
    return acts.emit("observations", parent=seen, sensor=SENSOR.code(p.sensor), true_actor=acts.subject[seen], fault=0)
