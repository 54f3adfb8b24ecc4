"""A good name that travels: whoever moves takes the perks of good records along, as far as the new place can see them (`:LABEL`).

Without a joint database a mover begins anew. The master database shows good records of joined islands to the new place, which
grants its own perks for as long as a record counts.
"""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import Parameters, duration, names, probability
from ...engine.declare import Rows, mechanism
from ..kinds import KIND, MEASURE


class Params(Parameters):
    kinds = names("kinds of good records that count elsewhere", KIND, codes=True)
    perks = names("perks that the new place grants", MEASURE, codes=True)
    granted = probability("share of movers with a good record to whom the new place grants them")
    valid = duration("months before the move, and after it, in which a record counts")


@mechanism(
    "enforce.portability",
    on=Rows("national_records", kinds="kinds"),
    params=Params,
    reads=("persons.move_month", "persons.move_place", "persons.place"),
    draws=("grant",),
    emits=("impositions", "ported"),
)
def portability(records, cols, p, luck):
    """Whoever moves within the validity of a good record that others can see gets the perks of the new place.

    A record counts for who moves to another place later than this month and within `valid` months, if the word `grant` is below granted; one a person and
    month. The perks begin in the month of the move and end `valid` months after it.
    """
    who = records.subject
    move = cols.persons.move_month[who].astype(np.int64)
    moves = (move < NEVER) & (move > cols.month) & (move - cols.month <= p.valid) & (cols.persons.move_place[who] != cols.persons.place[who])
    at = np.flatnonzero(moves)
    at = at[luck.below("grant", p.granted, at)]
    _, first = np.unique(who[at], return_index=True)
    at = at[first]
    mask = int(np.bitwise_or.reduce(1 << p.perks, initial=0))
    return [
        records.emit("ported", parent=at, due=move[at]),
        records.emit("impositions", parent=at, list=cols.label, mask=mask, spill=0, due=move[at]),
        records.emit("impositions", parent=at, list=cols.label, mask=0, spill=0, due=move[at] + p.valid),
    ]
