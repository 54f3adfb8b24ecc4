"""Crowding-out: people whose own motives were replaced by rewards do fewer good deeds, which shows when the rewards end."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, names, share
from ...engine.declare import Modifies, mechanism
from ..kinds import KIND
from ..restraint import GOOD, kind_of, left_by


class Params(Parameters):
    kinds = names("kinds of deeds that people do for their own sake", KIND, codes=True)
    strength = share("fall of those deeds when motives are wholly crowded out; 0 = none")


@mechanism("respond.crowding_out", on=Modifies(GOOD), params=Params, stores=("crowded_out",))
def crowding_out(quantity, subjects, cols, p):
    """People who were paid in points for deeds do fewer of them for their own sake.

    1 - strength x the person's level in crowded_out, the product rounded down; only kinds named.
    """
    store = cols.stores.crowded_out
    if not p.strength or not len(store) or not len(subjects) or kind_of(quantity) not in p.kinds:
        return None
    at = store.find(subjects)
    return left_by(np.where(at >= 0, store.level[at], 0), p.strength)
