"""Friends: symmetric ties that favour the same place, age and education, with some far away."""

from __future__ import annotations

import numpy as np

from scslab.base.luck import ONE

from .model import Network
from .people import Draft
from .tables import cumulative


def add_friends(draft: Draft) -> Network:
    """Tie persons to friends; those not yet born have none.

    Everybody of the least age starts a few ties with persons near to them in an order by likeness, so degrees are skewed, likeness
    decides most ties, and friends' friends are often friends. Ties never join members of one household.
    """
    from .kernels_friends import close_gaps, count_ends, write_ends

    n, started = draft.people, ties_started(draft)
    first_tie = np.zeros(n + 1, np.int64)
    np.cumsum(started, out=first_tie[1:])
    ties = int(first_tie[-1])
    target, offsets = begin_ties(draft, started, first_tie), np.zeros(n + 1, np.int64)
    incoming, row, left = np.empty(ties, np.int32), np.empty(2 * ties, np.int32), np.empty(n, np.uint8)
    draft.spans(n, lambda lo, hi: count_ends(lo, hi, target, offsets))
    np.cumsum(offsets, out=offsets)
    draft.spans(n, lambda lo, hi: write_ends(lo, hi, started, first_tie, target, offsets, offsets[lo:hi].copy(), incoming, row, left))
    size = int(close_gaps(offsets, first_tie, left, row))
    row.resize(size, refcheck=False)
    return Network("csr", pad_offsets(offsets, len(draft.columns["persons.household"])), row)


def begin_ties(draft: Draft, started: np.ndarray, first_tie: np.ndarray) -> np.ndarray:
    """Choose whom each person starts ties with; int32, one per tie, -1 where nobody was found."""
    from .kernels_friends import start_ties

    spec, columns, edges = draft.spec, draft.columns, draft.columns["households.start"][draft.blocks].astype(np.int64)
    n_blocks, ties = len(edges) - 1, int(first_tie[-1])
    reach, same_place = int(spec.value("friends.reach")), int(spec.value("friends.same_place") * ONE)
    same_kind = same_place + int(spec.value("friends.same_education") * ONE)
    shift = 1 + int(draft.words("world/friends far", 1)[0]) % max(n_blocks - 1, 1)
    orders = order_people(draft, edges)
    words, target = draft.four("world/friends", -(-ties // 4)).reshape(-1), np.full(ties, -1, np.int32)
    draft.spans(n_blocks, lambda lo, hi: start_ties(
        lo, hi, edges, words, started, first_tie, same_place, same_kind, shift, reach, columns["persons.place"],
        columns["persons.household"], *orders, target))  # fmt: skip
    return target


def ties_started(draft: Draft) -> np.ndarray:
    """Draw how many ties each person of the least age starts; uint8."""
    table = draft.spec.values("friends.started")
    counts, cut = np.array([int(k) for k in table], np.uint8), cumulative(np.array(list(table.values())))
    words, out = draft.words("world/friends started", draft.people), np.zeros(draft.people, np.uint8)
    least = int(draft.spec.value("friends.least_age") * 12)

    def work(lo: int, hi: int) -> None:
        drawn = np.zeros(hi - lo, np.uint8)
        for limit in cut[:-1]:
            drawn += words[lo:hi] >= limit
        out[lo:hi] = np.where(draft.age[lo:hi] >= least, counts[drawn], 0)

    draft.pieces(draft.people, work)
    return out


def order_people(draft: Draft, edges: np.ndarray) -> tuple[np.ndarray, ...]:
    """Order the people of each block by place and age, and again by age and education, each shuffled within equals.

    Returns:
        by_place, by_kind: int32 (n,): `by_place[edges[b] + r]` is the person at rank r of block b.
        at_place, at_kind: int32 (n,), the rank of each person.
        kept: int64 (blocks,), persons of the least age in each block.
    """
    n, columns, least = draft.people, draft.columns, int(draft.spec.value("friends.least_age") * 12)
    by_place, by_kind, at_place, at_kind = (np.zeros(n, np.int32) for _ in range(4))
    kept, words = np.zeros(len(edges) - 1, np.int64), draft.words("world/friends order", n)

    def work(number: int, lo: int, hi: int) -> None:
        first, last = np.searchsorted(edges, [lo, hi])
        grown = np.flatnonzero(draft.age[lo:hi] >= least)
        size = np.diff(edges[first : last + 1])
        block, place = np.repeat(np.arange(last - first, dtype=np.uint16), size), columns["persons.place"][lo:hi]
        # A place cut by the border of a block counts as two.
        part = np.cumsum(np.append(False, (place[1:] != place[:-1]) | (block[1:] != block[:-1])), dtype=np.uint32)
        age = draft.age[lo:hi]
        keys = ((part * np.uint32(21) + (age // 60).astype(np.uint32)).astype(np.uint16 if part[-1] < 3000 else np.uint32),
                block * np.uint16(55) + (age // 120).astype(np.uint16) * np.uint16(5) + columns["persons.education"][lo:hi])  # fmt: skip
        kept[first:last] = many = np.bincount(block[grown], minlength=last - first)
        rank = (np.arange(len(grown)) - np.repeat(np.cumsum(many) - many, many)).astype(np.int32)
        at = rank + np.repeat(edges[first:last], many)
        shuffled = grown[np.argsort((words[lo:hi] >> np.uint32(15)).astype(np.uint16)[grown], kind="stable")].astype(np.int32)
        for key, by, ranks in zip(keys, (by_place, by_kind), (at_place, at_kind), strict=True):
            person = shuffled[np.argsort(key[shuffled], kind="stable")]
            person += np.int32(lo)
            by[at] = person
            ranks[person] = rank

    draft.each_district(work)
    return by_place, by_kind, at_place, at_kind, kept


def pad_offsets(offsets: np.ndarray, rows: int) -> np.ndarray:
    """Extend offsets to rows without ties, in the smallest integer that holds them.

    Example:
        >>> pad_offsets(np.array([0, 2]), 3).tolist()
        [0, 2, 2, 2]
    """
    out = np.full(rows + 1, offsets[-1], np.int32 if offsets[-1] < 2**31 else np.int64)
    out[: len(offsets)] = offsets
    return out
