"""A list of one agency, fed by its own files: serious cases only, by the sum or damage on file (`decide.agency_list:LIST`)."""

from __future__ import annotations

from ...base.parameters import yuan
from ...engine.declare import Rows, mechanism
from ..kinds import KIND
from ..listing import ListParams, listing_rule


class Params(ListParams):
    """A list of persons, fed by an agency's files on serious cases."""

    least = yuan("smallest sum or damage that makes a case serious, by kind", by=KIND, partial=0)


@mechanism(
    "decide.agency_list",
    on=Rows("records", kinds="kinds"),
    params=Params,
    reads=("persons.birth_month", "persons.death_month"),
    stores=("listings", "former_listings"),
    emits=("entries", "extensions"),
)
def agency_list(records, cols, p, luck):
    """One file on a serious case puts a person on the agency's list; a further one lengthens the listing.

    As `decide.local_list`; only records whose amount is at least `least` of their kind count, also for extensions.
    """
    return listing_rule(records, cols, p, records.amount >= p.least[records.kind])
