"""What the master database sees: files matched rightly, wrongly, to nobody; persons with a record in sight; copies that outlive a correction."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, Store, mechanism
from ..common import among
from ..kinds import KIND, PRAISED, SENSOR
from ..tables_registry import MATCH

GOOD = KIND.codes(PRAISED)


@mechanism(
    "measure.matching",
    on=(Rows("matches"), Rows("copy_ends"), Rows("ported")),
    owns=(Store("in_sight", {}, {}, "Persons on whom the master database ever held a record that is no praise"),),
    tallies=("matches", "first_in_sight", "copies_deleted", "ported"),
)
def matching(batch, cols, p, luck):
    """Count files by what became of them, persons first seen, copies deleted, and good records that travelled."""
    matches, made = batch.matches, []
    if len(matches):
        made += [matches.tally_split("matches", matches.match, MATCH.names)]
        wrong = matches.match == MATCH.code("wrong")
        made += [matches.tally(f"matches.wrong_{SENSOR.names[code]}", wrong & (matches.sensor == code)) for code in np.unique(matches.sensor[wrong])]
        bad = np.flatnonzero((matches.match != MATCH.code("none")) & ~among(matches.kind, GOOD))
        who, first = np.unique(matches.subject[bad], return_index=True)
        new = bad[first[~cols.stores.in_sight.has(who)]]
        cols.stores.in_sight.put(matches, new)
        made.append(matches.tally("first_in_sight", new))
    made += [rows.tally(name) for name, rows in (("copies_deleted", batch.copy_ends), ("ported", batch.ported)) if len(rows)]
    return made
