"""What a firm's grade or listing brings: contracts, credit, inspectors (`enforce.firm_measures:NAME` of a rating or list).

It is asked, never woken: who awards, lends or inspects looks the firm up. A factor of 0 bars, 1 changes nothing, more than 1 prefers.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, factor, share
from ...engine.declare import Modifies, mechanism
from ..firms import STANDING, STANDING_STORES, standing_of

ASKED = ("firm.procurement", "firm.credit", "firm.inspection")


class Params(Parameters):
    carried_out = share("how far the measures are carried out; 0 = not at all")
    procurement = factor("multiplies the chance that a bid for a public contract is admitted", by=STANDING, partial=1)
    credit = factor("multiplies the chance that a request for a loan is admitted", by=STANDING, partial=1)
    inspection = factor("multiplies the chance of a visit by inspectors", by=STANDING, partial=1)


@mechanism("enforce.firm_measures", on=Modifies(ASKED), params=Params, stores=STANDING_STORES)
def firm_measures(quantity, subjects, cols, p):
    """Firms are preferred or barred, spared or visited, by their grade or listing.

    A firm on the list stands as listed, else as its grade, else the factor is 1. The factor is 1 + (that of the standing - 1) x carried_out, rounded down.
    """
    table = getattr(p, quantity.partition(".")[2])
    moved = FACTOR_ONE + ((table - FACTOR_ONE) * p.carried_out >> 31)
    if (moved == FACTOR_ONE).all():
        return np.full(len(subjects), FACTOR_ONE, np.int64)
    return np.append(moved, FACTOR_ONE)[standing_of(cols, subjects, cols.label)]  # nobody's standing, -1, is the last
