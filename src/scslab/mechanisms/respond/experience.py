"""Who learned of the regime by living through it: a notice, a refusal, a measure on oneself or for a relative's sake."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability
from ...engine.declare import Rows, Store, mechanism


class Params(Parameters):
    learns = probability("chance that a notice, a refusal or a measure, own or for a relative's sake, tells its subject of the regime")


@mechanism(
    "respond.experience",
    on=(Rows("notices"), Rows("refusals"), Rows("measures")),
    params=Params,
    owns=(Store("experienced", {"since": "int16"}, {}, "People who learned of the regime by living through it"),),
    draws=("learn",),
)
def experience(batch, cols, p, luck):
    """A notice, a refusal or a measure tells its subject that the regime exists, for good.

    Notices, then refusals, then measures: with chance `learns` (word `learn`, by the row); the first row that tells a person is kept.
    """
    store, done = cols.stores.experienced, np.empty(0, np.int64)
    for rows in (batch.notices, batch.refusals, batch.measures):
        if not len(rows):
            continue
        learned = np.flatnonzero(luck.of(rows).below("learn", p.learns))
        who, first = np.unique(rows.subject[learned], return_index=True)
        new = (store.find(who) < 0) & ~np.isin(who, done)
        if new.any():
            store.put(rows, learned[first[new]], since=cols.month)
            done = np.concatenate([done, who[new]])
