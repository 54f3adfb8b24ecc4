"""A closer look: agencies inspect some people more often because of a list, and the favoured less. What is looked at is found."""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, factor
from ...engine.declare import Modifies, mechanism
from ..common import has_bit, masks
from ..kinds import MEASURE


class Params(Parameters):
    more = factor("multiplies the chance that a breach is found, by measure that brings more inspections; 1 = no change", by=MEASURE, partial=1)
    fewer = factor("multiplies it for those with the perk of fewer inspections; 1 = no change")


@mechanism("enforce.closer_look", on=Modifies(("inspection.rate",)), params=Params, stores=("burdens",))
def closer_look(quantity, subjects, cols, p):
    """People under inspection are found out more often, people with fewer inspections less often.

    The highest of `more` among the person's own measures that have one other than 1 (at least 1), then x `fewer` with the perk fewer_inspections.
    """
    result = np.full(len(subjects), FACTOR_ONE, np.int64)
    if not len(cols.stores.burdens):
        return result
    mask = masks(cols.stores.burdens, subjects)
    for bit in np.flatnonzero(p.more != FACTOR_ONE):
        result = np.where(has_bit(mask, int(bit)), np.maximum(result, p.more[bit]), result)
    return np.where(has_bit(mask, MEASURE.code("fewer_inspections")), result * p.fewer >> 16, result)
