"""After a first misfortune: who is sanctioned within twelve months, in arms where it strikes and in arms that spare it.

Only in runs with counterfactual arms, and there from the fork on, so that all arms of a run follow the same persons from the same months:
the first misfortune of each person after the fork, whether it struck or was spared, and whatever sanctions came meanwhile.
"""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, Store, mechanism
from ..common import among
from ..kinds import BASIS, MEASURE, PERKS
from ..wrongfulness import is_praise

WITHIN = 12
OWN, PERK_CODES = BASIS.code("own"), MEASURE.codes(PERKS)


@mechanism(
    "measure.first_misfortune",
    on=(Rows("shocks"), Rows("spared_shocks"), Rows("listings"), Rows("measures")),
    owns=(Store("first_struck", {"month": "int16", "sanctioned": "uint8"}, {}, "Month of each person's first misfortune, and whether a sanction followed"),),
    tallies=("first_struck", "first_struck_sanctioned", "first_struck_listings"),
)
def first_misfortune(batch, cols, p, luck):
    """Follow each person for twelve months from the first misfortune, and count those sanctioned, and own listings, by months since."""
    store, made = cols.stores.first_struck, []
    done = np.zeros(len(store), bool)
    for rows, bad in ((batch.listings, _named(batch.listings)), (batch.measures, _own(batch.measures))):
        row = np.flatnonzero(bad)
        if not len(row) or not len(store):
            continue
        at = store.find(rows.subject[row])
        row, at = row[at >= 0], at[at >= 0]
        if rows is batch.listings:
            since = cols.month - store.month[at].astype(np.int64)
            made += [rows.tally(f"first_struck_listings.m{m}", row[since == m]) for m in np.unique(since[since <= WITHIN])]
        at, first = np.unique(at, return_index=True)
        took = cols.month - store.month[at].astype(np.int64)
        new = ~done[at] & (store.sanctioned[at] == 0) & (took <= WITHIN)
        done[at] = True
        store.set(at, sanctioned=1)
        made += [rows.tally(f"first_struck_sanctioned.m{m}", row[first[new & (took == m)]]) for m in np.unique(took[new])]
    for rows in (batch.shocks, batch.spared_shocks):
        who, first = np.unique(rows.subject, return_index=True)
        new = first[~store.has(who)]
        store.put(rows, new, month=cols.month, sanctioned=0)
        made.append(rows.tally("first_struck", new))
    return made


def _named(listings):
    return ~is_praise(listings) if len(listings) else np.zeros(0, bool)


def _own(measures):
    return (measures.basis == OWN) & ~among(measures.measure, PERK_CODES)
