"""The register of firms: the only owner of their grades and of their places on lists; carries out entries, removals and expiry."""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...engine.declare import Rows, Store, mechanism
from ..kinds import GROUND
from ..tables_firms import FIRM_TRUTH

TERM_OVER = GROUND.code("term_over")
RATINGS = Store("firm_ratings", {"rating": "uint16", "grade": "uint8", "score": "int32", "since": "int16"}, {}, "Grades of firms", of="firms",
                by_label=True)  # fmt: skip
LISTINGS = Store("firm_listings", {"list": "uint16", "kind": "uint8", "since": "int16", "until": "int16"}, FIRM_TRUTH, "Listings of firms in force",
                 of="firms", by_label=True)  # fmt: skip


@mechanism(
    "review.firm_register",
    on=(Rows("firm_grades"), Rows("firm_entries"), Rows("firm_removals"), Rows("firm_expiries")),
    owns=(RATINGS, LISTINGS),
    emits=("firm_listings", "firm_listing_ends", "firm_expiries"),
    lagged=("firm_expiries",),
)
def firm_register(batch, cols, p, luck):
    """Grades are noted; entries become listings unless in force already; listings end by removal or when their term is over.

    Removals first, then expiries, the first for each listing. Of several entries on a list in a month the first counts, if the firm is not on it, or has
    just left it.
    """
    ratings, store, made = cols.stores.firm_ratings, cols.stores.firm_listings, []
    if len(batch.firm_grades):
        ratings.put(batch.firm_grades, sub=batch.firm_grades.rating, since=cols.month)
    gone = np.empty(0, np.int64)
    for rows, is_expiry in ((batch.firm_removals, False), (batch.firm_expiries, True)):
        at = store.find(rows.subject, rows.list)
        here = np.flatnonzero((at >= 0) & ~np.isin(at, gone))
        here = here[np.unique(at[here], return_index=True)[1]]
        here = here[store.until[at[here]] <= cols.month] if is_expiry and len(here) else here
        gone = np.concatenate([gone, at[here]])
        values = {"kind": store.kind[at[here]], "list": store.list[at[here]], "since": store.since[at[here]]}
        ground = TERM_OVER if is_expiry else rows.ground[here]
        made.append(rows.emit("firm_listing_ends", parent=here, ground=ground, carry=(store, at[here]), **values))
    store.drop(gone)
    rows = batch.firm_entries
    if len(rows):
        _, first = np.unique(store.key(rows.subject, rows.list), return_index=True)
        at = store.find(rows.subject[first], rows.list[first])
        new = first[(at < 0) | np.isin(at, gone)]
        store.put(rows, new, sub=rows.list[new], since=cols.month)
        until = rows.until[new].astype(np.int64)
        made += [rows.emit("firm_listings", parent=new), rows.emit("firm_expiries", parent=new[until < NEVER], due=until[until < NEVER])]
    return made
