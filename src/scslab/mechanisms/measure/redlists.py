"""Who is praised and what it is worth: redlists and perks by office, beside how many hold such an office; income is a group of its own."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, names
from ...engine.declare import Rows, Sweep, mechanism
from ...engine.rows import Batch
from ..common import ALIVE, OFFICE, living, office
from ..kinds import GROUND

YEAR = 12


class Params(Parameters):
    lists = names("lists of the praised")


@mechanism(
    "measure.redlists",
    on=(Rows("listings"), Rows("listing_ends"), Rows("perk_uses"), Sweep()),
    params=Params,
    reads=(*ALIVE, "persons.role"),
    stores=("listings",),
    tallies=("red_entries", "red_stock", "red_ends", "perk_worth", "office_months"),
)
def redlists(batch, cols, p, luck):
    """Count entries, stock, ends and the worth of perks by office, and once a year how many adults hold each office."""
    red, role, everybody = cols.codes(p.lists), cols.persons.role, batch.everybody
    made = []
    for name, rows in (("red_entries", batch.listings), ("red_ends", batch.listing_ends)):
        hit = np.flatnonzero(np.isin(rows.list, red))
        if name == "red_ends":
            made += [rows.tally(f"red_ends.{GROUND.names[g]}", hit[rows.ground[hit] == g]) for g in np.unique(rows.ground[hit])]
        else:
            made += _by_office(name, rows.subject[hit], role)
    used = batch.perk_uses
    made += _by_office("perk_worth", used.subject, role, used.amount.astype(np.int64))
    held = cols.stores.listings
    at = slice(*np.searchsorted(held.subject, [everybody.lo, everybody.hi]))
    who = np.unique(held.subject[at][np.isin(held.list[at], red)])
    made += _by_office("red_stock", who, role)
    if cols.month % YEAR == 0:
        adult = everybody.lo + np.flatnonzero(living(cols, np.arange(everybody.lo, everybody.hi)))
        made += _by_office("office_months", adult, role, np.full(len(adult), YEAR))
    return made


def _by_office(name, who, role, weight=None):
    """Tally persons by office, and all together."""
    code = office(role[who])
    made = [Batch.tally_of(name, who, weight)]
    for each in np.unique(code):
        hit = code == each
        made.append(Batch.tally_of(f"{name}.{OFFICE.names[each]}", who[hit], None if weight is None else weight[hit]))
    return made
