"""A black market for points: who wants points and can pay buys them from a broker; some purchases are found out and taken back.

Bought points come as awards for a deed that nobody did, so the ledger counts them and its second evaluation without unsound records does not.
What buyers pay does not make them poorer here.
"""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import QUANTUM, duration, points, probability, yearly_rate, yuan
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, adults, cut_to_int32
from ..kinds import FAULT, KIND
from ..tables_points import PURCHASES
from ..wanting import READS, BuyingParams, can_pay, wants_points

FABRICATED, VOLUNTEERING = FAULT.code("fabricated"), KIND.code("volunteering")


class Params(BuyingParams):
    offers = yearly_rate("occasions to meet somebody who sells points")
    buys = probability("share of those occasions at which a person who wants points and can pay buys; 0 = no market", errorless=0)
    bought = points("points bought at once")
    price = yuan("price of a point")
    found = probability("share of purchases that are found out and taken back")
    delay = duration("months until a purchase is found out")


@mechanism(
    "respond.score_market",
    on=Occasions("market_offer", rate="offers", able=adults),
    params=Params,
    reads=(*ALIVE, *READS, "persons.income"),
    draws=("buy", "find"),
    emits=("awards", PURCHASES.name),
)
def score_market(offers, cols, p, luck):
    """Those who want points and can pay buy them; they lapse, or are taken back when the purchase is found out.

    Adults only. Who wants points and can pay: as in `respond.paid_volunteering`; the amount is price x bought. The word `buy` is below `buys`. An award of
    the points falls due next month, and one that takes them back later by `valid` or, where the word `find` is below `found`, by `delay`, at least a month;
    none where that is never. Awards are of kind volunteering, fault fabricated, the buyer's own; the purchase is paid to a broker.
    """
    who, amount = offers.subject, p.price * p.bought // QUANTUM
    at = np.flatnonzero(wants_points(cols, who, p) & can_pay(cols, who, amount, p))
    at = at[luck.below("buy", p.buys, at)]
    if not len(at):
        return None
    lapses = np.where(luck.below("find", p.found, at), max(p.delay, 1), p.valid).astype(np.int64)
    ends = lapses < NEVER
    truth = {"kind": VOLUNTEERING, "fault": FABRICATED}
    return [
        offers.emit("awards", parent=at, points=p.bought, due=cols.month + 1, true_actor=who[at], **truth),
        offers.emit("awards", parent=at[ends], points=-p.bought, due=cols.month + 1 + lapses[ends], true_actor=who[at[ends]], **truth),
        offers.emit(PURCHASES.name, parent=at, amount=cut_to_int32(np.full(len(at), amount)), points=p.bought, paid_to=-1),
    ]
