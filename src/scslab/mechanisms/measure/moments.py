"""What official reports of a list publish, counted as they count it: entries, exits and their grounds, men, an age, trips refused.

Reports count everybody of an age who lives in the country at the date, not a cohort followed since the start, so the heads to divide by are
counted here month by month.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, names
from ...engine.declare import Rows, Sweep, mechanism
from ...engine.rows import Batch
from ..common import ALIVE, among, living
from ..kinds import GROUND, KIND

COMPLIED = GROUND.codes(("performed", "settlement"))
REPAIRED = GROUND.codes(("performed", "settlement", "unable", "early_deletion", "corrected", "repaired"))
"""Names removed as repaired: whatever ends a listing before its time but for a court's finding that it was wrong."""
TRIPS = (("air", KIND.code("air_trip")), ("rail", KIND.code("rail_trip")))
MALE = 1
MONTHS = 12


class Params(Parameters):
    lists = names("lists whose entries and exits are counted, together")
    age_from = count("youngest of those whose share among the entries is published", unit="years")
    age_to = count("oldest of them", unit="years")
    heads_from = count("youngest of those by whom figures per head are divided", unit="years")


@mechanism(
    "measure.moments",
    on=(Rows("listings"), Rows("listing_ends"), Rows("refusals"), Sweep()),
    params=Params,
    reads=(*ALIVE, "persons.sex", "persons.place", "places.province"),
    stores=("listings",),
    tallies=(
        "moments_entries", "moments_men", "moments_of_age", "moments_exits", "moments_complied", "moments_repaired",
        "moments_air", "moments_air_persons", "moments_rail", "moments_heads", "moments_held", "moments_heads_in", "moments_entries_in",
    ),
)  # fmt: skip
def moments(batch, cols, p, luck):
    """Count a list's entries, exits and stock by what is published of them, heads, and the trips refused in a month and the persons behind them."""
    labels = np.array([cols.code(name) for name in p.lists], np.int64)
    labels = labels[labels > 0]
    new, ends, made = batch.listings, batch.listing_ends, []
    if len(new):
        mine = np.isin(new.list, labels)
        age = (cols.month - cols.persons.birth_month[new.subject].astype(np.int64)) // MONTHS
        made.append(new.tally("moments_entries", mine))
        made.append(new.tally("moments_men", mine & (cols.persons.sex[new.subject] == MALE)))
        made.append(new.tally("moments_of_age", mine & (age >= p.age_from) & (age <= p.age_to)))
        made += _by_province("moments_entries_in", new.subject[mine], cols)
    if len(ends):
        mine = np.isin(ends.list, labels)
        made.append(ends.tally("moments_exits", mine))
        made.append(ends.tally("moments_complied", mine & among(ends.ground, COMPLIED)))
        made.append(ends.tally("moments_repaired", mine & among(ends.ground, REPAIRED)))
    for name, kind in TRIPS if len(batch.refusals) else ():
        who = batch.refusals.subject[batch.refusals.kind == kind]
        made.append(Batch.tally_of(f"moments_{name}", who))
        if name == "air":
            made.append(Batch.tally_of("moments_air_persons", np.unique(who)))
    return made + _heads(batch.everybody, labels, cols, p)


def _heads(everybody, labels, cols, p):
    """Count who lives here and is old enough, by province too, and who of them is on the lists."""
    who = np.arange(everybody.lo, everybody.hi)
    who = who[living(cols, who, p.heads_from)]
    held = cols.stores.listings
    at = slice(*np.searchsorted(held.subject, [everybody.lo, everybody.hi]))
    listed = np.unique(held.subject[at][np.isin(held.list[at], labels)])
    listed = listed[living(cols, listed, p.heads_from)]
    return [Batch.tally_of("moments_heads", who), Batch.tally_of("moments_held", listed), *_by_province("moments_heads_in", who, cols)]


def _by_province(name, who, cols):
    """Tally persons by the province they lived in at the start."""
    province = cols.places.province[cols.persons.place[who]]
    return [Batch.tally_of(f"{name}.p{code:02d}", who[province == code]) for code in np.unique(province)]
