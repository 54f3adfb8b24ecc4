"""How norms of a small group spread: who did well is imitated, who did badly is not, and now and then somebody tries something else (Axelrod 1986).

Each month is a generation. Who did at least one standard deviation better than the mean of the place is followed by two, who did so much worse by
nobody, everybody else by one. Where that makes too many followers, those left out are drawn; where too few, those who follow twice are.
Means and deviations are compared as whole numbers.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, points, probability
from ...engine.declare import Pool, Rows, Sweep, mechanism
from ...engine.rows import pack_ids
from ..common import ALIVE, EVERYBODY, living
from ..norms import BOLD, BOLDNESS, VENGEFUL, VENGEFULNESS, bold, vengeful

BITS = 3
"""Bits of a level."""


class Params(Parameters):
    gain = points("what a breach brings to the one who commits it")
    hurt = points("what a breach takes from each other person of the place")
    mutation = probability("chance that one of the three bits of a level flips when it is taken over")
    everybody = EVERYBODY


@mechanism(
    "outcome.norm_learning",
    on=(Rows("norm_breaches"), Pool("norm_tolls", capacity="everybody"), Sweep()),
    params=Params,
    reads=(*ALIVE, "persons.place", *BOLDNESS, *VENGEFULNESS),
    writes=(BOLD, VENGEFUL),
    draws=("order", "more", "flip_boldness", "flip_vengefulness"),
)
def norm_learning(batch, cols, p, luck):
    """The successful are imitated.

    Living adults play in the group of their place: `gain` for each own breach, less `hurt` for each breach of the others of the group, and their tolls.
    With n members, own sum x, and the sums s of all and q of all squares: n x - s is compared with 0, and its square with n q - s s. Not negative and at
    least that far off: followed by two; else negative and at least that far off: by nobody; else by one (where all did alike, each by two). The followers
    are put in order of the word `order` of the followed one's number (ordinal 1 for the second), then of that number; the k-th of the group follows the
    k-th. Where there are too few, the others follow one chosen among them by `cols.pick`, id person | month | 0 | 0 in the stream `more`. Each takes over
    both levels as they were (see `conduct.temptation`); bit 0, 1, 2 of each flips when the word `flip_boldness` or `flip_vengefulness` of the person's
    number, the bit as ordinal, is below `mutation`. The column holds the level + 1.
    """
    breaches, tolls, everybody = batch.norm_breaches, batch.norm_tolls, batch.everybody
    who = np.arange(everybody.lo, everybody.hi)
    who = who[living(cols, who)]
    place = cols.persons.place[who].astype(np.int64)
    own = np.bincount(breaches.subject - everybody.lo, minlength=everybody.hi - everybody.lo)[who - everybody.lo]
    in_place = np.bincount(place)
    all_breaches = np.zeros(len(in_place), np.int64)
    np.add.at(all_breaches, place, own)
    payoff = p.gain * own - p.hurt * (all_breaches[place] - own)
    np.add.at(payoff, np.searchsorted(who, tolls.subject), tolls.points.astype(np.int64))
    model = followed(who, place, in_place, followers(payoff, place, in_place), cols, luck)
    for name, level in (("boldness", bold(cols.persons, model)), ("vengefulness", vengeful(cols.persons, model))):
        for bit in range(BITS):
            level ^= (luck.at(f"flip_{name}", who, bit) < p.mutation).astype(np.int64) << bit
        getattr(cols.persons, f"norm_{name}")[who] = level + 1


def followers(payoff, place, size):
    """Say by how many each person is followed: 2, 1 or 0; n x - sum against the root of n sum(x^2) - sum^2, squared.

    Example:
        >>> followers(np.array([0, 10, 20]), np.zeros(3, int), np.array([3])).tolist()
        [0, 1, 2]
    """
    total, squares = np.zeros(len(size), np.int64), np.zeros(len(size), np.int64)
    np.add.at(total, place, payoff)
    np.add.at(squares, place, payoff * payoff)
    n, above = size[place], size[place] * payoff - total[place]
    spread = n * squares[place] - total[place] ** 2
    far = above * above >= spread
    return np.where(far & (above >= 0), 2, np.where(far & (above <= 0), 0, 1))


def followed(who, place, size, count, cols, luck):
    """Give each person somebody of the place to follow: the followers of all in keyed order, cut or filled up to the size of the place."""
    parent = np.repeat(np.arange(len(who)), count)
    twin = np.arange(len(parent)) - np.repeat(np.cumsum(count) - count, count)
    word = np.where(twin == 0, luck.at("order", who[parent]), luck.at("order", who[parent], 1))
    order = np.lexsort((parent, word, place[parent]))
    parent = parent[order]
    pool = np.bincount(place[parent], minlength=len(size))
    start = np.cumsum(pool) - pool
    rank = np.arange(len(who)) - (np.cumsum(size) - size)[place]
    found = start[place] + rank
    short = np.flatnonzero(rank >= pool[place])
    found[short] = cols.pick(start[place[short]], pool[place[short]], luck.key("more"), pack_ids(who[short], cols.month, 0), np.full(len(short), -1))
    return who[parent[found]]
