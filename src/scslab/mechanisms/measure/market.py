"""The market for points: purchases, what they cost, and who works for others' points."""

from __future__ import annotations

import numpy as np

from ...base.parameters import QUANTUM
from ...engine.declare import Rows, mechanism


@mechanism(
    "measure.market",
    on=Rows("purchases"),
    tallies=("purchases", "purchases_yuan", "points_bought", "proxy_deals", "helpers"),
)
def market(rows, cols, p, luck):
    """Count purchases, yuan paid, whole points bought, deals by proxy, and how often people were paid to volunteer."""
    proxy = np.flatnonzero(rows.paid_to >= 0)
    made = [
        rows.tally("purchases"),
        rows.tally("purchases_yuan", None, rows.amount.astype(np.int64)),
        rows.tally("points_bought", None, rows.points.astype(np.int64) // QUANTUM),
        rows.tally("proxy_deals", proxy),
    ]
    if len(proxy):
        made.append(rows.tally_of("helpers", rows.paid_to[proxy].astype(np.int64)))
    return made
