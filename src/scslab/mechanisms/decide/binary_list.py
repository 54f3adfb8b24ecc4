"""A list fed by the national registry: on it or not, nothing between (`decide.binary_list:LIST`)."""

from __future__ import annotations

from ...engine.declare import Rows, mechanism
from ..listing import ListParams, listing_rule


class Params(ListParams):
    """A list of persons, fed by national records."""


@mechanism(
    "decide.binary_list",
    on=Rows("national_records", kinds="kinds"),
    params=Params,
    reads=("persons.birth_month", "persons.death_month"),
    stores=("listings", "former_listings"),
    emits=("entries", "extensions"),
)
def binary_list(records, cols, p, luck):
    """One national record of a listed kind puts a person on the list; a further one lengthens the listing.

    See `decide.local_list`, with national records.
    """
    return listing_rule(records, cols, p)
