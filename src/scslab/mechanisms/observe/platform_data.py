"""What a platform reads out of a member's data: money, purchases, personal details, spending with itself; afresh once a year.

Purchases are a proxy: a share `accuracy` of what they say is the member's own conscientiousness, the rest is what people of that sex and
age happen to buy. Whoever buys more from the platform itself shows more loyalty, which is a matter of income.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import Parameters, count, share
from ...engine.declare import Each, mechanism
from ..common import AGE, SEX, age_band, between
from ..kinds import QUINTILE
from ..platforms import TOP, of_platform

YEAR = 12
SCHOOLED = 4
"""Highest code of `persons.education`."""
AT_WORK = np.array([False, True, True, True, True, False, False, False])
"""By code of `persons.status`."""


class Params(Parameters):
    accuracy = share("part of what purchases say that is the member's own conscientiousness; the rest is taste")
    taste = share("what the taste of people of a sex and age is taken for: 0 the least reliable, 1 the most", by=(SEX, AGE))
    spends = share("share of the highest spending with the platform that people of a quintile of household income reach", by=QUINTILE)
    noise = count("most by which the platform misreads each of these, either way, on a scale of 255", unit="of 255")
    schooling = share("part of the personal details that is education; the rest is having work")


@mechanism(
    "observe.platform_data",
    on=Each("memberships"),
    params=Params,
    reads=("persons.birth_month", "persons.sex", "persons.conscientiousness", "persons.means", "persons.education", "persons.status", "persons.quintile"),
    draws=("capacity", "behaviour", "identity", "loyalty"),
    emits=("platform_data",),
)
def platform_data(members, cols, p, luck):
    """A platform reads new members' data in their first month, and everybody's again each year.

    Read are members of the platform since 1, 13, 25, ... months. On a scale of 255: capacity is means; behaviour is conscientiousness x accuracy + taste of
    sex and age x (1 - accuracy); identity is education, of 4, x schooling + having work (status 1 to 4) x (1 - schooling); loyalty is spends of the
    quintile; each rounded down. Noise adds a number spread over -noise..noise by the word of that name, and the sum is cut to 0..255.
    """
    at = of_platform(members, cols)
    age = cols.month - members.since[at].astype(np.int64)
    at = at[(age - 1) % YEAR == 0]
    who, persons = members.subject[at], cols.persons
    taste = p.taste[persons.sex[who], age_band(cols, who)] * TOP // ONE
    own = persons.conscientiousness[who].astype(np.int64)
    behaviour = (own * p.accuracy + taste * (ONE - p.accuracy)) // ONE
    schooled = np.minimum(persons.education[who].astype(np.int64), SCHOOLED) * TOP // SCHOOLED
    identity = (schooled * p.schooling + AT_WORK[persons.status[who]] * TOP * (ONE - p.schooling)) // ONE
    values = {
        "capacity": persons.means[who].astype(np.int64),
        "behaviour": behaviour,
        "identity": identity,
        "loyalty": p.spends[persons.quintile[who]] * TOP // ONE,
    }
    if p.noise:
        values = {name: np.clip(true + between(luck.words(name, at), -p.noise, p.noise), 0, TOP) for name, true in values.items()}
    return members.emit("platform_data", parent=at, list=cols.label, **values)
