"""Practice: who lives where the rule is seen to be enforced gets used to keeping it, and unlearns it slowly when nobody is punished any more."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, weight
from ...engine.declare import Column, Sweep, mechanism

FULL = 65_535


class Params(Parameters):
    grows = weight("share of the distance to a full habit made in a month by somebody who sees the rule enforced; 0 = no habit")
    fades = weight("share of a habit that fades in a month")


@mechanism(
    "respond.practice",
    on=Sweep(),
    params=Params,
    reads=("persons.place", "places.start"),
    writes=(Column("persons.practice", "uint16", 0, "1/65535", "how far keeping the watched rule has become a habit"),),
    stores=("salience",),
)
def practice(everybody, cols, p, luck):
    """A habit grows with the visible enforcement of the place, and fades.

    Habit (over 65,535) plus (full - habit) x (level in `salience` of the place x grows >> 16) >> 16, less habit x fades >> 16, between 0 and full.
    """
    mine, store = cols.persons.practice[everybody.lo : everybody.hi], cols.stores.salience
    if not len(store) and not mine.any():
        return
    at = store.find(cols.places.start[:-1].astype(np.int64))
    level = store.value("level", at) * p.grows >> 16
    habit = mine.astype(np.int64)
    habit += ((FULL - habit) * level[cols.persons.place[everybody.lo : everybody.hi]] >> 16) - (habit * p.fades >> 16)
    mine[:] = np.clip(habit, 0, FULL)
