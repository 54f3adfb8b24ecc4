"""Effort that pays only where it is believed: a person makes it when the better chance of the better job is worth its cost.

Coate and Loury (1993); the employer is `decide.signal_cut`. A share of persons thinks again each month.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import Parameters, factor, probability
from ...engine.declare import Column, Sweep, mechanism


class Params(Parameters):
    wage = factor("what the better job is worth", unit="units of effort")
    adjust = probability("chance a month of thinking again")


@mechanism(
    "respond.investing",
    on=Sweep(),
    params=Params,
    reads=("persons.place", "places.signal_cut"),
    writes=(
        Column("persons.invests", "uint8", 0, "", "makes the effort"),
        Column("persons.effort_cost", "int32", 0, "1/65536 unit", "cost of the effort"),
    ),
    draws=("adjust",),
)
def investing(everybody, cols, p, luck):
    """Compare the cost with the wage times the gain in chance of a sign above the cut: 2 cut (1 - cut).

    Everybody thinks again whose word `adjust` (of the person in this month) is below the chance. The effort is made when its cost is not above the gain x
    the wage. The gain is (cut x (1 - cut) over 2^31, rounded down) x 2.
    """
    who = np.flatnonzero(luck.below("adjust", p.adjust)) + everybody.lo
    cut = cols.places.signal_cut[cols.persons.place[who]]
    gain = 2 * (cut * (ONE - cut) >> 31)
    cols.persons.invests[who] = cols.persons.effort_cost[who] <= gain * p.wage >> 31
