"""Private opinions: of how many friends people think well."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Sweep, mechanism
from ..common import ALIVE, living


@mechanism(
    "measure.peer_opinions",
    on=Sweep(),
    reads=ALIVE,
    stores=("opinions",),
    networks=("friends",),
    tallies=("opinions_held", "opinions_bad"),
)
def peer_opinions(everybody, cols, p, luck):
    """Count the friends of each adult, and those thought ill of."""
    who = np.arange(everybody.lo, everybody.hi)
    who = who[living(cols, who)]
    return [
        everybody.tally_of("opinions_held", who, cols.networks.friends.degree(who)),
        everybody.tally_of("opinions_bad", who, cols.stores.opinions.count(who)),
    ]
