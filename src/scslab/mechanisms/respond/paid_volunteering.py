"""Volunteering by proxy: who wants points and can pay has another person of the place volunteer, and reports the hours as own.

The record names the buyer, the truth columns the one who worked.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import count, probability, share, yearly_rate, yuan
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, adults, cut_to_int32, living, of_place
from ..kinds import FAULT, KIND, SENSOR
from ..tables_points import PURCHASES
from ..wanting import READS, WantingParams, can_pay, wants_points

MISATTRIBUTED, VOLUNTEERING, SELF = FAULT.code("misattributed"), KIND.code("volunteering"), SENSOR.code("self_report")


class Params(WantingParams):
    purse = share("share of a year's own income that people would pay for hours at once")
    offers = yearly_rate("occasions to have somebody else volunteer for oneself")
    buys = probability("share of those occasions that a person who wants points and can pay takes; 0 = nobody does", errorless=0)
    hours = count("hours bought at once", unit="hours")
    wage = yuan("wage of an hour")


@mechanism(
    "respond.paid_volunteering",
    on=Occasions("helper_offer", rate="offers", able=adults),
    params=Params,
    reads=(*ALIVE, *READS, "persons.income", "persons.place", "places.start"),
    draws=("buy", "helper"),
    emits=("observations", PURCHASES.name),
)
def paid_volunteering(offers, cols, p, luck):
    """Those who want points and can pay have others volunteer in their name.

    Adults only. A person wants points who is aware and whose score (one below its start has recovered `recovery` a month) is not above `wanted`, and can
    pay when income x `purse` is at least hours x wage. The word `buy` is below `buys`. The helper is another person of the place, by `cols.pick` with the
    row's id in the stream `helper`; where that is nobody, or no living adult, nothing is bought. What was bought is observed as the person's own
    volunteering: a report of one's own, fault misattributed, the helper who did it; and the purchase is entered: no points, paid to the helper.
    """
    who, amount = offers.subject, p.wage * p.hours
    at = np.flatnonzero(wants_points(cols, who, p) & can_pay(cols, who, amount, p))
    at = at[luck.below("buy", p.buys, at)]
    if not len(at):
        return None
    helper = cols.pick(*of_place(cols, who[at]), luck.key("helper"), offers.id[at], who[at])
    at, helper = at[helper >= 0], helper[helper >= 0]
    adult = living(cols, helper)
    at, helper = at[adult], helper[adult]
    report = {"kind": VOLUNTEERING, "sensor": SELF, "amount": p.hours, "fault": MISATTRIBUTED}
    return [
        offers.emit("observations", parent=at, true_actor=helper, **report),
        offers.emit(PURCHASES.name, parent=at, amount=cut_to_int32(np.full(len(at), amount)), points=0, paid_to=helper),
    ]
