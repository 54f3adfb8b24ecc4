"""Stigma: the share of those who know a person who lately saw the person shown. Each display adds to it, and it fades."""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, probability, weight
from ...engine.declare import Each, Rows, mechanism
from ..kinds import TRUST
from ..restraint import LEAST, raised
from ..tables_shaming import CHANNELS, STIGMA

SHAMING = TRUST.code("shaming")


class Params(Parameters):
    known = probability("share of those who know a person who see the person shown in a month, by way of showing", by=CHANNELS, partial=0)
    fades = weight("share of the stigma that fades in a month")
    moves = weight("how much the first display of a spell moves the trust of the person shown; sign and rank only")


@mechanism(
    "respond.stigma",
    on=(Rows("displays"), Each("stigma")),
    params=Params,
    owns=(STIGMA,),
    emits=("trust_events",),
)
def stigma(batch, cols, p, luck):
    """Who is shown in public is known for it, and forgotten slowly.

    First all levels fade: x (1 - fades). Each way in which a person is shown this month, in order, raises the level by the share `known` of its
    distance to 1. Below 64/2^16 it is forgotten. Whose level is new is told once, if it moves trust.
    """
    store, held, shown = cols.stores.stigma, batch.stigma, batch.displays
    own = held.at if len(held) else np.empty(0, np.int64)  # rows of other spans are not ours to set
    level = store.level[own].astype(np.int64) * (FACTOR_ONE - p.fades) >> 16
    if not len(shown):
        _keep(store, own, level)
        return None
    who, first, inverse = np.unique(shown.subject, return_index=True, return_inverse=True)
    at = np.searchsorted(held.subject, who)
    at = np.where(np.isin(who, held.subject), at, -1)
    reached = np.where(at >= 0, level[at] if len(own) else 0, 0).astype(np.int64)
    for code in np.unique(shown.channel):
        hit = np.unique(inverse[shown.channel == code])
        reached[hit] = raised(reached[hit], int(p.known[code]) >> 15)
    level[at[at >= 0]] = reached[at >= 0]
    _keep(store, own, level)
    new = np.flatnonzero((at < 0) & (reached >= LEAST))
    store.put(shown, first[new], level=reached[new])
    return shown.emit("trust_events", parent=first[new], channel=SHAMING, weight=p.moves) if p.moves else None


def _keep(store, at, level):
    """Set the levels, and forget the small ones."""
    store.set(at, level=level)
    store.drop(at[level < LEAST])
