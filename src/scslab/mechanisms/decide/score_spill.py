"""Scores that follow relatives or friends: part of every change of a person's score falls on those near, and part of theirs on the person.

The rule is x = (1 - a) s + a W x (`shared`: the whole change is conserved where everybody has as many ties) or x = s + a W x (`added`: it comes
on top), with s the score by own records and W the mean over those near. A change of s by one record spreads as (I - a W)^-1 of it: here ring by
ring, in 1/2^16 of 1/100 point, until nothing is left that could be posted. Others hear of it a month later. It is guilt, and credit, by association.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, choice, weight
from ...engine.declare import Rows, mechanism
from ..common import FACTOR_SHIFT
from ..kinds import KIND

ASSOCIATION = KIND.code("association")
"""Kind of awards for the sake of somebody near; they spread no further by themselves, because all rings are worked out at once."""
LEAST = 1 << 10
"""Changes below this many 1/2^16 of 1/100 point go no further."""
MOST_RINGS = 64


class Params(Parameters):
    form = choice("whether changes are shared out or come on top", ("shared", "added"), default="shared")
    near = choice("who is near", ("kin", "friends", "household"), default="kin")
    weight = weight("weight of the mean of those near; 0 = none, at most 1, below 1 where it comes on top")

    @classmethod
    def compile(cls, plain):
        """Compile, and refuse weights for which the scores of all would grow without end."""
        made = super().compile(plain)
        if not 0 <= made.weight <= FACTOR_ONE or (made.form == "added" and made.weight == FACTOR_ONE):
            raise ValueError("weight: it must lie in 0 to 1, and below 1 where it comes on top, because the sum over all rings would have no end")
        return made


@mechanism(
    "decide.score_spill",
    on=Rows("postings"),
    params=Params,
    reads=("persons.household", "households.start"),
    networks=("kin", "friends"),
    emits=("awards",),
    lagged=("postings",),
)
def score_spill(postings, cols, p, luck):
    """Spread last month's changes of scores over those near, ring by ring."""
    own = np.flatnonzero((postings.kind != ASSOCIATION) & (postings.points != 0))
    if not p.weight or not len(own):
        return None
    change = postings.points[own].astype(np.int64) << FACTOR_SHIFT
    keep = FACTOR_ONE - p.weight if p.form == "shared" else FACTOR_ONE
    root, node, value = np.arange(len(own)), postings.subject[own].astype(np.int64), change
    total = [(root, node, (value * keep >> FACTOR_SHIFT) - value)]  # the ledger has posted the whole change already
    for _ in range(MOST_RINGS):
        root, node, value = _ring(root, node, value, cols, p)
        if not len(node):
            break
        total.append((root, node, value * keep >> FACTOR_SHIFT))
    root, node, value = _summed(*(np.concatenate(part) for part in zip(*total, strict=True)))
    points = (value + (1 << (FACTOR_SHIFT - 1))) >> FACTOR_SHIFT
    some = np.flatnonzero(points)
    return postings.emit("awards", subject=node[some], parent=own[root[some]], kind=ASSOCIATION, points=points[some])


def _ring(root, node, value, cols, p):
    """Hand changes on to those near: each takes the weight times the change, as a share of the means they take over all who are near them."""
    at, other = _near(node, cols, p)
    _, back = _near(other, cols, p, count=True)
    moved = value[at] * p.weight // (FACTOR_ONE * np.maximum(back, 1))
    root, node, value = _summed(root[at], other, moved)
    left = np.abs(value) >= LEAST
    return root[left], node[left], value[left]


def _near(who, cols, p, count=False):
    """List who is near to whom, or count them."""
    if p.near != "household":
        network = getattr(cols.networks, p.near)
        return (None, network.degree(who)) if count else network.expand(who)[:2]
    home = cols.persons.household[who]
    start = cols.households.start[home].astype(np.int64)
    size = cols.households.start[home + 1].astype(np.int64) - start
    if count:
        return None, size - 1
    at = np.repeat(np.arange(len(who)), size)
    other = start[at] + np.arange(len(at)) - np.repeat(np.cumsum(size) - size, size)
    away = other != who[at]
    return at[away], other[away]


def _summed(root, node, value):
    """Add up what reaches a person from one record by several ways."""
    key, inverse = np.unique((root.astype(np.int64) << 32) | node, return_inverse=True)
    total = np.zeros(len(key), np.int64)
    np.add.at(total, inverse, value)
    return key >> 32, key & 0xFFFFFFFF, total
