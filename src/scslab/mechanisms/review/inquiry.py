"""Inquiry: some of those who are refused a ticket, loan or post ask why, and learn which list they are on."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability
from ...engine.declare import Rows, mechanism
from ..kinds import BASIS

OWN = BASIS.code("own")


class Params(Parameters):
    asks = probability("share of refused persons who find out which list it was, in a month with refusals")


@mechanism(
    "review.inquiry",
    on=Rows("refusals"),
    params=Params,
    stores=("listings",),
    draws=("ask",),
    emits=("inquiries",),
    lagged=("listings",),
)
def inquiry(refusals, cols, p, luck):
    """Some of the refused find out that they are listed, and where.

    A person's first refusal of the month on the basis own: with chance `asks` (word `ask`), one row for each list the person is on, with that
    listing's kind, id and truth.
    """
    own = np.flatnonzero(refusals.basis == OWN)
    _, first = np.unique(refusals.subject[own], return_index=True)
    at = own[first]
    at = at[luck.below("ask", p.asks, at)]
    listings = cols.stores.listings
    position, held = listings.of(refusals.subject[at])
    columns = {"list": listings.list[held], "entry": listings.id[held]}
    return refusals.emit("inquiries", parent=at[position], kind=listings.kind[held], carry=(listings, held), **columns)
