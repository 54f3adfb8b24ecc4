"""Networks and phones as sensors: posts and searches are seen unless hidden; presence near a gathering is seen hidden or not.

Presence names whoever carries a phone near the place: some who are named only passed by.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, names, probability
from ...engine.declare import Rows, mechanism
from ..common import ALIVE, among, living, of_place
from ..kinds import FAULT, KIND, SENSOR

PLATFORM, SOUND, MISATTRIBUTED = SENSOR.code("platform"), FAULT.code("sound"), FAULT.code("misattributed")


class Params(Parameters):
    kinds = names("kinds of acts that leave a trace on a network or phone", KIND, codes=True)
    seen = probability("share of such acts that are seen and reported, by kind", by=KIND, partial=0)
    present = names("kinds of acts that are sensed by presence: a hidden connection does not hide them", KIND, codes=True)
    bystanders = count("persons of the place who pass by such an act with a phone", unit="persons")
    taken_in = probability("chance that such a passer-by is named as present", errorless=0)


@mechanism(
    "observe.net_sensor",
    on=Rows("acts", kinds="kinds"),
    params=Params,
    reads=(*ALIVE, "persons.place", "places.start"),
    stores=("vpn_users",),
    draws=("see", "by", "name"),
    emits=("observations",),
    lagged=("vpn_users",),
)
def net_sensor(acts, cols, p, luck):
    """Posts and searches are seen unless hidden; those near a gathering are named, passers-by too.

    An act of a user of a hidden connection (store vpn_users) is passed over unless its kind is sensed by presence. Else it is seen if the word `see` is
    below seen. Around one sensed by presence so many pass by, by ordinal: one is named if the word `name` is below taken_in, another person of the place
    (word `by`, by the act's id with the ordinal in bits 56 and up) from 14 on.
    """
    by_presence = among(acts.kind, p.present)
    open_ = by_presence | ~cols.stores.vpn_users.has(acts.subject) if len(cols.stores.vpn_users) else np.ones(len(acts), bool)
    seen = np.flatnonzero(open_)
    seen = seen[luck.below("see", p.seen[acts.kind[seen]], seen)]
    made = [acts.emit("observations", parent=seen, sensor=PLATFORM, true_actor=acts.subject[seen], fault=SOUND)]
    near = seen[by_presence[seen]]
    actor = acts.subject[near]
    start, size = of_place(cols, actor)
    for trial in range(p.bystanders if len(near) else 0):
        named = luck.words("name", near, trial) < p.taken_in
        who = cols.pick(start[named], size[named], luck.key("by"), acts.id[near[named]] ^ (trial << 56), actor[named])
        there = np.flatnonzero(who >= 0)
        there = there[living(cols, who[there], 14)]
        truth = {"true_actor": actor[named][there], "fault": MISATTRIBUTED}
        made.append(acts.emit("observations", subject=who[there], parent=near[named][there], sensor=PLATFORM, **truth))
    return made
