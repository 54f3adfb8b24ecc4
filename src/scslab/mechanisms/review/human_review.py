"""An official looks at a decision before it takes effect and strikes what looks wrong (`review.human_review:LIST`)."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability
from ...engine.declare import Rows, mechanism
from ..kinds import FAULT, GROUND, UNSOUND_FAULTS

UNSOUND = FAULT.codes(UNSOUND_FAULTS)
CORRECTED = GROUND.code("corrected")


class Params(Parameters):
    looked_at = probability("share of decisions that an official looks at before they take effect")
    drops_wrong = probability("share of decisions on unsound records that the look strikes")
    drops_right = probability("share of decisions on sound records that the look strikes by mistake")


@mechanism(
    "review.human_review",
    on=Rows("entries", match="list"),
    params=Params,
    draws=("look", "strike"),
    emits=("removals",),
    evidence=("fault",),
)
def human_review(entries, cols, p, luck):
    """Strike some decisions before they take effect, the wrong ones more often.

    The evidence `fault` by the word `strike` (drops_wrong for any fault, else drops_right), and the word `look` below looked_at: struck, ground
    corrected.
    """
    doubtful = entries.evidence("fault", UNSOUND, luck, "strike", p.drops_wrong, p.drops_right)
    struck = np.flatnonzero(doubtful & luck.below("look", p.looked_at))
    return entries.emit("removals", parent=struck, ground=CORRECTED, entry=entries.id[struck])
