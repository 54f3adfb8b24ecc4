"""Ratings and lists of firms: grades held, grades lost and why, listings, officers, ties between firms.

A grade is lost without own act when it would have stood without what partners and officers cost, or without records that are unsound (no
breach behind them, or another firm's): the rule is computed again from the postings, which carry the truth that the rule itself cannot see.
"""

from __future__ import annotations

import numpy as np

from ...engine.declare import Each, Rows, mechanism
from ..firms import STANDING, UNRATED
from ..kinds import FAULT

SOUND = FAULT.code("sound")
RATINGS = ("tax", "environment")
"""Ratings whose grades are counted by name, where a regime has them."""


@mechanism(
    "measure.firm_ratings",
    on=(Rows("firm_grades"), Rows("firm_postings"), Rows("firm_entries"), Rows("firm_listings"), Rows("firm_ties"), Each("firm_ratings")),
    reads=("firms.closed",),
    tallies=(
        "firm_graded", "firm_lowered", "firm_lowered_blameless", "firm_lowered_linked", "firm_lowered_unsound", "firm_listings",
        "firm_listings_wrong", "firm_officers_listed", "firm_ties_cut", "firm_ties_found",
    ),
)  # fmt: skip
def firm_ratings(batch, cols, p, luck):
    """Count grades, those lowered, and those lowered although the firm's own sound records would not have done it."""
    made, held, grades = [], batch.firm_ratings, batch.firm_grades
    if len(held):
        for name in RATINGS:
            mine = np.flatnonzero((held.rating == cols.code(name)) & (cols.firms.closed[held.subject] > cols.month))
            if cols.code(name) and len(mine):
                made += [held.tally(f"firm_graded.{name}", mine)]
                made += [held.tally(f"firm_graded.{name}.{STANDING.names[g]}", mine[held.grade[mine] == g]) for g in range(4)]
    lowered = np.flatnonzero((grades.previous != UNRATED) & (grades.grade < grades.previous))
    if len(lowered):
        unsound = _unsound(batch.firm_postings, grades, lowered)
        score, needed = grades.score[lowered].astype(np.int64), grades.needed[lowered]
        linked = grades.linked[lowered].astype(np.int64)
        made.append(grades.tally("firm_lowered", lowered))
        for name, spared in (("linked", linked), ("unsound", unsound), ("blameless", linked + unsound)):
            made.append(grades.tally(f"firm_lowered_{name}", lowered[score + spared >= needed]))
    listings, ties = batch.firm_listings, batch.firm_ties
    own = listings.kind > 0
    wrong = own & ((listings.fault != SOUND) | (listings.true_firm != listings.subject))
    made += [listings.tally("firm_listings", own), listings.tally("firm_listings_wrong", wrong)]
    made.append(batch.firm_entries.tally("firm_officers_listed", batch.firm_entries.officer > 0))
    return [*made, ties.tally("firm_ties_cut", ties.begun == 0), ties.tally("firm_ties_found", ties.begun == 1)]


def _unsound(postings, grades, at):
    """Sum the points that unsound records have cost each firm in the rating whose grade changed."""
    bad = (postings.fault != SOUND) | (postings.true_firm != postings.subject)
    key = postings.subject[bad] << 16 | postings.rating[bad]
    keys, inverse = np.unique(key, return_inverse=True)
    sums = np.zeros(len(keys) + 1, np.int64)
    np.add.at(sums, inverse, postings.points[bad])
    wanted = grades.subject[at] << 16 | grades.rating[at]
    place = np.searchsorted(keys, wanted)
    there = place < len(keys)
    there[there] = keys[place[there]] == wanted[there]
    return np.where(there, sums[np.minimum(place, len(keys))], 0)
