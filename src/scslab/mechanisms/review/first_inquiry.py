"""Finding out by being refused, once: who has learned which listing it was does not ask about that listing again.

`review.inquiry` lets people ask whenever they are refused; here a listing is found out once, so that an objection is filed once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...base.parameters import Parameters, probability
from ...engine.declare import Rows, Store, mechanism
from ..kinds import BASIS

OWN = BASIS.code("own")


class Params(Parameters):
    """How easily one finds out."""

    asks = probability("share of refused persons who find out which lists it was, in a month with refusals")


@mechanism(
    "review.first_inquiry",
    on=Rows("refusals"),
    params=Params,
    owns=(Store("found_out", {"entry": "int64"}, {}, "Listings that their subjects have found out by being refused"),),
    stores=("listings",),
    draws=("ask",),
    emits=("inquiries",),
    lagged=("listings",),
)
def first_inquiry(refusals: Any, cols: Any, p: Params, luck: Any) -> Any:
    """Some of the refused find out that they are listed, and where, once for each listing.

    The first refusal of a person in a month on the own basis counts, if its word `ask` is below asks. Each listing not found out before by its id is told.
    """
    own = np.flatnonzero(refusals.basis == OWN)
    _, first = np.unique(refusals.subject[own], return_index=True)
    at = own[first]
    at = at[luck.below("ask", p.asks, at)]
    listings, found_out = cols.stores.listings, cols.stores.found_out
    position, held = listings.of(refusals.subject[at])
    who, entry = refusals.subject[at[position]], listings.id[held]
    known = found_out.find(who, listings.list[held])
    fresh = np.flatnonzero((known < 0) | (found_out.entry[known] != entry)) if len(found_out) else np.arange(len(held))
    held, parent = held[fresh], at[position[fresh]]
    found_out.put(refusals, parent, sub=listings.list[held], entry=entry[fresh])
    return refusals.emit("inquiries", parent=parent, kind=listings.kind[held], carry=(listings, held), list=listings.list[held], entry=entry[fresh])
