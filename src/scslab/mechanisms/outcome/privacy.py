"""What others get to see: each record, public listing and enforced measure shows something about its subject to other parties."""

from __future__ import annotations

from ...base.parameters import Parameters, count
from ...engine.declare import Rows, mechanism


class Params(Parameters):
    record = count("parties that see a new record; 0 = the channel is off", unit="parties", neutral=0)
    listing = count("parties that see a new listing", unit="parties", neutral=0)
    measure = count("parties that see a measure when it begins", unit="parties", neutral=0)


@mechanism(
    "outcome.privacy",
    on=(Rows("records"), Rows("listings"), Rows("measures")),
    params=Params,
    emits=("disclosures",),
)
def privacy(batch, cols, p, luck):
    """Records, listings and measures disclose something about their subjects to other parties.

    A row with the number of parties, where it is not 0.
    """
    shown = ((batch.records, p.record), (batch.listings, p.listing), (batch.measures, p.measure))
    return [rows.emit("disclosures", parties=parties) for rows, parties in shown if parties and len(rows)]
