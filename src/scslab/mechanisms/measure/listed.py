"""Who is on a list at each month's end: persons, entries, by list; and listings that outlive their reason (W3)."""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...engine.declare import Each, Rows, Store, mechanism
from ..common import among
from ..wrongfulness import DEBT_KINDS, is_praise


@mechanism(
    "measure.listed",
    on=(Rows("performances"), Each("listings")),
    owns=(Store("performed", {"month": "int16"}, {}, "Month in which a person last performed a judgment"),),
    stores=("debts",),
    tallies=("listed_stock", "entries_stock", "stale_months.W3a", "stale_months.W3b", "listings_stale.W3a", "listings_stale.W3b"),
)
def listed(batch, cols, p, luck):
    """Count persons and entries in force, and those kept past their term or past performance."""
    done, held, store, made = batch.performances, batch.listings, cols.stores.performed, []
    if len(done):
        _, first = np.unique(done.subject, return_index=True)
        store.put(done, first, month=cols.month)
    if not len(held):
        return made
    named = np.flatnonzero(~is_praise(held))
    who, lists = held.subject[named], held.list[named]
    first = np.ones(len(named), bool)
    first[1:] = who[1:] != who[:-1]
    made += [held.tally("listed_stock", named[first]), held.tally("entries_stock", named)]
    made += [held.tally(f"listed_stock.list.{cols.name_of(code)}", named[lists == code]) for code in np.unique(lists)]
    return made + _stale(held, named, cols)


def _stale(held, named, cols):
    """Find listings past their term (W3a), or past performance: W3a where the listing had no term, else W3b, because the rule keeps it."""
    until, made, store = held.until[named], [], cols.stores.performed
    late = until < cols.month
    made.append(held.tally("stale_months.W3a", named[late]))
    made.append(held.tally("listings_stale.W3a", named[until == cols.month - 1]))
    if not len(store):
        return made
    at = store.find(held.subject[named])
    paid = (at >= 0) & among(held.kind[named], DEBT_KINDS) & ~late
    paid &= (store.month[at] >= held.since[named]) & (store.month[at] < cols.month)
    paid[paid] = cols.stores.debts.count(held.subject[named[paid]]) == 0
    for word, which in (("W3a", paid & (until == NEVER)), ("W3b", paid & (until < NEVER))):
        made.append(held.tally(f"stale_months.{word}", named[which]))
        made.append(held.tally(f"listings_stale.{word}", named[which & (store.month[at] == cols.month - 1)]))
    return made
