"""Whom the regulation of firms reaches: consumers harmed, staff dismissed by firms that close or that look at lists."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, mechanism
from ..kinds import BASIS


@mechanism(
    "measure.firm_people",
    on=(Rows("harms"), Rows("dismissals")),
    tallies=("consumers_harmed", "consumer_loss_yuan", "dismissed"),
)
def firm_people(batch, cols, p, luck):
    """Count consumers harmed and their losses, and dismissals by ground: the own listing, that of kin, the end of the firm."""
    harms, lost, made = batch.harms, batch.dismissals, []
    made += [harms.tally("consumers_harmed"), harms.tally("consumer_loss_yuan", None, harms.amount.astype(np.int64))]
    return [*made, lost.tally("dismissed"), *(lost.tally(f"dismissed.{n}", lost.basis == code) for code, n in enumerate(BASIS.names))]
