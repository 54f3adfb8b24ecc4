"""Which families apply for a child's place at a private school, each September."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability
from ...engine.declare import Sweep, mechanism
from ...engine.rows import pack_ids
from ..common import ALIVE
from ..kinds import KIND, QUINTILE, SETTING

SCHOOL = KIND.code("school_application")
SEPTEMBER = 8
ENTRY_AGES = (6, 12, 15)


class Params(Parameters):
    applies = probability("share of children of 6, 12 and 15 for whom the family seeks a private place", by=(SETTING, QUINTILE))


@mechanism(
    "conduct.school_choice",
    on=Sweep(),
    params=Params,
    reads=(*ALIVE, "persons.place", "persons.quintile", "places.urban"),
    draws=("apply",),
    emits=("school_requests",),
)
def school_choice(everybody, cols, p, luck):
    """Each September some families, more often urban and well-off ones, apply for a private school.

    In September, of those who are 6, 12 or 15 full years old and alive, with chance `applies` by setting and quintile. The word is keyed by the id
    subject | month | school_application | 0.
    """
    if cols.month % 12 != SEPTEMBER:
        return None
    born = cols.persons.birth_month[everybody.lo : everybody.hi].astype(np.int64)
    entrant = np.zeros(len(born), bool)
    for age in ENTRY_AGES:
        entrant |= (born <= cols.month - 12 * age) & (born > cols.month - 12 * age - 12)
    child = everybody.lo + np.flatnonzero(entrant)
    child = child[cols.persons.death_month[child] > cols.month]
    chance = p.applies[cols.places.urban[cols.persons.place[child]], cols.persons.quintile[child]]
    child = child[luck.at("apply", pack_ids(child, cols.month, SCHOOL)) < chance]
    return everybody.emit("school_requests", parent=child - everybody.lo, kind=SCHOOL)
