"""Agencies at their own business: tax, customs, food, wages, railways, airports... They find some breaches, more where they look more often.

`inspection.rate` can be moved by others: a list that brings more inspections, a redlist that brings fewer.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, choice, names, probability, share
from ...engine.declare import Rows, mechanism
from ..common import thinned, times
from ..kinds import KIND, SENSOR, SETTING


class Params(Parameters):
    kinds = names("kinds of breaches that the agencies look for", KIND, codes=True)
    found = probability("share of breaches that are found at the usual rate of inspections, by kind", by=KIND, partial=0)
    reach = share("how often the agencies are about, by setting, as a share of where they are most", by=SETTING)
    sensor = choice("who they are, as written in the observation", SENSOR.names, default="inspection")


@mechanism(
    "observe.agency",
    on=Rows("acts", kinds="kinds"),
    params=Params,
    reads=("persons.place", "places.urban"),
    draws=("find",),
    emits=("observations",),
    quantities=("inspection.rate",),
)
def agency(acts, cols, p, luck):
    """Agencies find some of the breaches in their field, more of them where they inspect more often.

    An act is found with chance found by kind x reach by setting of the actor's place x `inspection.rate`, by the word `find`. No fault.
    """
    urban = cols.places.urban[cols.persons.place[acts.subject]]
    chance = thinned(times(p.found[acts.kind], p.reach[urban]), cols.factor("inspection.rate", acts.subject))
    found = np.flatnonzero(luck.below("find", chance))
    return acts.emit("observations", parent=found, sensor=SENSOR.code(p.sensor), true_actor=acts.subject[found], fault=0)
