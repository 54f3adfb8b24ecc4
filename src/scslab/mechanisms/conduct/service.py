"""Good deeds: volunteering, donations, rare heroic acts. The amount is hours, or yuan for donations."""

from __future__ import annotations

from ...base.parameters import Parameters, count, probability, yearly_rate, yuan
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, acting, adults, between, rising, shares, thinned
from ..kinds import CAUSE

WILL = CAUSE.code("will")
OCCASIONS = {"volunteering": "calls", "donation": "appeals", "heroic_act": "emergencies"}


class Params(Parameters):
    calls = yearly_rate("occasions to volunteer")
    volunteering = probability("share of those occasions that the most prosocial person takes; leaves room for those who want points")
    hours_low = count("shortest volunteering", unit="hours")
    hours_high = count("longest volunteering", unit="hours")
    appeals = yearly_rate("occasions to donate money or blood")
    donation = probability("share of those occasions that the most prosocial person takes")
    gift_low = yuan("smallest donation")
    gift_high = yuan("largest donation")
    emergencies = yearly_rate("occasions for an act of courage")
    heroic_act = probability("share of those occasions that the most prosocial and boldest person takes")


@mechanism(
    "conduct.service",
    on=tuple(Occasions(kind, rate=rate, able=adults) for kind, rate in OCCASIONS.items()),
    params=Params,
    reads=(*ALIVE, "persons.prosociality", "persons.boldness"),
    draws=("act", "size"),
    emits=("acts",),
    quantities=("conduct.volunteering", "conduct.donation", "conduct.heroic_act"),
)
def service(batch, cols, p, luck):
    """People volunteer, donate and, rarely, risk themselves for others: the more prosocial more often.

    An adult who meets the occasion acts with the share x rising prosociality (for heroic acts x rising boldness too) x `conduct.KIND`, by the word
    `act`. The amount is spread evenly over hours_low..hours_high or gift_low..gift_high by the word `size`; 0 for heroic acts. The cause is will.
    """
    made = []
    for kind, low, high in (("volunteering", p.hours_low, p.hours_high), ("donation", p.gift_low, p.gift_high), ("heroic_act", 0, 0)):
        rows = getattr(batch, kind)
        chance = shares(getattr(p, kind), "rising")[cols.persons.prosociality[rows.subject]]
        if kind == "heroic_act":
            chance = thinned(chance, rising(cols.persons.boldness[rows.subject]))
        at = acting(rows, cols, luck, f"conduct.{kind}", chance)
        made.append(rows.emit("acts", parent=at, amount=between(luck.of(rows).words("size", at), low, high), cause=WILL))
    return made
