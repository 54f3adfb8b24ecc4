"""Firms: months in business, breaches, visits, what was found and when, bids, exits, hours; where inspectors go and where breaches are.

By sector and district only breaches that somebody must find are counted, because those are what inspectors look for.
"""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, mechanism
from ..common import among
from ..firms import BREACH, DISTRICTS, HIDDEN, MARKET, OWNERSHIP, SECTOR, breach_of, district_of
from ..kinds import FAULT, SENSOR

SOUND, INSPECTION, FOREIGN = FAULT.code("sound"), SENSOR.code("inspection"), OWNERSHIP.code("foreign")
HIDDEN_CODES = BREACH.codes(HIDDEN)
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
    acts, visits = batch.firm_acts, batch.firm_visits
    hidden = np.flatnonzero(among(breach_of(acts.kind), HIDDEN_CODES))
    made += [acts.tally_split("firm_acts", breach_of(acts.kind), BREACH.names), visits.tally("firm_visits")]
    for name, rows, at in (("firm_acts", acts, hidden), ("firm_visits", visits, np.arange(len(visits)))):
        sector, district = cols.firms.sector[rows.subject[at]], district_of(cols, rows.subject[at])
        for split, codes, names in (("sector", sector, SECTOR.names), ("district", district, DISTRICT_NAMES)):
            made += [rows.tally(f"{name}_{split}.{names[code]}", at[codes == code]) for code in np.unique(codes)]
    found = batch.firm_findings
    right = np.flatnonzero((found.fault == SOUND) & (found.true_firm == found.subject))
    made += [found.tally("firm_found", right), found.tally("firm_found_wrong", (found.fault != SOUND) | (found.true_firm != found.subject))]
    for code in np.unique(found.kind[right]):
        at = right[found.kind[right] == code]
        made.append(found.tally(f"firm_found.{BREACH.names[int(breach_of(code))]}", at))
        made.append(found.tally(f"firm_found_months.{BREACH.names[int(breach_of(code))]}", at, cols.month - found.since[at].astype(np.int64)))
    made.append(found.tally("firm_found_on_visit", right[found.sensor[right] == INSPECTION]))
    made += [batch.firm_exits.tally("firm_exits"), batch.firm_exits.tally("firm_exits_forced", batch.firm_exits.forced > 0)]
    for name, rows in (("firm_bids", None), ("firm_refused", bids.refused > 0), ("firm_gained", bids.gained > 0)):
        made.append(bids.tally(name, rows))
        made += [bids.tally(f"{name}.{m}", (bids.market == code) & (True if rows is None else rows)) for code, m in enumerate(MARKET.names)]
    return made
