"""Money strain: what measures cost people in a year or so. Debtors under strain pay less: see `outcome.strained_debtors`."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, weight
from ...engine.declare import Each, Rows, Store, mechanism

ONE = 1 << 16
LEAST = 10
"""Yuan; a smaller rest is forgotten."""


class Params(Parameters):
    fades = weight("share of past losses that a person has got over in a month")


@mechanism(
    "outcome.strain",
    on=(Rows("losses"), Each("strain")),
    params=Params,
    owns=(Store("strain", {"amount": "int32"}, {}, "Losses to measures not yet got over, in yuan"),),
    lagged=("strain",),
)
def strain(batch, cols, p, luck):
    """Losses add up, and fade.

    First what is left fades: x (1 - fades); below 10 yuan it is forgotten, unless more comes. Then the month's losses are added, under the person's
    first.
    """
    store, held, losses = cols.stores.strain, batch.strain, batch.losses
    left = np.zeros(0, np.int64)
    if len(held):
        left = held.amount.astype(np.int64) * (ONE - p.fades) >> 16
        store.set(held.at, amount=left)
        gone = held.at[left < LEAST]
        store.drop(gone[~np.isin(held.subject[left < LEAST], losses.subject)])
    if len(losses):
        who, first, inverse = np.unique(losses.subject, return_index=True, return_inverse=True)
        total = np.zeros(len(who), np.int64)
        np.add.at(total, inverse, losses.amount)
        at = store.find(who)
        before = np.where(at >= 0, store.amount[at], 0) if len(store) else 0
        store.put(losses, first, amount=np.minimum(total + before, 2**31 - 1))
