"""Networks and phones: takedowns, hidden connections, passers-by named as present, praise stated and meant."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Each, Rows, mechanism


@mechanism(
    "measure.online",
    on=(Rows("takedowns"), Rows("praises"), Rows("vpn_found"), Each("vpn_users")),
    tallies=("takedowns", "takedowns_wrong", "vpn_months", "vpn_found", "praise", "praise_meant"),
)
def online(batch, cols, p, luck):
    """Count what is taken down, hidden, found and praised."""
    gone, said, made = batch.takedowns, batch.praises, []
    if len(gone):
        made += [gone.tally("takedowns"), gone.tally("takedowns_wrong", np.flatnonzero((gone.fault != 0) | (gone.true_actor != gone.subject)))]
    if len(said):
        made += [said.tally("praise"), said.tally("praise_meant", said.sincere > 0)]
    made += [rows.tally(name) for name, rows in (("vpn_found", batch.vpn_found), ("vpn_months", batch.vpn_users)) if len(rows)]
    return made
