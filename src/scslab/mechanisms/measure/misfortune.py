"""After misfortune: who is sanctioned within twelve months of an illness or an involuntary job loss."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Each, Rows, Store, mechanism
from ..common import among, first_rows
from ..kinds import BASIS, MEASURE, PERKS
from ..wrongfulness import is_praise

WITHIN = 12
OWN, PERK_CODES = BASIS.code("own"), MEASURE.codes(PERKS)


@mechanism(
    "measure.misfortune",
    on=(Rows("shocks"), Rows("listings"), Rows("measures"), Each("struck", every=6)),
    owns=(Store("struck", {"month": "int16"}, {}, "Persons struck by a shock within the last months and not sanctioned since"),),
    lagged=("struck",),
    tallies=("shocks", "shocks_followed", "shocks_sanctioned"),
)
def misfortune(batch, cols, p, luck):
    """Follow each person struck by a shock for twelve months, and count those who are sanctioned."""
    store, made = cols.stores.struck, []
    gone = np.zeros(len(store), bool)
    for rows in (batch.listings, batch.measures):
        if len(rows) and len(store):
            bad = ~is_praise(rows) if rows.has("until") else (rows.basis == OWN) & ~among(rows.measure, PERK_CODES)
            row = np.flatnonzero(bad)
            at = store.find(rows.subject[row])
            row, at = row[at >= 0], at[at >= 0]
            at, first = np.unique(at, return_index=True)
            near = ~gone[at] & (cols.month - store.month[at].astype(np.int64) <= WITHIN)
            gone[at] = True
            made.append(rows.tally("shocks_sanctioned", row[first][near]))
    shocks, old = batch.shocks, batch.struck
    if len(old):
        gone[old.at[old.month < cols.month - WITHIN]] = True
    if len(store):
        store.drop(gone)
    if len(shocks):
        first = first_rows(shocks.subject)
        who = shocks.subject[first]
        at = store.find(who)
        kept = (at >= 0) & ~gone[at] if len(store) else np.zeros(len(who), bool)
        if kept.any():  # followed already unless that was long ago
            kept[kept] = store.month[at[kept]] >= cols.month - WITHIN
        store.put(shocks, first[~kept], month=cols.month)
        made += [shocks.tally("shocks"), shocks.tally("shocks_followed", first[~kept])]
    return made
