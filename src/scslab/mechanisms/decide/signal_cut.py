"""An employer who reads a noisy sign of effort by the group it comes from: the more of a group are known to make the effort, the lower the cut.

Coate and Loury (1993). Signs lie between 0 and 1, with density 2t for those who made the effort and 2(1-t) for the others; groups are places.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import FACTOR_ONE, Parameters, factor
from ...engine.declare import Column, Sweep, mechanism
from ..sites import place_sums, whole_places


class Params(Parameters):
    payoff = factor("gain from a good worker in the better job, beside the loss from a bad one")


@mechanism(
    "decide.signal_cut",
    on=Sweep(),
    params=Params,
    reads=("persons.invests", "places.start"),
    writes=(Column("places.signal_cut", "int64", ONE, "1/2^31", "sign from which on a worker of the place gets the better job"),),
)
def signal_cut(everybody, cols, p, luck):
    """Set the cut where a worker just at it is worth the better job, as many of the group make the effort.

    With s the share of a place's persons, all counted, that make the effort, over 2^31 and rounded down, the cut is (1 - s) / (1 - s + s x payoff).
    """
    place, start, stop = whole_places(cols, everybody)
    share = place_sums(cols.persons.invests, start, stop) * ONE // np.maximum(stop - start, 1)
    good = share * p.payoff // FACTOR_ONE
    cols.places.signal_cut[place] = (ONE - share) * ONE // np.maximum(ONE - share + good, 1)
