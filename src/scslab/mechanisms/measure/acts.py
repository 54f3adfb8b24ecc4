"""What people do: acts by kind, and each person's acts of protected conduct."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Column, Rows, mechanism
from ..kinds import KIND, PROTECTED

PROTECTED_CODES = KIND.codes(PROTECTED)


@mechanism(
    "measure.acts",
    on=Rows("acts"),
    writes=(Column("persons.speech", "uint16", 0, "acts", "acts of protected conduct since the start"),),
    tallies=("acts", "speech"),
)
def acts(rows, cols, p, luck):
    """Count acts by kind; count protected conduct for each person too, so that people never near a sanction can be looked at."""
    speech = np.isin(rows.kind, PROTECTED_CODES)
    np.add.at(cols.persons.speech, rows.subject[speech], np.uint16(1))
    made = [rows.tally("acts"), rows.tally("speech", speech)]
    return made + [rows.tally(f"acts.{KIND.names[code]}", rows.kind == code) for code in np.unique(rows.kind)]
