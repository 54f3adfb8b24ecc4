"""Friends: symmetric ties that favour the same place, age and education, with some far away."""

from __future__ import annotations

import numpy as np

from scslab.base.luck import ONE

from .model import Network
from .people import Draft
from .persons import pick
from .tables import cumulative


def add_friends(draft: Draft) -> Network:
    """Tie persons to friends; those not yet born have none.

    Everybody of the least age starts a few ties with persons near to them in an order by likeness, so degrees are skewed, likeness
    decides most ties, and friends' friends are often friends. Ties never join members of one household.
    """
    from .kernels_friends import close_gaps, count_ends, order_blocks, start_ties, write_ends

    spec, columns, n = draft.spec, draft.columns, draft.people
    place, household = columns["persons.place"], columns["persons.household"]
    edges = columns["households.start"][draft.blocks].astype(np.int64)
    n_blocks = len(edges) - 1
    table = spec.values("friends.started")
    least, reach = int(spec.value("friends.least_age") * 12), int(spec.value("friends.reach"))
    counts = np.array([int(k) for k in table], np.uint8)
    drawn = pick(draft.words("world/friends started", n), cumulative(np.array(list(table.values())))[None], np.zeros(n, np.uint8))
    started = counts[drawn]
    started[draft.age[:n] < least] = 0
    first_tie = np.zeros(n + 1, np.int64)
    np.cumsum(started, out=first_tie[1:])
    ties = int(first_tie[-1])
    by_place, by_kind, at_place, at_kind = (np.zeros(n, np.int32) for _ in range(4))
    kept, order_key = np.zeros(n_blocks, np.int64), draft.key("world/friends order")
    draft.spans(n_blocks, lambda lo, hi: order_blocks(
        lo, hi, edges, *order_key, place, draft.age, columns["persons.education"], least, by_place, by_kind, at_place, at_kind,
        kept))  # fmt: skip
    same_place = int(spec.value("friends.same_place") * ONE)
    same_kind = same_place + int(spec.value("friends.same_education") * ONE)
    shift = 1 + int(draft.words("world/friends far", 1)[0]) % max(n_blocks - 1, 1)
    words, target = draft.words("world/friends", ties), np.full(ties, -1, np.int32)
    draft.spans(n_blocks, lambda lo, hi: start_ties(
        lo, hi, edges, words, started, first_tie, same_place, same_kind, shift, reach, place, household, by_place, by_kind,
        at_place, at_kind, kept, target))  # fmt: skip
    offsets = np.zeros(n + 1, np.int64)
    incoming, row, left = np.empty(ties, np.int32), np.empty(2 * ties, np.int32), np.empty(n, np.uint8)
    draft.spans(n, lambda lo, hi: count_ends(lo, hi, target, offsets))
    np.cumsum(offsets, out=offsets)
    draft.spans(n, lambda lo, hi: write_ends(lo, hi, started, first_tie, target, offsets, incoming, row, left))
    size = int(close_gaps(offsets, first_tie, left, row))
    row.resize(size, refcheck=False)
    return Network("csr", pad_offsets(offsets, len(household)), row)


def pad_offsets(offsets: np.ndarray, rows: int) -> np.ndarray:
    """Extend offsets to rows without ties, in the smallest integer that holds them.

    Example:
        >>> pad_offsets(np.array([0, 2]), 3).tolist()
        [0, 2, 2, 2]
    """
    out = np.full(rows + 1, offsets[-1], np.int32 if offsets[-1] < 2**31 else np.int64)
    out[: len(offsets)] = offsets
    return out
