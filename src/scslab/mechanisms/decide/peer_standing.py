"""Public standing among peers: the last verdict counts."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, mechanism
from ..peers import STANDING


@mechanism("decide.peer_standing", on=Rows("peer_ratings"), writes=(STANDING,))
def peer_standing(ratings, cols, p, luck):
    """A person's standing is what peers said last."""
    subject, first = np.unique(ratings.subject[::-1], return_index=True)
    cols.persons.standing[subject] = ratings.good[len(ratings) - 1 - first]
