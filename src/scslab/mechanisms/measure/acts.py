"""What people do: acts by kind, and each person's acts of protected conduct."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Column, Rows, mechanism
from ..kinds import KIND, PROTECTED

IS_PROTECTED = np.isin(np.arange(256), KIND.codes(PROTECTED))


@mechanism(
    "measure.acts",
    on=Rows("acts", only=()),
    writes=(Column("persons.speech", "uint16", 0, "acts", "acts of protected conduct since the start"),),
    tallies=("acts", "speech"),
)
def acts(rows, cols, p, luck):
    """Count acts by kind; count protected conduct for each person too, so that people never near a sanction can be looked at."""
    speech = np.flatnonzero(IS_PROTECTED[rows.kind])
    np.add.at(cols.persons.speech, rows.subject[speech], np.uint16(1))
    return [rows.tally("speech", speech), rows.tally_split("acts", rows.kind, KIND.names)]
