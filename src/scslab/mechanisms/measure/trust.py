"""Trust moved, by channel: the index has a sign and a rank, never a level."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, mechanism
from ..kinds import TRUST


@mechanism("measure.trust", on=Rows("trust_events"), tallies=("trust",))
def trust(events, cols, p, luck):
    """Add up what moved trust, by channel, over 2^16."""
    weight = events.weight.astype(np.int64)
    made = [events.tally("trust", None, weight)]
    for code in np.unique(events.channel):
        which = np.flatnonzero(events.channel == code)
        made.append(events.tally(f"trust.{TRUST.names[code]}", which, weight[which]))
    return made
