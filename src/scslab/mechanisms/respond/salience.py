"""How visible punishment is in a place: the share of its people who lately saw somebody shamed in public.

A display is seen by `reach` people of the place where the person lives; what was seen fades. The store holds places with a level above zero, under
their first person; a display counts from the next month.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, count, weight
from ...engine.declare import Each, Pool, Rows, Store, mechanism, table
from ..common import EVERYBODY
from ..kinds import BASIS, MEASURE
from ..restraint import LEAST

OWN, SHAMING = BASIS.code("own"), MEASURE.code("shaming")

table("sightings", {"displays": "int32"}, {}, "Displays of shamed people in the place of the subject, who stands for it.")


class Params(Parameters):
    reach = count("people of the place who see one display", unit="persons")
    fades = weight("share of what people saw that fades in a month")
    everybody = EVERYBODY
    """A place's people may stand in several spans; a step with a pool comes in one piece, so a place has one row and one level."""


@mechanism(
    "respond.salience",
    on=(Rows("measures"), Pool("sightings", capacity="everybody"), Each("salience")),
    params=Params,
    reads=("persons.place", "places.start"),
    owns=(Store("salience", {"level": "int32"}, {}, "Share of a place's people who lately saw a punishment, over 2^16, by its first person"),),
    emits=("sightings",),
    lagged=("sightings", "salience"),
)
def salience(batch, cols, p, luck):
    """Public shaming is seen by people of the place, and forgotten with time.

    First all levels fade: x (1 - fades); below 64/2^16 they are dropped, unless raised. Sightings of last month raise the level of their place by the
    share displays x reach / persons of the place (settled at the start), at most all, of its distance to 1. Own measures shaming that begin are told
    as one sighting a place, of its first person, caused by the first of them.
    """
    store, held, seen, measures = cols.stores.salience, batch.salience, batch.sightings, batch.measures
    if len(held):
        left = held.level.astype(np.int64) * (FACTOR_ONE - p.fades) >> 16
        store.set(held.at, level=left)
        store.drop(held.at[left < LEAST])
    if len(seen) and p.reach:
        _see(store, seen, cols, p)
    shown = np.flatnonzero((measures.measure == SHAMING) & (measures.basis == OWN))
    if not len(shown):
        return None
    stands_for = cols.places.start[cols.persons.place[measures.subject[shown]]].astype(np.int64)
    place, first, displays = np.unique(stands_for, return_index=True, return_counts=True)
    return measures.emit("sightings", subject=place, parent=shown[first], kind=0, displays=displays)


def _see(store, seen, cols, p):
    """Raise the level of each place by the share of its people who saw a display and had not before."""
    who, first, inverse = np.unique(seen.subject, return_index=True, return_inverse=True)
    displays = np.zeros(len(who), np.int64)
    np.add.at(displays, inverse, seen.displays.astype(np.int64))
    place = cols.persons.place[who].astype(np.int64)
    size = cols.places.start[place + 1].astype(np.int64) - cols.places.start[place]
    share = np.minimum(displays * p.reach * FACTOR_ONE // np.maximum(size, 1), FACTOR_ONE)
    at = store.find(who)
    before = store.value("level", at)
    level = before + ((FACTOR_ONE - before) * share >> 16)
    store.put(seen, first[level >= LEAST], level=level[level >= LEAST])
