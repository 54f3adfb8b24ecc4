"""Listings end with the life of the listed."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Each, mechanism
from ..kinds import GROUND

DIED = GROUND.code("died")


@mechanism("review.deaths", on=Each("listings"), reads=("persons.death_month",), emits=("removals",), lagged=("listings",))
def deaths(listings, cols, p, luck):
    """Take the dead off every list.

    Ground died, entry 0.
    """
    gone = np.flatnonzero(cols.persons.death_month[listings.subject] <= cols.month)
    return listings.emit("removals", parent=gone, list=listings.list[gone], ground=DIED, entry=0)
