"""Norms of small groups: how often they are broken, and how bold and vengeful people are."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, Sweep, mechanism
from ..common import ALIVE, living
from ..norms import BOLDNESS, VENGEFULNESS, bold, vengeful


@mechanism(
    "measure.norms",
    on=(Rows("norm_breaches", only=()), Sweep()),
    reads=(*ALIVE, *BOLDNESS, *VENGEFULNESS),
    tallies=("norm_breaches", "norm_persons", "norm_boldness", "norm_vengefulness"),
)
def norms(batch, cols, p, luck):
    """Count breaches; sum the levels of adults."""
    everybody = batch.everybody
    who = np.arange(everybody.lo, everybody.hi)
    who = who[living(cols, who)]
    made = [batch.norm_breaches.tally("norm_breaches"), everybody.tally_of("norm_persons", who)]
    made.append(everybody.tally_of("norm_boldness", who, bold(cols.persons, who)))
    return [*made, everybody.tally_of("norm_vengefulness", who, vengeful(cols.persons, who))]
