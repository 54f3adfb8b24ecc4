"""Payment under pressure: debtors who are listed or restricted, or whose relatives are, try harder to pay."""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, factor
from ...engine.declare import Modifies, mechanism

MOST = 3
"""More lists than this press no harder."""


class Params(Parameters):
    listed = factor("multiplies the will to pay of a debtor once for each list the debtor is on, up to three; 1 = no change")
    restricted = factor("multiplies it again for each list that brings measures on the debtor, up to three; 1 = no change")
    kin_restricted = factor("multiplies it again when a relative is under a measure for another's sake, so that kin help; 1 = no change")


@mechanism(
    "respond.payment_under_pressure",
    on=Modifies(("payment.will",)),
    params=Params,
    stores=("listings", "burdens", "kin_burdens"),
    networks=("kin",),
)
def payment_under_pressure(quantity, subjects, cols, p):
    """Debtors who are listed or restricted, or whose relatives are restricted, try harder to pay.

    `listed` once for each list the person is on, then `restricted` once for each row in burdens, up to three each; then kin_restricted, when the
    person has a row in burdens and some relative one in kin_burdens. Each product is cut to a whole number over 2^16.
    """
    result = np.full(len(subjects), FACTOR_ONE, np.int64)
    for store, more in ((cols.stores.listings, p.listed), (cols.stores.burdens, p.restricted)):
        if more != FACTOR_ONE and len(store):
            lists = store.count(subjects)
            for k in range(MOST):
                result = np.where(lists > k, result * more >> 16, result)
    kin = cols.stores.kin_burdens
    if p.kin_restricted != FACTOR_ONE and len(kin):
        own = np.flatnonzero(cols.stores.burdens.count(subjects) > 0)
        source, target, _ = cols.networks.kin.expand(subjects[own])
        helped = np.unique(own[source[kin.count(target) > 0]])
        result[helped] = result[helped] * p.kin_restricted >> 16
    return result
