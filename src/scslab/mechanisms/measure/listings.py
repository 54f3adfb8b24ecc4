"""Listings that start and end: by list, by class of wrongfulness, by ground and by time on the list."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, mechanism
from ..kinds import GROUND
from ..wrongfulness import WRONG, is_praise, wrong_class

LENGTHS = np.array([6, 12, 24, 36, 60, 84])
"""Cuts of time on the list, in months: the distribution behind W7 (out of proportion)."""


@mechanism(
    "measure.listings",
    on=(Rows("listings"), Rows("listing_ends")),
    tallies=("listings_started", "listings_ended", "praise_started"),
)
def listings(batch, cols, p, luck):
    """Count listings that start and end, by list, class of wrongfulness, ground and length."""
    started, ended, made = batch.listings, batch.listing_ends, []
    if len(started):
        praise, wrong = is_praise(started), wrong_class(started)
        made.append(started.tally("praise_started", praise))
        made += _counted(started, ~praise, "listings_started", started.list, cols)
        made += [started.tally(f"listings_started.{WRONG.names[c]}", ~praise & (wrong == c)) for c in np.unique(wrong) if c]
    if len(ended):
        every, length = np.ones(len(ended), bool), np.searchsorted(LENGTHS, cols.month - ended.since.astype(np.int64), side="right")
        made += _counted(ended, every, "listings_ended", ended.list, cols)
        made += [ended.tally(f"listings_ended.{GROUND.names[g]}", ended.ground == g) for g in np.unique(ended.ground)]
        made += [ended.tally(f"listings_ended.length{k}", length == k) for k in np.unique(length)]
    return made


def _counted(rows, which, name, lists, cols):
    """Tally rows in all and by list."""
    return [rows.tally(name, which)] + [rows.tally(f"{name}.list.{cols.name_of(code)}", which & (lists == code)) for code in np.unique(lists[which])]
