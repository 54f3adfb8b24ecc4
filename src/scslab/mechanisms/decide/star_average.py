"""The stars shown: a moving average of the stars given, in which each new rating counts with a fixed weight."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, share
from ...engine.declare import Rows, mechanism
from ..peers import STARS


class Params(Parameters):
    weight = share("weight of a new rating in the stars shown")


@mechanism("decide.star_average", on=Rows("star_ratings"), params=Params, writes=(STARS,), touches=("stars",))
def star_average(ratings, cols, p, luck):
    """Each month's rating moves the stars shown towards it; of several in a month their mean counts (rounded down), whoever gave them.

    The difference is multiplied by the weight, over 2^31, rounded down. Everybody rated is announced.
    """
    who, inverse = np.unique(ratings.subject, return_inverse=True)
    shown, given = cols.persons.stars[who].astype(np.int64), np.zeros(len(who), np.int64)
    np.add.at(given, inverse, ratings.stars.astype(np.int64))
    given //= np.bincount(inverse)
    cols.persons.stars[who] = shown + ((given - shown) * p.weight >> 31)
    cols.touch("stars", who)
