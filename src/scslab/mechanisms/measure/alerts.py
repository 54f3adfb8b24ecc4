"""Alerts of cameras: right and wrong, dropped by a look or not; and what avoiding cameras costs."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, mechanism
from ..kinds import FAULT

SOUND = FAULT.code("sound")


@mechanism(
    "measure.alerts",
    on=(Rows("alerts"), Rows("evasions")),
    tallies=("alerts", "alerts_right", "stops", "stops_right", "stops_wrong", "evasion_months", "evasion_yuan"),
)
def alerts(batch, cols, p, luck):
    """Count alerts and stops, right and wrong, and evasion."""
    rows, hiding, made = batch.alerts, batch.evasions, []
    if len(rows):
        right, stopped = rows.fault == SOUND, rows.stopped > 0
        made += [rows.tally("alerts"), rows.tally("alerts_right", right), rows.tally("stops", stopped)]
        made += [rows.tally("stops_right", stopped & right), rows.tally("stops_wrong", stopped & ~right)]
    if len(hiding):
        made += [hiding.tally("evasion_months"), hiding.tally("evasion_yuan", None, hiding.amount.astype(np.int64))]
    return made
