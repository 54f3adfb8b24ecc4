"""Firms: months in business, breaches, visits, what was found and when, bids, exits, hours; where inspectors go and where breaches are."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, mechanism
from ..firms import BREACH, DISTRICTS, MARKET, OWNERSHIP, SECTOR, breach_of, district_of
from ..kinds import FAULT, SENSOR

SOUND, INSPECTION, FOREIGN = FAULT.code("sound"), SENSOR.code("inspection"), OWNERSHIP.code("foreign")
DISTRICT_NAMES = tuple(f"d{number:02d}" for number in range(DISTRICTS))


@mechanism(
    "measure.firms",
    on=(Rows("firm_hours"), Rows("firm_acts"), Rows("firm_visits"), Rows("firm_findings"), Rows("firm_exits"), Rows("firm_bids")),
    reads=("firms.sector", "firms.place", "firms.ownership", "places.start"),
    tallies=(
        "firm_months", "firm_months_foreign", "firm_hours", "firm_hours_visits", "firm_hours_foreign", "firm_acts", "firm_visits",
        "firm_acts_sector", "firm_acts_district", "firm_visits_sector", "firm_visits_district", "firm_found", "firm_found_wrong",
        "firm_found_months", "firm_found_on_visit", "firm_exits", "firm_exits_forced", "firm_bids", "firm_refused", "firm_gained",
    ),
)  # fmt: skip
def firms(batch, cols, p, luck):
    """Count what firms do, who looks, what is found after how many months, and what becomes of firms."""
    made, hours, bids = [], batch.firm_hours, batch.firm_bids
    foreign = cols.firms.ownership[hours.subject] == FOREIGN
    made += [hours.tally("firm_months"), hours.tally("firm_months_foreign", foreign), hours.tally("firm_hours", None, hours.amount)]
    made += [hours.tally("firm_hours_visits", None, hours.visits), hours.tally("firm_hours_foreign", foreign, hours.amount[foreign])]
    for name, rows in (("firm_acts", batch.firm_acts), ("firm_visits", batch.firm_visits)):
        made += [rows.tally(name), rows.tally_split(f"{name}_sector", cols.firms.sector[rows.subject], SECTOR.names)]
        made.append(rows.tally_split(f"{name}_district", district_of(cols, rows.subject), DISTRICT_NAMES))
    made.append(batch.firm_acts.tally_split("firm_acts", breach_of(batch.firm_acts.kind), BREACH.names))
    found = batch.firm_findings
    right = np.flatnonzero((found.fault == SOUND) & (found.true_firm == found.subject))
    made += [found.tally("firm_found", right), found.tally("firm_found_wrong", (found.fault != SOUND) | (found.true_firm != found.subject))]
    made.append(found.tally("firm_found_months", right, cols.month - found.since[right].astype(np.int64)))
    made.append(found.tally("firm_found_on_visit", right[found.sensor[right] == INSPECTION]))
    made += [batch.firm_exits.tally("firm_exits"), batch.firm_exits.tally("firm_exits_forced", batch.firm_exits.forced > 0)]
    for name, rows in (("firm_bids", None), ("firm_refused", bids.refused > 0), ("firm_gained", bids.gained > 0)):
        made.append(bids.tally(name, rows))
        made += [bids.tally(f"{name}.{m}", (bids.market == code) & (True if rows is None else rows)) for code, m in enumerate(MARKET.names)]
    return made
