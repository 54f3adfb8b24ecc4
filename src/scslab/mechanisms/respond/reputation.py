"""What taking part says of a person: by how much those seen to take part care more than those seen to stay away.

People of a place are right about it on average, and learn it anew from each month's calls: beliefs that the conduct they lead to confirms.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters
from ...engine.declare import Pool, mechanism
from ..common import EVERYBODY
from ..public_spirit import GAP


class Params(Parameters):
    """None: what people are taken for follows from what is seen."""

    everybody = EVERYBODY


@mechanism("respond.reputation", on=Pool("public_calls", capacity="everybody"), params=Params, reads=("persons.place",), writes=(GAP,))
def reputation(calls, cols, p, luck):
    """The gap of a place is the mean of those seen to take part less that of those seen to stay away; without both it stays.

    Means of how much they care, over the calls of the month, each rounded down.
    """
    gap = cols.places.reputation_gap
    sums = []
    for seen in (calls.seen * (calls.took > 0), calls.seen * (calls.took == 0)):
        at = np.flatnonzero(seen)
        place, total = cols.persons.place[calls.subject[at]], np.zeros(len(gap), np.int64)
        np.add.at(total, place, calls.care[at])
        sums.append((total, np.bincount(place, minlength=len(gap))))
    (yes, n_yes), (no, n_no) = sums
    both = np.flatnonzero((n_yes > 0) & (n_no > 0))
    gap[both] = yes[both] // n_yes[both] - no[both] // n_no[both]
