"""Months unaware: from a listing's effect to the first notice, refusal or inquiry that tells its subject, or its end."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Each, Rows, Store, mechanism
from ..kinds import BASIS
from ..wrongfulness import is_praise

OWN = BASIS.code("own")
LONGEST = 36
"""Longer times are counted as this many months."""


@mechanism(
    "measure.unaware",
    on=(Rows("listings"), Rows("notices"), Rows("refusals"), Rows("listing_ends"), Each("unaware")),
    owns=(Store("unaware", {"list": "uint16", "since": "int16"}, {}, "Listings whose subject does not know of them", by_label=True),),
    lagged=("unaware",),
    tallies=("unaware_started", "unaware_months", "unaware_told", "unaware_ended"),
)
def unaware(batch, cols, p, luck):
    """Follow each listing until its subject learns of it or it ends, and count the months."""
    store, listings, made = cols.stores.unaware, batch.listings, []
    gone = np.zeros(len(store), bool)
    if len(store):
        for rows, word in ((batch.notices, "told"), (batch.refusals, "told"), (batch.listing_ends, "ended")):
            made += _leave(rows, word, store, gone, cols.month)
        store.drop(gone)
    if len(batch.unaware):
        at = batch.unaware.at
        made.append(batch.unaware.tally("unaware_months", ~gone[at]))
    if len(listings):
        new = np.flatnonzero(~is_praise(listings))
        told = _told_now(listings, new, batch)
        made += [listings.tally("unaware_started", new), listings.tally("unaware_told.m0", new[told])]
        store.put(listings, new[~told], sub=listings.list[new[~told]], since=cols.month)
    return made


def _told_now(listings, at, batch):
    """Tell whose notice or refusal comes in the month of the listing."""
    key = listings.subject[at] << 16 | listings.list[at]
    notices = batch.notices
    told = np.isin(key, notices.subject << 16 | notices.list) if len(notices) else np.zeros(len(at), bool)
    refusals = batch.refusals
    return told | np.isin(listings.subject[at], refusals.subject[refusals.basis == OWN]) if len(refusals) else told


def _leave(rows, word, store, gone, month):
    """Mark the stored listings that these rows make known or end, and tally how long it took; a refusal tells of every own listing."""
    if not len(rows):
        return []
    if rows.has("list"):
        row, at = np.arange(len(rows)), store.find(rows.subject, rows.list)
        row, at = row[at >= 0], at[at >= 0]
    else:
        own = np.flatnonzero(rows.basis == OWN)
        row, at = store.of(rows.subject[own])
        row = own[row]
    at, first = np.unique(at, return_index=True)
    row, at = row[first][~gone[at]], at[~gone[at]]
    gone[at] = True
    took = np.minimum(month - store.since[at].astype(np.int64), LONGEST)
    return [rows.tally(f"unaware_{word}.m{m}", row[took == m]) for m in np.unique(took)]
