"""Good deeds that only some ledgers count: blood and stem cells given, lost property handed in, litter collected, public praise."""

from __future__ import annotations

from ...base.parameters import Parameters, probability, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, acting, adults, shares
from ..kinds import CAUSE

WILL = CAUSE.code("will")
KINDS = ("blood_donation", "lost_property", "litter_collected", "stem_cell_donation", "media_praise", "investment_award", "national_award")


class Params(Parameters):
    blood_drives = yearly_rate("occasions to give blood")
    blood_donation = probability("share of those occasions that the most prosocial person takes; leaves room for those who want points")
    finds = yearly_rate("occasions to hand in something found")
    lost_property = probability("share of those occasions that the most prosocial person takes")
    walks = yearly_rate("occasions to collect litter and hand it in")
    litter_collected = probability("share of those occasions that the most prosocial person takes")
    matches = yearly_rate("requests for stem cells, per adult")
    stem_cell_donation = probability("share of those requests that the most prosocial person grants")
    stories = yearly_rate("occasions for media to praise somebody's deed")
    media_praise = probability("share of those occasions on which the most prosocial person is praised")
    investments = yearly_rate("occasions to be commended for attracting investment")
    investment_award = probability("share of those occasions on which the most prosocial person is commended")
    honours = yearly_rate("occasions for a national commendation")
    national_award = probability("share of those occasions on which the most prosocial person gets it")


DONATIONS, OLDEST_DONOR = ("blood_donation", "stem_cell_donation"), 60
"""Full years up to which people give blood."""
RATES = ("blood_drives", "finds", "walks", "matches", "stories", "investments", "honours")


def donors(columns, month):
    """Tell which adults are not too old to give blood or stem cells."""
    return adults(columns, month) & (columns["persons.birth_month"] > month - 12 * (OLDEST_DONOR + 1))


@mechanism(
    "conduct.kindness",
    on=tuple(Occasions(kind, rate=rate, able=donors if kind in DONATIONS else adults) for kind, rate in zip(KINDS, RATES, strict=True)),
    params=Params,
    reads=(*ALIVE, "persons.prosociality"),
    draws=("act",),
    emits=("acts",),
    quantities=tuple(f"conduct.{kind}" for kind in KINDS),
)
def kindness(batch, cols, p, luck):
    """People give blood, hand in what they find, collect litter, and now and then are praised: the more prosocial more often.

    An adult (for blood and stem cells of at most 60 full years) who meets the occasion acts with the share x rising prosociality x `conduct.KIND`, by
    the word `act`. The cause is will.
    """
    made = []
    for kind in KINDS:
        rows = getattr(batch, kind)
        chance = shares(getattr(p, kind), "rising")[cols.persons.prosociality[rows.subject]]
        at = acting(rows, cols, luck, f"conduct.{kind}", chance)
        made.append(rows.emit("acts", parent=at, cause=WILL))
    return made
