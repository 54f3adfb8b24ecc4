"""Numba kernels that order people by likeness and tie those near each other in the order."""

from __future__ import annotations

import numpy as np

from scslab.base.jit import njit
from scslab.base.luck_kernels import block

_ONE = np.uint64(1)


@njit(inline="always")
def shuffle_step(k, bits, a, c, b, d):
    """Apply one keyed bijection of [0, 2^bits)."""
    mask = (_ONE << bits) - _ONE
    half = bits // np.uint64(2) + _ONE
    k = (k * (a | _ONE) + c) & mask
    k ^= k >> half
    k = (k * (b | _ONE) + d) & mask
    k ^= k >> half
    return k


@njit
def shuffled(n, k0, k1, name):
    """Shuffle 0..n-1 by a keyed bijection.

    Returns:
        int64 (n,).
    """
    bits = _ONE
    while (_ONE << bits) < np.uint64(n):
        bits += _ONE
    a, c, b, d = block(np.uint64(k0), np.uint64(k1), np.uint64(name), np.uint64(0), np.uint64(0), np.uint64(3))
    out = np.empty(n, np.int64)
    for i in range(n):
        k = shuffle_step(np.uint64(i), bits, a, c, b, d)
        while k >= np.uint64(n):
            k = shuffle_step(k, bits, a, c, b, d)
        out[i] = np.int64(k)
    return out


@njit
def deal_firms(k0, k1, staff, size, age, firm, officer):
    """Deal employees to firms in order, shuffled inside windows of 4,096 so that staff comes from nearby; name officers."""
    f = 0
    left = np.int64(size[0]) if len(size) else 0
    for window in range((len(staff) + 4095) // 4096):
        lo = window * 4096
        order = shuffled(min(4096, len(staff) - lo), k0, k1, window)
        for r in range(len(order)):
            i = staff[lo + order[r]]
            firm[i] = f
            if officer[f] < 0 or (age[officer[f]] < 216 and age[i] >= 216):
                officer[f] = i
            left -= 1
            if left == 0:
                f += 1
                left = np.int64(size[f]) if f < len(size) else 0


@njit
def order_block(lo, hi, key, n_keys, order):
    """Sort persons lo..hi by key, stable after the shuffle that `order[lo:hi]` holds; keys below 0 are left out.

    Returns:
        persons kept; they are order[lo : lo + kept].
    """
    begin = np.zeros(n_keys + 1, np.int64)
    for r in range(lo, hi):
        k = key[order[r] - lo]
        if k >= 0:
            begin[k + 1] += 1
    for k in range(n_keys):
        begin[k + 1] += begin[k]
    out = np.empty(begin[n_keys], np.int32)
    for r in range(lo, hi):
        k = key[order[r] - lo]
        if k >= 0:
            out[begin[k]] = order[r]
            begin[k] += 1
    order[lo : lo + len(out)] = out
    return len(out)


@njit
def order_blocks(b_lo, b_hi, edges, k0, k1, place, age, education, least, by_place, by_kind, at_place, at_kind, kept):
    """Order the people of each block by place and age, and again by education and age, each shuffled within equals.

    `by_place[edges[b] + r]` is the person at rank r, `at_place[i]` the rank of person i; likewise by kind.
    """
    for b in range(b_lo, b_hi):
        lo, hi = edges[b], edges[b + 1]
        shuffle = shuffled(hi - lo, k0, k1, b)
        key = np.empty(hi - lo, np.int64)
        for i in range(lo, hi):
            key[i - lo] = (np.int64(place[i]) - place[lo]) * 21 + age[i] // 60 if age[i] >= least else -1
            by_place[i] = by_kind[i] = lo + shuffle[i - lo]
        order_block(lo, hi, key, (np.int64(place[hi - 1]) - place[lo] + 1) * 21, by_place)
        for i in range(lo, hi):
            key[i - lo] = (age[i] // 120) * 5 + education[i] if age[i] >= least else -1
        kept[b] = order_block(lo, hi, key, 55, by_kind)
        for r in range(kept[b]):
            at_place[by_place[lo + r]] = r
            at_kind[by_kind[lo + r]] = r


@njit
def start_ties(b_lo, b_hi, edges, words, started, first_tie, same_place, same_kind, shift, reach, place, household,
               by_place, by_kind, at_place, at_kind, kept, target):  # fmt: skip
    """Write the ties each person starts: with the like in the place, the like nearby, or the like of a far block; -1 where none.

    Args:
        words: uint32, one per tie; high bits choose the layer, the low byte how far down the order.
        first_tie: int64 (n + 1,), first tie of each person.
        target: int32, one per tie.
    """
    n_blocks = len(edges) - 1
    for b in range(b_lo, b_hi):
        lo, n = edges[b], kept[b]
        far = (b + shift) % n_blocks
        for i in range(lo, edges[b + 1]):
            if started[i] == 0:
                continue
            gap, step = np.int64(0), max(reach // started[i], 1)
            for e in range(first_tie[i], first_tie[i + 1]):
                layer = np.int64(words[e])
                gap += 1 + (layer & 255) % step
                j = np.int64(-1)
                if layer < same_place:
                    if at_place[i] + gap < n:
                        j = by_place[lo + at_place[i] + gap]
                        if place[j] != place[i]:
                            j = -1
                elif layer < same_kind or n_blocks == 1:
                    if at_kind[i] + gap < n:
                        j = by_kind[lo + at_kind[i] + gap]
                elif kept[far] > 0:
                    j = by_kind[edges[far] + (at_kind[i] * kept[far] // n + gap) % kept[far]]
                if j >= 0 and household[j] == household[i]:
                    j = -1
                target[e] = j


@njit
def count_ends(lo, hi, target, offsets):
    """Count the ties that others started with persons lo..hi, into offsets[i + 1]."""
    for e in range(len(target)):
        j = target[e]
        if lo <= j < hi:
            offsets[j + 1] += 1


@njit
def write_ends(lo, hi, started, first_tie, target, offsets, incoming, row, kept):
    """Collect both ends of the ties of persons lo..hi into their rows, sort each row and drop repeats.

    Args:
        offsets: int64 (n + 1,), where each person's incoming ties start.
        row: int32; the row of person i starts at offsets[i] + first_tie[i], with room to spare.
        kept: uint8 (n,), ties left in each row.
    """
    cursor = offsets[lo:hi].copy()
    for i in range(len(started)):
        for e in range(first_tie[i], first_tie[i + 1]):
            j = target[e]
            if lo <= j < hi:
                incoming[cursor[j - lo]] = i
                cursor[j - lo] += 1
    for i in range(lo, hi):
        begin = at = offsets[i] + first_tie[i]
        many = offsets[i + 1] - offsets[i]
        for e in range(many + first_tie[i + 1] - first_tie[i]):
            j = incoming[offsets[i] + e] if e < many else target[first_tie[i] + e - many]
            p = at
            while p > begin and row[p - 1] >= j:
                p -= 1
            if j < 0 or (p < at and row[p] == j):
                continue
            for q in range(at, p, -1):
                row[q] = row[q - 1]
            row[p] = j
            at += 1
        kept[i] = at - begin


@njit
def close_gaps(offsets, first_tie, kept, row):
    """Move rows together after repeats were dropped; returns the ties left."""
    at = np.int64(0)
    for i in range(len(kept)):
        begin = offsets[i] + first_tie[i]
        offsets[i] = at
        for e in range(kept[i]):
            row[at + e] = row[begin + e]
        at += kept[i]
    offsets[len(kept)] = at
    return at
