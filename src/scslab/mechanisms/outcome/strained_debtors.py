"""Debtors who lost much to measures are less able to pay, which keeps them listed: the loop from listing to income to listing."""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, factor
from ...engine.declare import Modifies, mechanism


class Params(Parameters):
    weight = factor("fall of the chance to pay with losses as a share of a year's income; 0 = none")
    floor = factor("least factor that strain can lead to")


@mechanism("outcome.strained_debtors", on=Modifies(("payment.need",)), params=Params, reads=("persons.income",), stores=("strain",))
def strained_debtors(quantity, subjects, cols, p):
    """The more of a year's income measures have cost, the less able a debtor is to pay.

    1 - weight x (strain / yearly income, at most 1), rounded down, at least `floor`.
    """
    result = np.full(len(subjects), FACTOR_ONE, np.int64)
    store = cols.stores.strain
    if p.weight == 0 or not len(store):
        return result
    at = store.find(subjects)
    hit = np.flatnonzero(at >= 0)
    lost = store.amount[at[hit]].astype(np.int64)
    income = np.maximum(cols.persons.income[subjects[hit]].astype(np.int64), 1)
    part = np.minimum(lost * FACTOR_ONE // income, FACTOR_ONE)
    result[hit] = np.maximum(FACTOR_ONE - (part * p.weight >> 16), p.floor)
    return result
