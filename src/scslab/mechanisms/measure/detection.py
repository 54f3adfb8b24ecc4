"""What sensors say: observations by kind, right and wrong; records; ordinary penalties."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, mechanism
from ..kinds import FAULT, KIND

SOUND = FAULT.code("sound")


@mechanism(
    "measure.detection",
    on=(Rows("observations"), Rows("records"), Rows("national_records"), Rows("penalties")),
    tallies=("observed", "observed_wrong", "records", "records_wrong", "penalties", "fines_yuan"),
)
def detection(batch, cols, p, luck):
    """Count observations and records, right and wrong, and fines."""
    made = []
    for name, rows in (("observed", batch.observations), ("records", batch.records), ("records", batch.national_records)):
        if len(rows):
            made.append(rows.tally(name))
            made.append(rows.tally(f"{name}_wrong", (rows.fault != SOUND) | (rows.true_actor != rows.subject)))
            if name == "observed":
                made += [rows.tally(f"observed.{KIND.names[code]}", rows.kind == code) for code in np.unique(rows.kind)]
    if len(batch.penalties):
        made.append(batch.penalties.tally("penalties"))
        made.append(batch.penalties.tally("fines_yuan", None, batch.penalties.amount.astype(np.int64)))
    return made
