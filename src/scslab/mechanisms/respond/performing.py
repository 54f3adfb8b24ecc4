"""Behaviour that follows the model that predicts it: what is deployed shifts what people do. `outcome.retraining` is the other half.

The synthetic example of Perdomo and others (2020) and Mendler-Duenner and others (2020).
"""

from __future__ import annotations

from ...base.parameters import Parameters, factor, weight
from ...engine.declare import Column, Sweep, mechanism
from ..counts import normal


class Params(Parameters):
    base = weight("behaviour while nothing is deployed", unit="units")
    follows = weight("shift of behaviour for each unit of the parameter deployed", unit="units per unit")
    spread = factor("standard deviation of behaviour between persons and months", unit="units")


@mechanism(
    "respond.performing",
    on=Sweep(),
    params=Params,
    reads=("persons.place", "places.deployed"),
    writes=(Column("persons.behaviour", "int64", 0, "1/65536 unit", "what a model is trained on"),),
    draws=("noise",),
)
def performing(everybody, cols, p, luck):
    """Behave around the base, shifted by what is deployed in the place.

    Everybody, the unborn too: base + deployed x follows + spread x a normal number. The normal number is the quantile at the middle of the one of 2^14 even
    parts that the word `noise` (of the person in this month) falls into, rounded to 1/65536. Each product is cut to whole 1/65536.
    """
    mine = slice(everybody.lo, everybody.hi)
    shift = cols.places.deployed[cols.persons.place[mine]] * p.follows >> 16
    cols.persons.behaviour[mine] = p.base + shift + normal(luck.noise, p.spread)
