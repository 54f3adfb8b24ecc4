"""Calls to take part in something for all: cleaning up, helping out, turning up. People weigh what it means to them, its cost, and who sees it.

After Benabou and Tirole 2006 (American Economic Review 96): a person who cares v takes part when v + image * watched * gap reaches the cost, where the
gap is by how much those who take part are taken to care more than those who do not. `respond.reputation` keeps the gap.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, share, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, adults, lasting
from ..kinds import CAUSE, KIND
from ..public_spirit import CALLS, care, takes_part

assert CALLS
VOLUNTEERING, WILL = KIND.code("volunteering"), CAUSE.code("will")


class Params(Parameters):
    calls = yearly_rate("calls to take part, per person")
    cost = share("cost of taking part, on a scale of what it means to the one who cares most; the one who cares least sees nothing in it")
    image = share("worth of being taken for the one who cares most rather than the one who cares least, on the same scale")
    watched = share("share of those called whom others see take part, or stay away")


@mechanism(
    "conduct.public_calls",
    on=Occasions("public_call", rate="calls", able=adults),
    params=Params,
    reads=(*ALIVE, "persons.prosociality", "persons.place", "places.reputation_gap"),
    draws=("grain", "seen"),
    emits=("public_calls", "acts"),
)
def public_calls(rows, cols, p, luck):
    """People take part when it means enough to them, or says enough of them.

    Adults only. A person cares prosociality x 256 + the highest 8 bits of the lasting word `grain`, over 2^16; being seen is worth the reputation gap of
    the place x `image` x `watched`. Who cares and gains `cost` or more in all takes part, which is an act of volunteering by will, amount 0. Whether others
    see it: the word `seen` below `watched`.
    """
    who = rows.subject
    cares = care(cols.persons.prosociality[who], lasting(luck, "grain", who))
    takes = takes_part(cares, cols.places.reputation_gap[cols.persons.place[who]], p)
    return [
        rows.emit("public_calls", took=takes, seen=luck.below("seen", p.watched), care=cares),
        rows.emit("acts", parent=np.flatnonzero(takes), kind=VOLUNTEERING, cause=WILL),
    ]
