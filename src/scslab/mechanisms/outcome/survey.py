"""A survey: internet users are asked once a year whether they approve of the system; what they say, and what they think.

Everybody has a lasting word for approval, compared with a chance: that of people without information, moved by education, means and age, by what the
person got from the system or suffered under it, and multiplied where the person has come across harm or is told of it before the question (an information
experiment). The word lasts, so a person answers alike from year to year and in every arm unless something moved them. Of those who do not approve, some
say that they do. Only internet users are asked: what they say is no figure for all adults.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import Domain, Parameters, factor, probability, share, weight
from ...engine.declare import Sweep, mechanism, table
from ..common import AGE, ALIVE, age_band, lasting, living, masks, thinned
from ..kinds import MEASURE, PERKS, QUINTILE

EDUCATION = Domain("education", ("none", "primary", "junior_secondary", "senior_secondary", "tertiary"))
VIEW = Domain("view", ("disapproves", "neutral", "approves"))
DISAPPROVES, NEUTRAL, APPROVES = (VIEW.code(name) for name in VIEW.names)
PERK_MASK = int(sum(1 << MEASURE.code(name) for name in PERKS))
EVERY, MONTH = 12, 5
"""The survey is in June."""
WEIGHT_SHIFT = 15
"""From a weight over 2^16 to a threshold over 2^31."""

table(
    "answers", {"stated": "uint8", "private": "uint8", "informed": "uint8", "touched": "uint8"}, {},
    "A person is asked whether they approve: what they say and think (0 disapproves, 1 neutral, 2 approves); touched: 0 no, 1 by a perk, 2 by a restriction.",
)  # fmt: skip


class Params(Parameters):
    online = share("share of people who use the internet and can be asked, by age", by=AGE)
    asked = share("share of those who are asked in a year")
    approves = probability("chance that somebody without information privately approves, before what follows")
    by_education = weight("added to that chance, by education", by=EDUCATION)
    by_quintile = weight("added to that chance, by income quintile", by=QUINTILE)
    by_age = weight("added to that chance, by age", by=AGE)
    perk = weight("added to that chance for those who have a perk at the time")
    restricted = weight("added to that chance for those under a restriction at the time")
    told = share("share of those asked who are first told of the harm that the system can do: an information experiment")
    informed = factor("multiplies the chance to approve of those told, or who came across a report of harm")
    disapproves = probability("share of those who do not approve who disapprove instead of being neutral")
    says_so = probability("chance that somebody who does not approve says that they do")


@mechanism(
    "outcome.survey",
    on=Sweep(),
    params=Params,
    reads=(*ALIVE, "persons.education", "persons.quintile"),
    stores=("burdens", "informed"),
    draws=("online", "ask", "view", "tell", "hide"),
    emits=("answers",),
)
def survey(everybody, cols, p, luck):
    """Each June some internet users are asked whether they approve; some of those who do not say that they do.

    Asked are adults whose lasting word `online` is below that share by age, and whose word `ask`, by the id person x 4096 + month, is below `asked`.
    The chance to approve is the sum of what applies, between 0 and 1, x `informed` for who is in `informed` or has a lasting word `tell` below
    `told`. With the lasting word `view`: below the chance approves; at or above 1 - (1 - chance) x disapproves disapproves; else neutral. Says
    approves when the lasting word `hide` is below says_so, else the truth. Touched: 2 under a restriction, else 1 with a perk, of one's own.
    """
    if cols.month % EVERY != MONTH:
        return None
    who = np.arange(everybody.lo, everybody.hi)
    who = who[living(cols, who)]
    band = age_band(cols, who)
    there = (lasting(luck, "online", who) < p.online[band]) & (luck.at("ask", who << 12 | cols.month) < p.asked)
    who, band = who[there], band[there]
    mask = masks(cols.stores.burdens, who)
    has_perk, is_barred = mask & PERK_MASK != 0, mask & ~PERK_MASK != 0
    shift = p.by_education[cols.persons.education[who]] + p.by_quintile[cols.persons.quintile[who]] + p.by_age[band]
    shift = shift + np.where(has_perk, p.perk, 0) + np.where(is_barred, p.restricted, 0)
    chance = np.clip(p.approves + (shift << WEIGHT_SHIFT), 0, ONE)
    informed = cols.stores.informed.has(who) | (lasting(luck, "tell", who) < p.told)
    chance = np.where(informed, thinned(chance, p.informed), chance)
    word = lasting(luck, "view", who).astype(np.int64)
    against = ONE - ((ONE - chance) * p.disapproves >> 31)
    private = np.where(word < chance, APPROVES, np.where(word >= against, DISAPPROVES, NEUTRAL))
    stated = np.where(lasting(luck, "hide", who) < p.says_so, APPROVES, private)
    touched = np.where(is_barred, 2, has_perk.astype(np.int64))
    return everybody.emit("answers", parent=who - everybody.lo, kind=0, stated=stated, private=private, informed=informed, touched=touched)
