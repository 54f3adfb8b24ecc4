"""What SCS-mini records each month: listed, restricted households, wrongly listed, mean score."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, points
from ...engine import kernels
from ...engine.declare import Column, Rows, Sweep, mechanism


class Params(Parameters):
    recovery = points("points a month by which a score recovers, as in the ledger")


@mechanism(
    "measure.observed",
    on=(Rows("observations"), Rows("listings"), Rows("listing_ends")),
    reads=("persons.household", "households.listed", "households.start", "persons.listed"),
    writes=(
        Column("persons.wrongly_listed", "uint8", 0, "", "counted as listed though own acts were never observed", truth=True),
        Column("persons.observed", "uint8", 0, "", "own acts were ever observed", truth=True),
        Column("households.restricted", "uint8", 0, "", "counted as restricted"),
    ),
    tallies=("listed_started", "listed_ended", "wrongly_started", "wrongly_ended", "restricted_started", "restricted_ended"),
)
def observed(batch, cols, p, luck):
    """Count listings and restricted persons; a listing of a person never observed is wrong."""
    own = batch.observations.true_actor == batch.observations.subject
    cols.persons.observed[batch.observations.subject[own]] = 1
    made = [batch.listings.tally("listed_started"), batch.listing_ends.tally("listed_ended")]
    seen = batch.observations.subject[own]
    seen = seen[cols.persons.wrongly_listed[seen] > 0]
    touched = np.unique(np.concatenate([seen, batch.listings.subject, batch.listing_ends.subject]))
    now, before = (cols.persons.listed[touched] > 0) & (cols.persons.observed[touched] == 0), cols.persons.wrongly_listed[touched] > 0
    made += [batch.listings.tally_of("wrongly_started", touched[now & ~before]), batch.listings.tally_of("wrongly_ended", touched[~now & before])]
    cols.persons.wrongly_listed[touched] = now
    homes = np.unique(cols.persons.household[np.concatenate([batch.listings.subject, batch.listing_ends.subject])])
    now, before = cols.households.listed[homes] > 0, cols.households.restricted[homes] > 0
    start = cols.households.start
    for word, changed in (("started", now & ~before), ("ended", ~now & before)):
        first, size = start[homes[changed]], start[homes[changed] + 1] - start[homes[changed]]
        if len(first):
            made.append(batch.listings.tally_of(f"restricted_{word}", first, size))
    cols.households.restricted[homes] = now
    return made


@mechanism("measure.mean_score", on=Sweep(), params=Params, reads=("persons.score",), tallies=("score_sum",))
def mean_score(everybody, cols, p, luck):
    """Sum the deviations of all scores from their start."""
    out = np.zeros(1, np.int64)
    out[0] = kernels.sum_recovering(cols.persons.score[everybody.lo : everybody.hi], np.int32(p.recovery * cols.month), np.int32(0))
    return everybody.tally_cells("score_sum", out)
