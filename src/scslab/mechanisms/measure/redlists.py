"""Who is praised and what it is worth: redlists and perks by office and by quintile of income, beside how many people those are."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, names
from ...engine.declare import Rows, Sweep, mechanism
from ...engine.rows import Batch
from ..common import ALIVE, OFFICE, living, office
from ..kinds import GROUND, QUINTILE

YEAR = 12


class Params(Parameters):
    lists = names("lists of the praised")


@mechanism(
    "measure.redlists",
    on=(Rows("listings"), Rows("listing_ends"), Rows("perk_uses"), Sweep()),
    params=Params,
    reads=(*ALIVE, "persons.role", "persons.quintile"),
    stores=("listings",),
    tallies=("red_entries", "red_stock", "red_ends", "perk_worth", "office_months"),
)
def redlists(batch, cols, p, luck):
    """Count entries, stock, ends and the worth of perks by office and quintile, and once a year how many adults there are of each."""
    red, everybody = cols.codes(p.lists), batch.everybody
    made = []
    for name, rows in (("red_entries", batch.listings), ("red_ends", batch.listing_ends)):
        hit = np.flatnonzero(np.isin(rows.list, red))
        if name == "red_ends":
            made += [rows.tally(name, hit), *(rows.tally(f"{name}.{GROUND.names[g]}", hit[rows.ground[hit] == g]) for g in np.unique(rows.ground[hit]))]
        else:
            made += _split(name, rows.subject[hit], cols)
    used = batch.perk_uses
    made += _split("perk_worth", used.subject, cols, used.amount.astype(np.int64))
    held = cols.stores.listings
    at = slice(*np.searchsorted(held.subject, [everybody.lo, everybody.hi]))
    who = np.unique(held.subject[at][np.isin(held.list[at], red)])
    made += _split("red_stock", who, cols)
    if cols.month % YEAR == 0:
        adult = everybody.lo + np.flatnonzero(living(cols, np.arange(everybody.lo, everybody.hi)))
        made += _split("office_months", adult, cols, np.full(len(adult), YEAR))
    return made


def _split(name, who, cols, weight=None):
    """Tally persons by office and by quintile, and all together."""
    made = [Batch.tally_of(name, who, weight)]
    for domain, code in ((OFFICE, office(cols.persons.role[who])), (QUINTILE, cols.persons.quintile[who])):
        for group in np.unique(code):
            hit = code == group
            made.append(Batch.tally_of(f"{name}.{domain.names[group]}", who[hit], None if weight is None else weight[hit]))
    return made
