"""Repair by volunteering: who knows of the ledger and stands low in it volunteers more, to win points back."""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, factor, points
from ...engine.declare import Modifies, mechanism
from ..knowing import is_aware


class Params(Parameters):
    below = points("low: this many points below the start, or lower")
    recovery = points("points a month by which a score below the start recovers, as in the ledger (0 where there is none)")
    more = factor("multiplies the volunteering of people who know of the regime and stand low; 1 = no change")


@mechanism(
    "respond.repair_volunteering",
    on=Modifies(("conduct.volunteering",)),
    params=Params,
    reads=("persons.aware", "persons.score"),
)
def repair_volunteering(quantity, subjects, cols, p):
    """People who know of the ledger and stand low in it volunteer more.

    Low is a score below the start by at least `below` points, and by more than nothing, as of this month.
    """
    if p.more == FACTOR_ONE or not len(subjects):
        return None
    result = np.full(len(subjects), FACTOR_ONE, np.int64)
    stored = cols.persons.score[subjects].astype(np.int64)
    low = (stored < 0) & (stored + p.recovery * cols.month <= -max(p.below, 1))
    result[low & is_aware(cols.persons.aware[subjects])] = p.more
    return result
