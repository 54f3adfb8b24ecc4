"""Deterrence by salience (`respond.caution:RULE`): where people see others punished they commit fewer acts of the watched kinds, caught or not."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, names, share
from ...engine.declare import Modifies, mechanism
from ..kinds import KIND
from ..restraint import CAUTIOUS, DETERRABLE, kind_of, left_by


class Params(Parameters):
    kinds = names("kinds of acts that people see punished", KIND, codes=True)
    strength = share("fall of those acts where everybody has lately seen a punishment; 0 = none")


@mechanism(
    "respond.caution",
    on=Modifies((*DETERRABLE, *CAUTIOUS), lowers=True),
    params=Params,
    reads=("persons.place", "places.start"),
    stores=("salience",),
)
def caution(quantity, subjects, cols, p):
    """People who see punishment around them are careful.

    1 - strength x the level in `salience` of the person's place (kept under its first person), the product over 2^31 rounded down; only kinds named.
    """
    store = cols.stores.salience
    if not p.strength or not len(store) or not len(subjects) or kind_of(quantity) not in p.kinds:
        return None
    at = store.find(cols.places.start[cols.persons.place[subjects]])
    return left_by(np.where(at >= 0, store.level[at], 0), p.strength)
