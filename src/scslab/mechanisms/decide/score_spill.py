"""Scores that follow relatives or friends: part of every change of a person's score falls on those near, and part of theirs on the person.

The rule is x = (1 - a) s + a W x (`shared`: the whole change is conserved where everybody has as many ties) or x = s + a W x (`added`: it comes
on top), with s the score by own records and W the mean over those near. A change of s by one record spreads as (I - a W)^-1 of it: here ring by
ring, until nothing is left that could be posted. Others hear of it a month later. It is guilt, and credit, by association. Rows of W add up to 1,
so that its spectral radius is 1: where changes come on top, a weight of 1 or more would have no end and is refused.

Changes are posted in 1/100 point. With `fine` they are handed on in 1/2^36 of that until as good as nothing is left, and told so in
rows of `spills` (weights of three decimals, changes of up to 500 points: so products fit in 64 bits).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ...base.errors import InputError, Problem
from ...base.exact import QUANTUM, exact
from ...base.parameters import FACTOR_ONE, Parameters, choice, flag, weight
from ...engine.declare import Rows, mechanism, table
from ..kinds import KIND

ASSOCIATION = KIND.code("association")
"""Kind of awards for the sake of somebody near; they spread no further by themselves, because all rings are worked out at once."""
SHIFT, FINE_SHIFT = 16, 36
"""Binary places below 1/100 point, in which changes are handed on."""
LEAST = 1 << 10
"""Changes below this many 1/2^16 of 1/100 point go no further."""
MOST_RINGS = 4096
MOST_BOTTOM, FINE_BOTTOM = 10_000, 1000
"""The weight is a fraction with a bottom up to this: exact for four decimals, or three, and products fit in 64 bits."""
FINE_POINTS = 500 * QUANTUM
"""Largest change, in 1/100 point, that can be handed on finely."""

table("spills", {"fine": "int64"}, {}, "What a change of somebody's score does to the subject, in 1/2^36 of 1/100 point; the change itself is left out.")


class Params(Parameters):
    form = choice("whether changes are shared out or come on top", ("shared", "added"), default="shared")
    near = choice("who is near", ("kin", "friends", "household"), default="kin")
    weight = weight("weight of the mean of those near; 0 = none, at most 1, below 1 where it comes on top")
    fine = flag("hand changes on until nothing is left of them, and tell them in rows of `spills`: for exact cases", default=False)

    @classmethod
    def compile(cls, plain):
        """Compile, and refuse weights for which the scores of all would grow without end."""
        made = super().compile(plain)
        if not 0 <= made.weight <= FACTOR_ONE or (made.form == "added" and exact(plain["weight"]) >= 1):
            raise ValueError("weight: it must lie in 0 to 1, and below 1 where it comes on top, because the sum over all rings would have no end")
        share = exact(plain["weight"]).limit_denominator(FINE_BOTTOM if made.fine else MOST_BOTTOM)
        made.__dict__.update(top=share.numerator, bottom=share.denominator, shift=FINE_SHIFT if made.fine else SHIFT, least=1 if made.fine else LEAST)
        return made


class Change(NamedTuple):
    """Parts of changes: which change, whom it reaches, by how much."""

    root: Any
    node: Any
    value: Any


@mechanism(
    "decide.score_spill",
    on=Rows("postings"),
    params=Params,
    reads=("persons.household", "households.start"),
    networks=("kin", "friends"),
    emits=("awards", "spills"),
    lagged=("postings",),
)
def score_spill(postings, cols, p, luck):
    """Spread last month's changes of scores over those near, ring by ring.

    A posting of another kind than `association` spreads by itself, in 1/2^16 of 1/100 point (`fine`: 2^36). In each ring a person hands everybody near top
    / bottom of the change over the number near the receiver, cut towards none; what reaches a person from several is added, and parts below 1/64 of 1/100
    point (`fine`: below one) go no further. With `added` all of it stays; with `shared` (1 - weight) of it, rounded, halves up, while the same of the first
    change is left, and the rest is taken off. The sums by person are awards, rounded, halves up; `fine` tells them all. Near in a household are the others
    of its range.
    """
    own = np.flatnonzero((postings.kind != ASSOCIATION) & (postings.points != 0))
    if not p.weight or not len(own):
        return None
    if p.fine and int(np.abs(postings.points[own]).max()) > FINE_POINTS:
        raise InputError(Problem(f"a change of more than {FINE_POINTS // QUANTUM} points cannot be handed on finely", fix="Leave out `fine`"))
    ring = Change(np.arange(len(own)), postings.subject[own].astype(np.int64), postings.points[own].astype(np.int64) << p.shift)
    total = [Change(ring.root, ring.node, _kept(ring.value, p) - ring.value)]  # the ledger has posted the whole change already
    for _ in range(MOST_RINGS):
        ring = _ring(ring, cols, p)
        if not len(ring.node):
            break
        total.append(Change(ring.root, ring.node, _kept(ring.value, p)))
    root, node, value = _summed(*(np.concatenate(part) for part in zip(*total, strict=True)))
    points = (value + (1 << (p.shift - 1))) >> p.shift
    some = np.flatnonzero(points)
    made = postings.emit("awards", subject=node[some], parent=own[root[some]], kind=ASSOCIATION, points=points[some])
    return [made, postings.emit("spills", subject=node, parent=own[root], kind=ASSOCIATION, fine=value)] if p.fine else made


def _kept(value, p):
    """Give what stays with a person of what reaches it."""
    return (2 * value * (p.bottom - p.top) + p.bottom) // (2 * p.bottom) if p.form == "shared" else value


def _ring(ring, cols, p):
    """Hand changes on to those near: each takes the weight times the change, as a share of the means they take over all who are near them."""
    at, other = _near(ring.node, cols, p)
    _, back = _near(other, cols, p, count=True)
    value = ring.value[at]  # cut, not rounded: what is rounded up goes round for ever
    moved = np.sign(value) * (np.abs(value) * p.top // (p.bottom * np.maximum(back, 1)))
    made = _summed(ring.root[at], other, moved)
    left = np.abs(made.value) >= p.least
    return Change(made.root[left], made.node[left], made.value[left])


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
    return Change(key >> 32, key & 0xFFFFFFFF, total)
