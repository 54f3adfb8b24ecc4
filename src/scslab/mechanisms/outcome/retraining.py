"""A model trained again each month on the behaviour that the one before brought about; what it deploys is the mean of its place."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Column, Sweep, mechanism
from ..sites import place_sums, whole_places


@mechanism(
    "outcome.retraining",
    on=Sweep(),
    reads=("persons.behaviour", "places.start"),
    writes=(Column("places.deployed", "int64", 0, "1/65536 unit", "parameter deployed in the place"),),
)
def retraining(everybody, cols, p, luck):
    """Deploy what fits this month's behaviour best, the mean.

    That of everybody who lived in the place at the start, rounded to the nearest 1/65536, halves up.
    """
    place, start, stop = whole_places(cols, everybody)
    size = np.maximum(stop - start, 1)
    cols.places.deployed[place] = (place_sums(cols.persons.behaviour, start, stop) + size // 2) // size
