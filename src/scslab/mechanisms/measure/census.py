"""The census of lists: for each, who is on it, who comes and goes, how many months they were promised and how many they stayed.

Stock = flow x term is an identity of queues: in a steady state the persons on a list are those who come in a month times the months
they stay. Where nobody leaves early, the stay is the term.
"""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import Parameters, names
from ...engine.declare import Rows, Sweep, mechanism
from ...engine.rows import Batch


class Params(Parameters):
    lists = names("lists to be counted one by one")


@mechanism(
    "measure.census",
    on=(Rows("listings"), Rows("listing_ends"), Rows("extensions"), Sweep()),
    params=Params,
    stores=("listings",),
    tallies=("census_flow", "census_exits", "census_promised", "census_stayed", "census_stock"),
)
def census(batch, cols, p, luck):
    """Count each list's entries, exits and stock, the months promised at entry and those stayed until the end."""
    labels = {cols.code(name): name for name in p.lists if cols.code(name)}
    new, ends, longer, month = batch.listings, batch.listing_ends, batch.extensions, cols.month
    made = []
    if len(new):
        until = new.until.astype(np.int64)
        made += _split("census_flow", labels, new.subject, new.list)
        made += _split("census_promised", labels, new.subject, new.list, np.where(until < NEVER, until - month, 0))
    if len(longer):
        made += _split("census_promised", labels, longer.subject, longer.list, longer.months.astype(np.int64))
    if len(ends):
        made += _split("census_exits", labels, ends.subject, ends.list)
        made += _split("census_stayed", labels, ends.subject, ends.list, month - ends.since.astype(np.int64))
    held, everybody = cols.stores.listings, batch.everybody
    at = slice(*np.searchsorted(held.subject, [everybody.lo, everybody.hi]))
    return made + _split("census_stock", labels, held.subject[at], held.list[at])


def _split(name, labels, subjects, lists, weight=None):
    """Tally by list, and all lists together."""
    made = []
    for code in np.unique(lists):
        if int(code) in labels:
            hit = np.flatnonzero(lists == code)
            heavy = None if weight is None else weight[hit]
            made += [Batch.tally_of(f"{name}.{labels[int(code)]}", subjects[hit], heavy), Batch.tally_of(name, subjects[hit], heavy)]
    return made
