"""Pretexts: how many, by conduct and way; those whose claim stood; and what stands on lists because of them, under another name."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Each, Rows, Store, mechanism
from ..kinds import CAUSE, KIND
from ..tables_pretext import WAY

PRETEXT = CAUSE.code("pretext")


@mechanism(
    "measure.pretext",
    on=(Rows("pretexts"), Each("pretext_claimed")),
    stores=("listings",),
    owns=(Store("pretext_claimed", {}, {}, "Persons against whom a pretext was ever used"),),
    lagged=("pretext_claimed",),
    tallies=("pretexts", "pretexts_standing", "pretext_yuan", "first_pretext", "pretext_listed_months"),
)
def pretext(batch, cols, p, luck):
    """Count pretexts by conduct and way, persons first met by one, and person-months on a list that a pretext led to."""
    new, met, store, made = batch.pretexts, batch.pretext_claimed, cols.stores.pretext_claimed, []
    if len(new):
        made += [new.tally("pretexts"), new.tally("pretexts_standing", new.stands > 0)]
        made += [new.tally(f"pretexts.{KIND.names[code]}", new.kind == code) for code in np.unique(new.kind)]
        made += [new.tally(f"pretexts.{WAY.names[code]}", new.way == code) for code in np.unique(new.way)]
        at = np.flatnonzero(new.stands)
        made.append(new.tally("pretext_yuan", at, new.amount[at].astype(np.int64)))
        who, first = np.unique(new.subject, return_index=True)
        fresh = first[~store.has(who)]
        store.put(new, fresh)
        made.append(new.tally("first_pretext", fresh))
    if len(met) and len(cols.stores.listings):
        source, at = cols.stores.listings.of(met.subject)
        made.append(met.tally("pretext_listed_months", np.unique(source[cols.stores.listings.cause[at] == PRETEXT])))
    return made
