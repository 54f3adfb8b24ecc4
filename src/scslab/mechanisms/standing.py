"""How a person stands in the eyes of others: what a score that can be seen, or cannot, says; and the lists the person is on."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base.parameters import FACTOR_ONE, QUANTUM, Parameters, choice, points, text
from .scores import deviation

READS = ("persons.score", "persons.listed", "persons.stars")
STORES = ("memberships",)
"""What `standing` reads."""


class StandingParams(Parameters):
    """What others can see of a person's standing."""

    source = choice("which score can be seen: the ledger's, a platform's, none, or the stars of peers", ("ledger", "platform", "none", "stars"))
    platform = text("label of the platform whose score can be seen", default="")
    start = points("points as which a person without records stands (ledger), or one who shows no platform score")
    recovery = points("points a month by which a ledger score below the start recovers, as in the ledger")
    listed = points("points by which each list a person is on lowers the standing")


def standing(cols: Any, p: Any, subjects: np.ndarray) -> np.ndarray:
    """Give how persons stand in the eyes of others, in 1/100 point.

    A platform score that its owner hides, and the lack of one, look the same: both read as `start`.
    """
    found = np.full(len(subjects), p.start, np.int64)
    if p.source == "ledger":
        found += deviation(cols.persons.score[subjects], cols.month, p.recovery)
    elif p.source == "platform" and len(cols.stores.memberships):
        store = cols.stores.memberships
        at = store.find(subjects, cols.code(p.platform))
        seen = at >= 0
        seen[seen] = (store.shown[at[seen]] > 0) & (store.score[at[seen]] > 0)
        found[seen] = store.score[at[seen]]
    elif p.source == "stars":
        found = cols.persons.stars[subjects].astype(np.int64) * QUANTUM // FACTOR_ONE
    if p.listed:
        found -= p.listed * cols.persons.listed[subjects].astype(np.int64)
    return found
