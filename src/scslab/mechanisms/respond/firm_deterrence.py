"""Firms that know they are rated, or have been caught, keep their duties more often."""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, duration, factor
from ...engine.declare import Modifies, mechanism


class Params(Parameters):
    rated = factor("multiplies the rate of breaches of every firm while ratings are in force; 1 = no change")
    caught = factor("multiplies it for a firm with a record of late; 1 = no change")
    memory = duration("months for which a record is of late")


@mechanism("respond.firm_deterrence", on=Modifies(("firm.breach",)), params=Params, stores=("firm_records_held",))
def firm_deterrence(quantity, subjects, cols, p):
    """Firms breach less often when rated, and less again for a while after a record.

    `rated`; x `caught` for a firm of which the registry holds a record made less than `memory` months ago.
    """
    held, found = cols.stores.firm_records_held, np.full(len(subjects), p.rated, np.int64)
    if p.caught != FACTOR_ONE and len(held):
        late = np.isin(subjects, held.subject[held.since > cols.month - p.memory])
        found[late] = found[late] * p.caught >> 16
    return found
