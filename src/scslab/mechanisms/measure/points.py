"""Points lost and gained in a ledger, by kind of record: what there is to lose against what there is to gain."""

from __future__ import annotations

import numpy as np

from ...engine.arm import table_codes
from ...engine.declare import Rows, mechanism
from ..kinds import KIND


@mechanism(
    "measure.points",
    on=Rows("postings"),
    tallies=("points_lost", "points_gained", "losses", "gains_posted"),
)
def points(postings, cols, p, luck):
    """Count losses and gains of points from records and awards, in all and by kind; points that come back or lapse with time are neither."""
    codes = table_codes()
    new = np.isin(postings.origin, [codes["records"], codes["awards"]])
    lost = new & (postings.points < 0) & (postings.origin == codes["records"])
    gained = new & (postings.points > 0)
    amount, made = np.abs(postings.points.astype(np.int64)), []
    for count, total, which in (("losses", "points_lost", lost), ("gains_posted", "points_gained", gained)):
        at = np.flatnonzero(which)
        made += [postings.tally(count, at), postings.tally(total, at, amount[at])]
        made += [postings.tally(f"{count}.{KIND.names[code]}", at[postings.kind[at] == code]) for code in np.unique(postings.kind[at])]
    return made
