"""Hidden connections: the outspoken take one, some are found and cut, and may be put on file for it."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability, yearly_rate
from ...engine.declare import Each, Occasions, mechanism
from ..common import ALIVE, living, over_14, shares
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
    """People hide their connections; some are found.

    From 14 on; met with the rate x `takes` x rising outspokenness squared. Who meets the offer and does not hide hides from now on. Of those who hid before,
    the dead are forgotten; one is found when the word `find` of the person's number is below `found`, and hides no more; and is put on file when the word
    `file` is below `filed` too: an observation of the sensor platform, sound, of the person's own act. Both rows have the kind vpn_use.
    """
    offers, held, store, made = batch.vpn_offer, batch.vpn_users, cols.stores.vpn_users, []
    if len(held):
        alive = living(cols, held.subject, 0)
        store.drop(held.at[~alive])
        hit = np.flatnonzero(alive & (luck.at("find", held.subject) < p.found))
        filed = hit[luck.at("file", held.subject[hit]) < p.filed]
        who = held.subject[filed]
        made.append(held.emit("vpn_found", parent=hit, kind=VPN_USE))
        made.append(held.emit("observations", parent=filed, kind=VPN_USE, sensor=PLATFORM, true_actor=who, fault=SOUND))
        store.drop(held.at[hit])
    at = np.flatnonzero(~store.has(offers.subject))
    store.put(offers, at, since=cols.month)
    return made
