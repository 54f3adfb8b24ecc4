"""Lenders who look at a platform score: a good one opens the door to those without a credit file, none at all closes it in time."""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, factor, points
from ...engine.declare import Modifies, mechanism
from ..platforms import member_share


class Params(Parameters):
    cut = points("score from which lenders take a member for a good risk")
    accept = factor("multiplies the chance of an applicant with such a score; 1 = no change", neutral=FACTOR_ONE)
    thin = factor("multiplies the chance of such an applicant without a credit file to be considered; 1 = no change", neutral=FACTOR_ONE)
    below = factor("multiplies the chance of a member with a lower score; 1 = no change", neutral=FACTOR_ONE)
    outside = factor("multiplies the chance of an applicant without a score when every adult has one; 1 = no change", neutral=FACTOR_ONE)


@mechanism(
    "outcome.platform_credit",
    on=Modifies(("credit.accept", "credit.thin")),
    params=Params,
    reads=("persons.birth_month", "persons.death_month"),
    stores=("memberships",),
    of_all=True,
)
def platform_credit(quantity, subjects, cols, p):
    """Lenders prefer members with a good score to others, and distrust those without a score the fewer they are.

    A score of `cut` or more: `accept`, or `thin`. A lower one above 0: `below`. A member without a score: 1. No member: 1 less (1 - `outside`) x the share
    of living adults who are members, over 2^16 and rounded down.
    """
    store = cols.stores.memberships
    at = store.find(subjects, cols.label)
    inside = at >= 0
    if not len(store):
        return np.full(len(subjects), FACTOR_ONE, np.int64)
    score = np.where(inside, store.score[at], 0)
    good = p.accept if quantity == "credit.accept" else p.thin
    outside = FACTOR_ONE - (FACTOR_ONE - p.outside) * member_share(cols) // FACTOR_ONE
    scored = np.where(score >= p.cut, good, p.below)
    return np.where(score > 0, scored, np.where(inside, FACTOR_ONE, outside))
