"""Without work there is less to pay with: the link that turns a lost job into a debt trap."""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, factor
from ...engine.declare import Modifies, mechanism


class Params(Parameters):
    jobless = factor("multiplies the chance that a debtor pays while without work; 1 = no change")


@mechanism("outcome.hardship", on=Modifies(("payment.need",)), params=Params, stores=("jobless",))
def hardship(quantity, subjects, cols, p):
    """Debtors without work are less able to pay.

    For those in the store jobless.
    """
    if p.jobless == FACTOR_ONE:
        return None
    return np.where(cols.stores.jobless.has(subjects), p.jobless, FACTOR_ONE)
