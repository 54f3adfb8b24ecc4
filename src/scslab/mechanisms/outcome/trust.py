"""What moves trust, by channel. Weights are assumed: an index built from them has a sign and a rank, never a level.

Two forms: `every` event of a channel moves trust by the same weight, so that many events of one person add up; `first` lets only the first
event of a channel in a person's life count, because the repeated ones teach nothing new. They differ where sanctions repeat.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, choice, weight
from ...engine.declare import Rows, Store, mechanism
from ..common import among
from ..kinds import BASIS, FAULT, MEASURE, PERKS, TRUST

OWN, SOUND, SHAMING = BASIS.code("own"), FAULT.code("sound"), MEASURE.code("shaming")
PERK_CODES = MEASURE.codes(PERKS)


class Params(Parameters):
    form = choice("which events of a channel move a person's trust: every one, or the first only", ("every", "first"), default="every")
    weights = weight("how much one event of a channel moves trust; 0 = the channel is off; not stated = moved elsewhere or off", by=TRUST, partial=0, neutral=0)


@mechanism(
    "outcome.trust",
    on=(Rows("measures"), Rows("listings"), Rows("notices")),
    params=Params,
    owns=(Store("trust_moved", {}, {}, "Channels that moved a person's trust already (form first)"),),
    emits=("trust_events",),
)
def trust(batch, cols, p, luck):
    """Own sanctions, sanctions on relatives, wrong listings, notices, perks and shaming move trust, by channel.

    Channels in order: perk (a measure that is a perk), shaming, own_sanction and kin_sanction (other measures, by basis own or not), wrongful (a
    listing with a fault or another true actor), notice. One with weight 0 does nothing. Form first: a person's first row of the channel, if
    trust_moved has no row of person and channel from an earlier month.
    """
    measures, listings = batch.measures, batch.listings
    is_perk, is_own = among(measures.measure, PERK_CODES), measures.basis == OWN
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
        channel = TRUST.code(name)
        moves, at = p.weights[channel], np.flatnonzero(which)
        if moves:
            at = at if p.form == "every" else _first(rows, at, channel, cols.stores.trust_moved)
            made.append(rows.emit("trust_events", parent=at, channel=channel, weight=moves))
    return made


def _first(rows, at, channel, store):
    """Keep the first row of each person whom this channel never moved, and remember the person."""
    _, first = np.unique(rows.subject[at], return_index=True)
    at = at[first]
    at = at[~store.has(rows.subject[at], channel)]
    store.put(rows, at, sub=channel)
    return at
