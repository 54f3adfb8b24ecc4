"""Stars: whoever meets a person rates the person, by taste, by the help given, by the stars already shown.

Taste is the sum of three even words, near a bell, with exactly the spread stated.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import Parameters, points, share
from ...engine.declare import Rows, mechanism
from ..common import between, lasting
from ..peers import stars

WORDS = 3
"""Three even words have a variance of 1/4, so that twice their sum has spread 1."""


class Params(Parameters):
    mean = points("stars given on average to somebody who helps and whose stars pull neither way")
    spread = points("standard deviation of the stars given to one person by others")
    charm = points("stars by which the most liked person is rated above, and the least liked below, the average for good; evenly between")
    refused = points("stars fewer for refusing help")
    conform = share("part of a rating that only repeats the stars already shown")
    below = points("stars below which a person carries a stigma")
    stigma = points("stars fewer for the stigma")
    lowest = points("fewest stars that can be given")
    highest = points("most stars that can be given")


@mechanism("observe.star_ratings", on=Rows("encounters"), params=Params, reads=("persons.stars",), draws=("taste", "charm"), emits=("star_ratings",))
def star_ratings(met, cols, p, luck):
    """The person met rates the other; the well rated are rated well, and the badly rated worse.

    Stars, in 1/2^16, are mean + spread x (sum of the words `taste` of ordinals 0 to 2, less 3 x 2^30) over 2^30; plus a number spread over -charm..charm by
    the lasting word `charm` of the rated; less refused without help; less stigma where fewer than `below` are shown; then moved towards those shown by
    conform, over 2^31, rounded down; cut to lowest..highest.
    """
    every = np.arange(len(met))
    taste = sum(luck.words("taste", every, k).astype(np.int64) for k in range(WORDS)) - WORDS * (ONE // 2)
    shown = cols.persons.stars[met.subject].astype(np.int64)
    own = stars(p.mean) + (stars(p.spread) * taste >> 30)
    if p.charm:
        own += between(lasting(luck, "charm", met.subject), -stars(p.charm), stars(p.charm))
    own -= np.where(met.helped == 0, stars(p.refused), 0) + np.where(shown < stars(p.below), stars(p.stigma), 0)
    given = own + ((shown - own) * p.conform >> 31)
    return met.emit("star_ratings", stars=np.clip(given, stars(p.lowest), stars(p.highest)))
