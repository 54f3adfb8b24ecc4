"""Restriction of whole households: everybody who lives with a listed person."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Column, Rows, mechanism


@mechanism(
    "enforce.household",
    on=(Rows("listings"), Rows("listing_ends")),
    reads=("persons.household",),
    writes=(Column("households.listed", "uint8", 0, "listings", "listings in force among the members"),),
)
def household(batch, cols, p, luck):
    """Count the listings in force in each household; a household with any is restricted.

    By the household of the start.
    """
    home = cols.persons.household
    np.add.at(cols.households.listed, home[batch.listings.subject], np.uint8(1))
    np.subtract.at(cols.households.listed, home[batch.listing_ends.subject], np.uint8(1))
