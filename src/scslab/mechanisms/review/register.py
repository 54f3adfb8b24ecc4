"""The register of all lists: the only owner of listings; carries out entries, removals, extensions and expiry."""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...engine.declare import Column, Rows, Store, mechanism
from ..common import first_rows
from ..kinds import GROUND
from ..tables import TRUTH

TERM_OVER = GROUND.code("term_over")


@mechanism(
    "review.register",
    on=(Rows("entries"), Rows("removals"), Rows("extensions"), Rows("expiries")),
    writes=(Column("persons.listed", "uint8", 0, "lists", "number of lists a person is on"),),
    owns=(Store("listings", {"list": "uint16", "kind": "uint8", "since": "int16", "until": "int16"}, TRUTH, "Listings in force", by_label=True),),
    emits=("listings", "listing_ends", "expiries"),
    lagged=("expiries",),
)
def register(batch, cols, p, luck):
    """Entries become listings unless struck or already in force; listings end by removal or when their term is over.

    Removals first, in their order: one ends the listing of its subject and list if that is the entry it names, or whatever is there when it names
    none (0). Then expiries: one ends a listing whose `until` has come. A listing ends once. Extensions lengthen listings that have not ended, each by
    its months, and order a new expiry. Then entries: one struck by a removal of this month (by its id), a second one to the same list, and one of a
    person on the list do nothing; the others are listed since this month, and an expiry is ordered where they end. A listing's id is its entry's.
    """
    store, month, made = cols.stores.listings, cols.month, []
    gone = []
    for rows, is_expiry in ((batch.removals, False), (batch.expiries, True)):
        at = store.find(rows.subject, rows.list)
        there = at >= 0
        if len(store):
            there &= (store.until[at] <= month) if is_expiry else (rows.entry == 0) | (store.id[at] == rows.entry)
        here = np.flatnonzero(there)
        if len(here):
            _, first = np.unique(at[here], return_index=True)
            here = here[np.sort(first)]
            here = here[~np.isin(at[here], np.concatenate(gone))] if gone else here
            gone.append(at[here])
            ground = TERM_OVER if is_expiry else rows.ground[here]
            made.append(_end(rows, here, store, at[here], ground))
    ended = np.concatenate(gone) if gone else np.empty(0, np.int64)
    if len(ended):
        store.drop(ended)
        np.subtract.at(cols.persons.listed, store.subject[ended], np.uint8(1))
    made += _extend(batch.extensions, store, ended)
    if len(batch.entries):
        made += _enter(batch.entries, batch.removals, cols, ended)
    return made


def _enter(entries, removals, cols, ended):
    """Put on their lists those who are not on them, leaving out entries that a removal of the same month strikes."""
    store = cols.stores.listings
    stands = np.flatnonzero(~np.isin(entries.id, removals.entry)) if len(removals) else np.arange(len(entries))
    _, first = np.unique(store.key(entries.subject[stands], entries.list[stands]), return_index=True)
    new = stands[np.sort(first)]
    at = store.find(entries.subject[new], entries.list[new])
    new = new[(at < 0) | np.isin(at, ended)]
    store.put(entries, new, sub=entries.list[new], since=cols.month)
    np.add.at(cols.persons.listed, entries.subject[new], np.uint8(1))
    until = entries.until[new].astype(np.int64)
    ends = until < NEVER
    return [entries.emit("listings", parent=new), entries.emit("expiries", parent=new[ends], due=until[ends])]


def _end(rows, here, store, at, ground):
    return rows.emit("listing_ends", parent=here, kind=store.kind[at], list=store.list[at], ground=ground, since=store.since[at], carry=(store, at))


def _extend(rows, store, gone):
    """Lengthen listings in force, by all extensions of a month together; the old expiry finds a later end and does nothing."""
    at = store.find(rows.subject, rows.list)
    here = np.flatnonzero((at >= 0) & ~np.isin(at, gone))
    if not len(here):
        return []
    here = here[np.argsort(at[here], kind="stable")]
    first = first_rows(at[here])
    months = np.cumsum(rows.months[here].astype(np.int64))
    months -= np.repeat(months[first] - rows.months[here[first]], np.diff(np.append(first, len(here))))
    until = np.minimum(store.until[at[here]].astype(np.int64) + months, NEVER)
    store.set(at[here], until=until)  # the last of a listing counts
    return [rows.emit("expiries", parent=here, list=rows.list[here], due=until)]
