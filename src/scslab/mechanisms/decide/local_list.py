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
    """One local record of a listed kind puts a person on the list; a further one lengthens the listing.

    Only the living of age_min or more. Who is not listed, nor barred (left this list on a ground fewer than relist_bar[ground] months ago), is
    entered for the record with the longest term of the month, the first of equals: from month + grace, until that plus the term, due at month +
    grace. For who is listed, each record lengthens the listing by `extension` of its kind; never one without an end, and never beyond `longest`
    months from its start, all extensions of a month together.
    """
    return listing_rule(records, cols, p)
