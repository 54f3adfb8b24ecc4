"""Hidden connections: the outspoken take one, some are found and cut, and may be put on file for it."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability, yearly_rate
from ...engine.declare import Each, Occasions, mechanism
from ..common import ALIVE, over_14, shares
from ..kinds import FAULT, KIND, SENSOR
from ..tables_online import VPN_USERS

PLATFORM, VPN_USE, SOUND = SENSOR.code("platform"), KIND.code("vpn_use"), FAULT.code("sound")


class Params(Parameters):
    offers = yearly_rate("occasions to take a hidden connection")
    takes = probability("share of those occasions at which the most outspoken person does; 0 = nobody")
    found = probability("chance a month that a hidden connection is found and cut")
    filed = probability("share of those found who are put on file for it")


@mechanism(
    "respond.vpn",
    on=(Occasions("vpn_offer", rate="offers", trait="persons.outspokenness", share=lambda p: shares(p.takes, "rising", 2), able=over_14), Each("vpn_users")),
    params=Params,
    reads=ALIVE,
    owns=(VPN_USERS,),
    draws=("find", "file"),
    emits=("vpn_found", "observations"),
    lagged=("vpn_users",),
)
def vpn(batch, cols, p, luck):
    """People hide their connections; some are found."""
    offers, held, store, made = batch.vpn_offer, batch.vpn_users, cols.stores.vpn_users, []
    if len(held):
        hit = np.flatnonzero(luck.at("find", held.subject) < p.found)
        filed = hit[luck.at("file", held.subject[hit]) < p.filed]
        who = held.subject[filed]
        made.append(held.emit("vpn_found", parent=hit, kind=VPN_USE))
        made.append(held.emit("observations", parent=filed, kind=VPN_USE, sensor=PLATFORM, true_actor=who, fault=SOUND))
        store.drop(held.at[hit])
    at = np.flatnonzero(~store.has(offers.subject))
    store.put(offers, at, since=cols.month)
    return made
