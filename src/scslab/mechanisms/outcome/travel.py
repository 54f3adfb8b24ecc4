"""Trips refused: attempts to fly or to take a high-speed train by people who are barred from it.

Only persons under a measure need rows; the trips of all others go through. The word of an attempt depends on person and month
alone, so it is the same in every arm. Many try again: 8.7 blocked attempts per distinct person were reported for one month of 2014.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability, yearly_rate
from ...engine.declare import Each, mechanism
from ...engine.rows import pack_ids
from ..common import ALIVE, first_rows, has_bit, living, masks, times
from ..kinds import BASIS, KIND, MEASURE, QUINTILE

OWN, KIN = BASIS.code("own"), BASIS.code("kin")
MODES = (("air", "air_trip", "air"), ("rail", "rail_trip", "high_speed_rail"))
"""Parameter and draw, kind of row, measure."""
MOST_TRIES = 8


class Params(Parameters):
    air = yearly_rate("months with a wish to fly, per year and adult", by=QUINTILE)
    rail = yearly_rate("months with a wish to take a high-speed train, per year and adult", by=QUINTILE)
    air_insists = probability("share of those wishes with which a barred person tries to book; the others travel otherwise or stay")
    rail_insists = probability("the same for high-speed trains, where slow trains and roads are at hand")
    again = probability("chance of trying once more after a refusal, each time")


@mechanism(
    "outcome.travel",
    on=(Each("burdens"), Each("kin_burdens")),
    params=Params,
    reads=(*ALIVE, "persons.quintile"),
    draws=("air", "rail", "again_air", "again_rail"),
    emits=("refusals",),
)
def travel(batch, cols, p, luck):
    """People barred from planes or fast trains are refused when they want to travel, and often try again.

    For planes, then fast trains: a living adult whom rows in burdens bar, else rows in kin_burdens, wants to travel when the word `air` or `rail` of
    the trip is below wish by quintile x insistence; a trip has the id subject | month | kind | 0. The refusal repeats while the word `again_air` or
    `again_rail`, with ordinal 1, 2, ... 7, is below `again`. The parent is the person's first row in that store.
    """
    made = []
    for name, kind, measure in MODES:
        bit = MEASURE.code(measure)
        barred = np.empty(0, np.int64)
        for rows, store, basis in ((batch.burdens, cols.stores.burdens, OWN), (batch.kin_burdens, cols.stores.kin_burdens, KIN)):
            at = first_rows(rows.subject)
            who = rows.subject[at]
            hit = has_bit(masks(store, who), bit) & living(cols, who) & ~np.isin(who, barred)
            at, who = at[hit], who[hit]
            barred = np.concatenate([barred, who])
            ids = pack_ids(who, cols.month, KIND.code(kind))
            wishes = luck.at(name, ids) < times(getattr(p, name)[cols.persons.quintile[who]], getattr(p, f"{name}_insists"))
            at = np.repeat(at[wishes], _tries(ids[wishes], f"again_{name}", p, luck))
            made.append(rows.emit("refusals", parent=at, kind=KIND.code(kind), measure=bit, basis=basis))
    return made


def _tries(ids, draw, p, luck):
    """Count attempts: the first, and further ones while each word stays below the chance."""
    tries, keen = np.ones(len(ids), np.int64), np.arange(len(ids))
    for ordinal in range(1, MOST_TRIES):
        keen = keen[luck.at(draw, ids[keen], ordinal) < p.again]
        if not len(keen):
            break
        tries[keen] += 1
    return tries
