"""Friendships as they are now: those of the world, less those cut, plus those made, where some are kept out of sight.

The world's network is shared by all arms and never changes; the store `tie_changes` (owned by `outcome.ties`) holds what an arm changed,
both ways round. Whatever follows ties reads `friends_now`; where nobody changes ties the store is empty and costs nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base.parameters import Domain
from ..engine.declare import Store, table

CUT, MADE, HIDDEN = 1, 2, 4
"""Bits of a changed tie: a friendship of the world that ended; one that began since; one that is kept but not shown."""

CHANGE = Domain("change of a tie", ("cut", "made", "hidden"))

TIE_CHANGES = Store(
    "tie_changes",
    {"other": "int32", "state": "uint8", "since": "int16"},
    {},
    "Friendships that are not as in the world, both ways round: bits 1 cut, 2 made, 4 hidden",
    sub_bits=31,
)
TIE_ORDERS = table("tie_orders", {"other": "int32", "change": "uint8"}, {}, "A person cuts, makes or hides a friendship with another.")


def friends_now(cols: Any, subjects: np.ndarray, shown: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """List each subject's friends: (position in `subjects`, friend), those made since behind the others.

    Args:
        cols: columns of a mechanism that declares the network `friends` and the store `tie_changes`.
        subjects: persons; shown: leave out ties kept out of sight.
    """
    source, friend, _ = cols.networks.friends.expand(subjects)
    store = cols.stores.tie_changes
    if not len(store):
        return source, friend
    gone = CUT | HIDDEN if shown else CUT
    kept = np.ones(len(source), bool)
    maybe = np.flatnonzero((store.count(subjects) > 0)[source])
    at = store.find(subjects[source[maybe]], friend[maybe])
    kept[maybe] = (at < 0) | (store.state[at] & gone == 0)
    position, at = store.of(subjects)
    made = store.state[at] & (gone | MADE) == MADE
    return np.concatenate([source[kept], position[made]]), np.concatenate([friend[kept], store.other[at[made]].astype(np.int64)])


def tie_ids(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Number ties alike from both ends, for words that belong to a pair."""
    one, other = np.asarray(one, np.int64), np.asarray(other, np.int64)
    return (np.minimum(one, other) << 31) | np.maximum(one, other)
