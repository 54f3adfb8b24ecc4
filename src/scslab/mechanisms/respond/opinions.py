"""Private opinions: each friend of a person sees what the person did, and judges it by the own opinion of the other, with own mistakes.

The store holds bad opinions only: whoever is not in it is thought well of.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, choice, probability
from ...engine.declare import Rows, Store, mechanism
from ..common import ALIVE, living
from ..peers import NORM_NAMES, judged_good


class Params(Parameters):
    norm = choice("by which norm people judge", NORM_NAMES)
    sees = probability("chance that a friend sees what a person did")
    errs = probability("chance that a friend's verdict is mistaken")


@mechanism(
    "respond.opinions",
    on=Rows("encounters"),
    params=Params,
    reads=ALIVE,
    owns=(Store("opinions", {}, {}, "Bad opinions: who thinks ill of whom", sub_bits=31),),
    networks=("friends",),
    draws=("see", "err"),
)
def opinions(met, cols, p, luck):
    """Friends judge what a person did by what they themselves think of the other.

    Each living adult friend of the person sees it when the word `see` of friend << 31 | person is below `sees`. What the friend finds good: under every norm,
    help given to whom the friend thinks well of; help given to others under `standing` and `image_scoring`; help refused to others under `stern_judging` and
    `standing`. Below `errs`, the word `err` (same id) turns it round. A bad verdict enters a bad opinion where there is none, with the row of the
    encounter; a good one strikes it. All judge by the opinions held before.
    """
    source, friend, _ = cols.networks.friends.expand(met.subject)
    here = living(cols, friend)
    source, friend = source[here], friend[here]
    ids = (friend << 31) | met.subject[source]
    seen = luck.at("see", ids) < p.sees if p.sees < 1 << 31 else np.ones(len(ids), bool)
    source, friend, ids = source[seen], friend[seen], ids[seen]
    store, about = cols.stores.opinions, met.subject[source]
    thinks_well = ~store.has(friend, met.other[source].astype(np.int64))
    good = judged_good(p.norm, met.helped[source] > 0, thinks_well)
    good ^= luck.at("err", ids) < p.errs if p.errs else False
    held = store.find(friend, about)
    store.drop(held[good & (held >= 0)])
    new = np.flatnonzero(~good & (held < 0))
    store.put(met, source[new], subject=friend[new], sub=about[new])
