"""Two searches without assets end a listing: the debtor cannot pay (`review.unable:LIST`)."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, names, probability
from ...engine.declare import Each, mechanism
from ..common import among
from ..kinds import CAUSE, EXCUSED, GROUND, KIND

UNABLE = GROUND.code("unable")
EXCUSES = CAUSE.codes(EXCUSED)
MONTHS_BETWEEN = 6


class Params(Parameters):
    kinds = names("kinds of listings that end when no assets are found", KIND, codes=True)
    searched = probability("share of such listings searched twice in half a year")
    finds = probability("chance that one search shows a debtor without means to have none")
    false_finds = probability("chance that one search shows a debtor with means to have none")


@mechanism(
    "review.unable",
    on=Each("listings", every=MONTHS_BETWEEN),
    params=Params,
    draws=("search", "first", "second"),
    emits=("removals",),
    evidence=("cause",),
    lagged=("listings",),
)
def unable(listings, cols, p, luck):
    """Every half year search for assets twice; where both searches find none, the listing ends.

    In January and July, for listings of this list and of these kinds: with chance `searched` (word `search`), and if the evidence `cause` (illness,
    job loss, disaster) says so both by the word `first` and by `second`, with finds or false_finds. Draws are by the listing's id.
    """
    at = np.flatnonzero((listings.list == cols.label) & among(listings.kind, p.kinds))
    at = at[luck.below("search", p.searched, at)]
    for draw in ("first", "second"):
        at = at[listings.evidence("cause", EXCUSES, luck, draw, p.finds, p.false_finds, at)]
    return listings.emit("removals", parent=at, list=cols.label, ground=UNABLE, entry=listings.id[at])
