"""Nominations for honours: work units, villages and offices name somebody; merit counts, and so do office and being known.

The act behind a nomination is the nominated person's conduct in general, so the row blames nobody and is sound. How far merit decides is assumed.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, probability, share, weight, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, OFFICE, adults, office, rising, thinned
from ..kinds import KIND, QUINTILE, SENSOR

NOMINATION, UNIT = KIND.code("nomination"), SENSOR.code("inspection")


class Params(Parameters):
    occasions = yearly_rate("occasions to be named, per adult")
    named = probability("share of those occasions at which a person of the highest merit and quintile is named, by office", by=OFFICE)
    merit = weight("how far merit decides: 0 = not at all, 1 = the least prosocial are never named")
    quintile = share("how often people of a quintile are thought of, as a share of those who are most", by=QUINTILE)


@mechanism(
    "observe.nomination",
    on=Occasions("nomination", rate="occasions", able=adults),
    params=Params,
    reads=(*ALIVE, "persons.role", "persons.quintile", "persons.prosociality"),
    draws=("choose",),
    emits=("observations",),
)
def nomination(rows, cols, p, luck):
    """Units name the deserving, and those they know: officials and the well-off more often.

    An adult who meets the occasion is named with chance named by office (official before officer) x (1 - merit x (1 - rising prosociality)) x
    quintile, by the word `choose`. No fault, no cause.
    """
    who = rows.subject
    merit = FACTOR_ONE - ((FACTOR_ONE - rising(cols.persons.prosociality[who])) * p.merit >> 16)
    chance = thinned(p.named[office(cols.persons.role[who])], merit)
    chance = chance * p.quintile[cols.persons.quintile[who]] >> 31
    at = np.flatnonzero(luck.below("choose", chance))
    return rows.emit("observations", parent=at, kind=NOMINATION, sensor=UNIT, true_actor=rows.subject[at], fault=0, cause=0)
