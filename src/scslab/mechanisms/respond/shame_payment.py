"""Debtors who are known for it try harder to pay: the more of those who know them saw them shown, the harder."""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, factor
from ...engine.declare import Modifies, mechanism


class Params(Parameters):
    strength = factor("what full stigma adds to the will to pay, as a share of it; 0 = nothing")


@mechanism("respond.shame_payment", on=Modifies(("payment.will",)), params=Params, stores=("stigma",))
def shame_payment(quantity, subjects, cols, p):
    """Stigma raises the will to pay of debtors who could.

    1 + strength x the person's level in `stigma`, rounded down.
    """
    store = cols.stores.stigma
    if not p.strength or not len(store) or not len(subjects):
        return np.full(len(subjects), FACTOR_ONE, np.int64)
    at = store.find(subjects)
    return FACTOR_ONE + (np.where(at >= 0, store.level[at], 0).astype(np.int64) * p.strength >> 16)
