"""The burden in yuan: the second set of weights, assumed, beside the equal one of `measure.burden`."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, yuan
from ...engine.declare import Each, mechanism
from ..common import bits_in
from ..kinds import MEASURE, PERKS


class Params(Parameters):
    month = yuan("what a month under the measure costs a person", by=MEASURE, partial=0)


PERK_CODES = MEASURE.codes(PERKS)


@mechanism("measure.burden_yuan", on=(Each("burdens"), Each("kin_burdens")), params=Params, tallies=("burden_yuan",))
def burden_yuan(batch, cols, p, luck):
    """Add up what this month's measures cost the persons under them."""
    made, price = [], np.array(p.month)
    price[PERK_CODES] = 0
    for rows in (batch.burdens, batch.kin_burdens):
        if len(rows):
            start = np.flatnonzero(np.append(True, rows.subject[1:] != rows.subject[:-1]))
            mask = np.bitwise_or.reduceat(rows.mask, start)
            cost = sum((((mask >> bit) & 1) * price[bit] for bit in bits_in(mask)), np.zeros(len(mask), np.int64))
            made.append(rows.tally("burden_yuan", start, cost))
    return made
