"""What a reward does to motives: each rewarded deed leaves less of the wish to do it unrewarded; the wish comes back slowly.

The store holds people whose motives are crowded out above zero; the level is over 2^16.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, names, weight
from ...engine.declare import Each, Rows, Store, mechanism
from ..kinds import KIND
from ..restraint import LEAST, raised

MOST = 8
"""More rewarded deeds than this in a month crowd out no more."""


class Params(Parameters):
    kinds = names("kinds of deeds that people do for their own sake", KIND, codes=True)
    step = weight("share of the distance to no motive of one's own that a rewarded deed makes; 0 = none")
    returns = weight("share of what is crowded out that comes back in a month")


@mechanism(
    "respond.motives",
    on=(Rows("postings", kinds="kinds"), Each("crowded_out")),
    params=Params,
    owns=(Store("crowded_out", {"level": "int32"}, {}, "Motives of one's own crowded out by rewards, over 2^16, where above zero"),),
    lagged=("crowded_out",),
)
def motives(batch, cols, p, luck):
    """Points for a deed crowd out the motive for it, which comes back with time.

    First all levels fade: x (1 - returns); below 64/2^16 they are dropped, unless raised this month. Each posting of points above 0 for a kind named
    (up to eight a person) raises the level by the share `step` of its distance to 1; what reaches 64/2^16 is stored, under the person's first such
    row.
    """
    store, held, postings = cols.stores.crowded_out, batch.crowded_out, batch.postings
    if len(held):
        left = held.level.astype(np.int64) * (FACTOR_ONE - p.returns) >> 16
        store.set(held.at, level=left)
        store.drop(held.at[left < LEAST])
    paid = np.flatnonzero(postings.points > 0)
    if not len(paid) or not p.step:
        return
    who, first, count = np.unique(postings.subject[paid], return_index=True, return_counts=True)
    at = store.find(who)
    level = store.value("level", at)
    for k in range(int(min(count.max(), MOST))):
        level = np.where(count > k, raised(level, p.step), level)
    kept = level >= LEAST
    store.put(postings, paid[first[kept]], level=level[kept])
