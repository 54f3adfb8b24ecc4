"""What registers remember of listings that ended: when, and on which ground. Rules that bar a second listing read it."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, Store, mechanism


@mechanism(
    "review.memory",
    on=Rows("listing_ends"),
    owns=(Store("former_listings", {"ended": "int16", "ground": "uint8"}, {}, "The last end of a person's listing, by list", by_label=True),),
)
def memory(ends, cols, p, luck):
    """Remember when and why each person last left each list.

    Under person and list: this month, and the ground.
    """
    cols.stores.former_listings.put(ends, np.arange(len(ends)), sub=ends.list, ended=cols.month)
