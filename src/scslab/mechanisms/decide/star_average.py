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
    """Each rating moves the stars shown towards it; of several in a month the last one counts."""
    who, first = np.unique(ratings.subject[::-1], return_index=True)
    shown = cols.persons.stars[who].astype(np.int64)
    given = ratings.stars[len(ratings) - 1 - first].astype(np.int64)
    cols.persons.stars[who] = shown + ((given - shown) * p.weight >> 31)
    cols.touch("stars", who)
