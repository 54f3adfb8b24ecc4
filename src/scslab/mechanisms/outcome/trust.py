"""What moves trust, by channel. Weights are assumed: an index built from them has a sign and a rank, never a level."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, weight
from ...engine.declare import Rows, mechanism
from ..kinds import BASIS, FAULT, MEASURE, PERKS, TRUST

OWN, SOUND, SHAMING = BASIS.code("own"), FAULT.code("sound"), MEASURE.code("shaming")
PERK_CODES = MEASURE.codes(PERKS)


class Params(Parameters):
    weights = weight("how much one event of a channel moves trust; 0 = the channel is off", by=TRUST)


@mechanism(
    "outcome.trust",
    on=(Rows("measures"), Rows("listings"), Rows("notices")),
    params=Params,
    emits=("trust_events",),
)
def trust(batch, cols, p, luck):
    """Own sanctions, sanctions on relatives, wrong listings, notices, perks and shaming move trust, by channel."""
    measures, listings = batch.measures, batch.listings
    is_perk, is_own = np.isin(measures.measure, PERK_CODES), measures.basis == OWN
    is_shaming = measures.measure == SHAMING
    wrong = (listings.fault != SOUND) | (listings.true_actor != listings.subject)
    channels = (
        ("perk", measures, is_perk),
        ("shaming", measures, is_shaming),
        ("own_sanction", measures, is_own & ~is_perk & ~is_shaming),
        ("kin_sanction", measures, ~is_own & ~is_perk & ~is_shaming),
        ("wrongful", listings, wrong),
        ("notice", batch.notices, np.ones(len(batch.notices), bool)),
    )
    made = []
    for name, rows, which in channels:
        moves = p.weights[TRUST.code(name)]
        if moves:
            made.append(rows.emit("trust_events", parent=np.flatnonzero(which), channel=TRUST.code(name), weight=moves))
    return made
