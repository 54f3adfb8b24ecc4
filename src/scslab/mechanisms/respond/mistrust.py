"""What reports do among people: who was reported trusts less, so do friends who hear of it, and a friend found out is dropped."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability, weight
from ...engine.declare import Rows, mechanism
from ..common import ALIVE, living
from ..kinds import TRUST
from ..ties import CHANGE, friends_now

DENOUNCED, SUSPICION, CUTS = TRUST.code("denounced"), TRUST.code("suspicion"), CHANGE.code("cut")


class Params(Parameters):
    reported = weight("how much a case that was believed moves the trust of the person reported; sign and rank only")
    heard = weight("how much it moves the trust of each friend of that person")
    found_out = probability("chance that the person reported learns who it was; a friend found out is dropped")


@mechanism(
    "respond.mistrust",
    on=Rows("upheld_tips"),
    params=Params,
    reads=ALIVE,
    stores=("tie_changes",),
    networks=("friends",),
    draws=("learn",),
    emits=("trust_events", "tie_orders"),
    lagged=("tie_changes",),
)
def mistrust(tips, cols, p, luck):
    """People reported, and their friends, trust others less; friends who reported are dropped when found out.

    In a first report that was believed (`first`): a trust event (`denounced`) for the person reported, and one (`suspicion`, kind none) for each living
    adult who is a friend now; none where the weight is 0. In every report: where the word `learn` is below `found_out` and the reporter is a friend now, an
    order (kind none) cuts that friendship. Friends now: those of the world not cut, then those made since; hidden ones too.
    """
    made, first = [], np.flatnonzero(tips.first)
    if p.reported:
        made.append(tips.emit("trust_events", parent=first, channel=DENOUNCED, weight=p.reported))
    if p.heard and len(first):
        source, friend = friends_now(cols, tips.subject[first])
        here = living(cols, friend)
        made.append(tips.emit("trust_events", subject=friend[here], parent=first[source[here]], kind=0, channel=SUSPICION, weight=p.heard))
    at = np.flatnonzero(luck.below("learn", p.found_out))
    if len(at):
        source, friend = friends_now(cols, tips.subject[at])
        was_friend = np.unique(source[friend == tips.reporter[at[source]]])
        at = at[was_friend]
        made.append(tips.emit("tie_orders", parent=at, kind=0, other=tips.reporter[at], change=CUTS))
    return made
