"""Stars shown: their mean and spread, out of whole-number sums."""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE
from ...engine.declare import Sweep, mechanism
from ..common import ALIVE, living

STEP = 1000
"""Stars are summed in 1/1000."""


@mechanism("measure.peer_stars", on=Sweep(), reads=(*ALIVE, "persons.stars"), tallies=("starred", "stars_sum", "stars_squares"))
def peer_stars(everybody, cols, p, luck):
    """Sum the stars of adults and their squares."""
    who = np.arange(everybody.lo, everybody.hi)
    who = who[living(cols, who)]
    shown = cols.persons.stars[who].astype(np.int64) * STEP // FACTOR_ONE
    return [
        everybody.tally_of("starred", who),
        everybody.tally_of("stars_sum", who, shown),
        everybody.tally_of("stars_squares", who, shown * shown),
    ]
