"""Officials on the spot: police, inspectors, village collectors. They see some acts and take the name down correctly.

Two forms of coverage, as for cameras: an official is about or not at each act (`afresh`), or where a person goes at all (`lasting`).
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, choice, flag, names, probability
from ...engine.declare import Rows, mechanism
from ..common import by_kind, lasting
from ..kinds import KIND, SENSOR, SETTING


class Params(Parameters):
    form = choice("whether an official is about at each act by itself, or where a person goes for good or never", ("afresh", "lasting"), default="afresh")
    where_kept = flag("only in places where a ledger is kept (`record.enrolment`), from the month after it begins", default=False)
    kinds = names("kinds of acts they look for", KIND, codes=True)
    coverage = probability("share of acts that happen where an official is about, by setting", by=SETTING)
    sensitivity = probability("share of those acts that are taken down, by kind", by=KIND, partial=0)
    sensor = choice("who they are, as written in the observation", SENSOR.names, default="police")


@mechanism(
    "observe.police",
    on=Rows("acts", kinds="kinds", prune=(("see", lambda p: by_kind(p.sensitivity)),)),
    params=Params,
    reads=("persons.place", "places.urban", "places.ledger"),
    draws=("view", "see", "ways"),
    emits=("observations",),
)
def police(acts, cols, p, luck):
    """Officials on the spot catch some acts and always name the one who acted.

    An act is taken down when the word `see` is below sensitivity by kind, and `view` (or the actor's lasting word `ways`) is below coverage by
    setting; with where_kept, nobody is about except where a ledger is kept. No fault.
    """
    seen = np.flatnonzero(luck.below("see", p.sensitivity[acts.kind]))
    place = cols.persons.place[acts.subject[seen]]
    about = p.coverage[cols.places.urban[place]]
    about = about * cols.places.ledger[place] if p.where_kept else about
    seen = seen[luck.below("view", about, seen) if p.form == "afresh" else lasting(luck, "ways", acts.subject[seen]) < about]
    return acts.emit("observations", parent=seen, sensor=SENSOR.code(p.sensor), true_actor=acts.subject[seen], fault=0)
