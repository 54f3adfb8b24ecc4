"""Altered files: how many, by whom, how long until the forgery and its consequences are gone, and what audits found."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Each, Rows, Store, mechanism
from ..kinds import FAULT
from ..tables_registry import BY

TAMPERED = FAULT.code("tampered")


@mechanism(
    "measure.alterations",
    on=(Rows("alterations"), Rows("audit_finds"), Each("altered_files")),
    owns=(Store("altered_files", {"by": "uint8"}, {}, "Persons with a forged record in the registry or on a list"),),
    stores=("records_held", "listings"),
    lagged=("altered_files",),
    tallies=(
        "alterations", "altered", "forged_stock", "forged_listed", "forged_listings", "recovered", "audit_finds", "audit_finds_sound",
    ),
)  # fmt: skip
def alterations(batch, cols, p, luck):
    """Follow each person with a forged record until neither the record nor a listing that rests on it is left."""
    new, old, finds, store, made = batch.alterations, batch.altered_files, batch.audit_finds, cols.stores.altered_files, []
    if len(old):
        stands, listed = _standing(old.subject, cols)
        clean = np.flatnonzero(~stands)
        made += [old.tally("forged_stock", stands), old.tally("forged_listed", listed)]
        made.append(old.tally("recovered", clean))
        made += [old.tally(f"recovered.{BY.names[code]}", clean[old.by[clean] == code]) for code in np.unique(old.by[clean])]
        made += _starts(old, old.subject, cols)
        store.drop(old.at[clean])
    if len(new):
        made += [new.tally(f"alterations.{'erased' if erased else 'forged'}", new.erased == erased) for erased in (0, 1)]
        forged = np.flatnonzero(new.erased == 0)
        who, first = np.unique(new.subject[forged], return_index=True)
        fresh = np.flatnonzero(~store.has(who))
        fresh = fresh[_standing(who[fresh], cols)[0]]  # what the registry did not take in altered nothing
        at = forged[first[fresh]]
        store.put(new, at)
        made += [new.tally("altered", at), *_starts(new, new.subject[at], cols)]
    if len(finds):
        made += [finds.tally("audit_finds"), finds.tally("audit_finds_sound", finds.fault == 0)]
    return made


def _standing(who, cols):
    """Tell on whom a forged record is still held or a listing rests on one, and on whom such a listing rests."""
    found = []
    for store in (cols.stores.records_held, cols.stores.listings):
        position, at = store.of(who)
        hit = np.zeros(len(who), bool)
        hit[position[store.fault[at] == TAMPERED]] = True
        found.append(hit)
    return found[0] | found[1], found[1]


def _starts(rows, who, cols):
    """Tally the listings on forged records that start this month."""
    listings = cols.stores.listings
    position, at = listings.of(who)
    new = (listings.fault[at] == TAMPERED) & (listings.since[at] == cols.month)
    return [rows.tally_of("forged_listings", who[position[new]])]
