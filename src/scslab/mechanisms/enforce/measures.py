"""What a list brings: each measure is carried out for some of the listed, and some measures reach kin (`enforce.measures:LIST`)."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability
from ...engine.declare import Rows, mechanism
from ..kinds import MEASURE


class Params(Parameters):
    execution = probability("share of listings for which the measure is carried out, by measure", by=MEASURE, partial=0)
    spill = probability(
        "share of listings for which the measure is carried out against kin, by measure (who: `enforce.kin`)", by=MEASURE, partial=0
    )


@mechanism(
    "enforce.measures",
    on=Rows("listings", match="list"),
    params=Params,
    draws=("execute", "spill"),
    emits=("impositions",),
)
def measures(listings, cols, p, luck):
    """Each listing brings those measures that are carried out in its case.

    A measure is carried out when the word `execute` of the listing, with the measure's code as ordinal, is below its share; against kin, likewise
    with `spill`. One row with both masks (bit = code of the measure) where any measure is.
    """
    masks = [np.zeros(len(listings), np.int64) for _ in range(2)]
    everything = np.arange(len(listings))
    for mask, draw, share in zip(masks, ("execute", "spill"), (p.execution, p.spill), strict=True):
        for measure in np.flatnonzero(share):
            hit = np.full(len(listings), True) if share[measure] >= 1 << 31 else luck.words(draw, everything, int(measure)) < share[measure]
            mask |= hit.astype(np.int64) << measure
    some = np.flatnonzero((masks[0] | masks[1]) != 0)
    return listings.emit("impositions", parent=some, mask=masks[0][some], spill=masks[1][some])


assert len(MEASURE) < 63, "masks hold 62 measures"
