"""Like acts and unlike outcomes: rulings, their months and the squares of these, by kind of act and by office, as whole numbers."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, mechanism
from ..common import OFFICE, among, office
from ..kinds import KIND, PROTECTED

PROTECTED_CODES = KIND.codes(PROTECTED)


@mechanism(
    "measure.rulings",
    on=Rows("rulings"),
    reads=("persons.role",),
    tallies=("rulings", "ruling_months", "ruling_squares", "rulings_off", "rulings_stretched", "rulings_protected"),
)
def rulings(rows, cols, p, luck):
    """Add up rulings, months and squares of months by kind, for everybody and by office, so that a variance over any group is exact."""
    held, months = office(cols.persons.role[rows.subject]), rows.months.astype(np.int64)
    made = [
        rows.tally("rulings"), rows.tally("rulings_stretched", rows.stretched > 0),
        rows.tally("rulings_protected", among(rows.kind, PROTECTED_CODES)),
        rows.tally("rulings_off", rows.months == 0),
    ]  # fmt: skip
    for kind in np.unique(rows.kind):
        for code in np.unique(held):
            at = np.flatnonzero((rows.kind == kind) & (held == code))
            name = f"{OFFICE.names[code]}.{KIND.names[kind]}"
            made.append(rows.tally(f"rulings.{name}", at))
            made.append(rows.tally(f"ruling_months.{name}", at, months[at]))
            made.append(rows.tally(f"ruling_squares.{name}", at, months[at] ** 2))
    return made
