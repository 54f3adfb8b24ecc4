"""A list fed by the authority's own records, which need no matching between registries (`decide.local_list:LIST`)."""

from __future__ import annotations

from ...engine.declare import Rows, mechanism
from ..listing import ListParams, listing_rule


class Params(ListParams):
    """A list of persons, fed by local records."""


@mechanism(
    "decide.local_list",
    on=Rows("records", kinds="kinds"),
    params=Params,
    reads=("persons.birth_month", "persons.death_month"),
    stores=("listings", "former_listings"),
    emits=("entries", "extensions"),
)
def local_list(records, cols, p, luck):
    """One local record of a listed kind puts a person on the list; a further one lengthens the listing."""
    return listing_rule(records, cols, p)
