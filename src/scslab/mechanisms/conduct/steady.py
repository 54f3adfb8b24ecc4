"""Acts at a fixed chance: for exact cases, published models and teaching, where nobody's traits matter."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...base.parameters import Parameters, probability
from ...engine.declare import Sweep, mechanism
from ..common import ALIVE, living
from ..kinds import KIND


class Params(Parameters):
    """How often everybody acts."""

    chance = probability("chance that a person does one act of the kind in a period", by=KIND, partial=0)


@mechanism("conduct.steady", on=Sweep(), params=Params, reads=ALIVE, draws=("act",), emits=("acts",))
def steady(everybody: Any, cols: Any, p: Params, luck: Any) -> Any:
    """All adults act alike, with a fixed chance a period for each kind of act."""
    subject = everybody.subject
    able = np.flatnonzero(living(cols, subject))
    made = []
    for kind in np.flatnonzero(p.chance):
        at = able if p.chance[kind] >> 31 else able[luck.at("act", subject[able], int(kind)) < p.chance[kind]]
        if len(at):
            made.append(everybody.emit("acts", parent=at, kind=int(kind)))
    return made
