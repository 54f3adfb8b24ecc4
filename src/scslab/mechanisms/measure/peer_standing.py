"""Public standing among peers: how many stand well, and how often people help."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Sweep, mechanism
from ..common import ALIVE, living


@mechanism("measure.peer_standing", on=Sweep(), reads=(*ALIVE, "persons.standing"), tallies=("peers_judged", "peers_good"))
def peer_standing(everybody, cols, p, luck):
    """Count adults, and those of good standing."""
    who = np.arange(everybody.lo, everybody.hi)
    who = who[living(cols, who)]
    return [everybody.tally_of("peers_judged", who), everybody.tally_of("peers_good", who[cols.persons.standing[who] > 0])]
