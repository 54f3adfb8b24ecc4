"""Files seen by others: how often, how much is on them, and how it came about."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, Store, mechanism
from ..tables_registry import VIEW

SHARING = VIEW.code("sharing")


@mechanism(
    "measure.exposure",
    on=Rows("file_views"),
    owns=(Store("seen_files", {}, {}, "Persons whose file was ever snooped in or leaked"),),
    tallies=("file_views", "attributes_seen", "disclosed", "first_file_seen"),
)
def exposure(views, cols, p, luck):
    """Count views of files, the attributes on them, attribute-party disclosures, and persons whose file was seen for the first time."""
    made, shown = [], views.attributes.astype(np.int64) * views.parties
    for code, name in enumerate(VIEW.names):
        at = np.flatnonzero(views.view == code)
        made += [views.tally(f"file_views.{name}", at), views.tally(f"attributes_seen.{name}", at, views.attributes[at])]
        made.append(views.tally(f"disclosed.{name}", at, shown[at]))
    whole = np.flatnonzero(views.view != SHARING)
    who, first = np.unique(views.subject[whole], return_index=True)
    new = whole[first[~cols.stores.seen_files.has(who)]]
    cols.stores.seen_files.put(views, new)
    return [*made, views.tally("first_file_seen", new)]
