"""Numba kernels that order people by likeness and tie those near each other in the order."""

from __future__ import annotations

import numpy as np
from numba import njit, uint64

from scslab.base.luck_kernels import block

_ONE = np.uint64(1)


@njit(cache=True, nogil=True, inline="always")
def shuffle_step(k, bits, a, c, b, d):
    """Apply one keyed bijection of [0, 2^bits)."""
    mask = (_ONE << bits) - _ONE
    half = bits // uint64(2) + _ONE
    k = (k * (a | _ONE) + c) & mask
    k ^= k >> half
    k = (k * (b | _ONE) + d) & mask
    k ^= k >> half
    return k


@njit(cache=True, nogil=True)
def shuffled(n, k0, k1, name):
    """Shuffle 0..n-1 by a keyed bijection.

    Returns:
        int64 (n,).
    """
    bits = _ONE
    while (_ONE << bits) < uint64(n):
        bits += _ONE
    a, c, b, d = block(uint64(k0), uint64(k1), uint64(name), uint64(0), uint64(0), uint64(3))
    out = np.empty(n, np.int64)
    for i in range(n):
        k = shuffle_step(uint64(i), bits, a, c, b, d)
        while k >= uint64(n):
            k = shuffle_step(k, bits, a, c, b, d)
        out[i] = np.int64(k)
    return out


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def order_blocks(b_lo, b_hi, edges, k0, k1, place, age, education, least, by_place, by_kind, kept):
    """Order the people of each block by place and age, and again by education and age, each shuffled within equals."""
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


@njit(cache=True, nogil=True)
def start_ties(b_lo, b_hi, edges, k0, k1, started, first_tie, same_place, same_kind, shift, reach, place, household,
               by_place, by_kind, kept, source, target):  # fmt: skip
    """Write the ties each person starts: with the like in the place, the like nearby, or the like of a far block; -1 where none."""
    k0, k1 = uint64(k0), uint64(k1)
    n_blocks = len(edges) - 1
    for b in range(b_lo, b_hi):
        n, far = kept[b], (b + shift) % n_blocks
        for order in range(2):
            rows = by_place if order == 0 else by_kind
            for r in range(n):
                i = rows[edges[b] + r]
                ties = np.int64(started[i])
                gap, step = np.int64(0), max(reach // max(ties, 1), 1)
                for k in range(ties):
                    if k % 4 == 0:
                        w = block(k0, k1, uint64(i), uint64(k), uint64(0), uint64(0))
                    word = w[0] if k % 4 == 0 else (w[1] if k % 4 == 1 else (w[2] if k % 4 == 2 else w[3]))
                    # High bits choose the layer, the low byte how far down the order.
                    layer = np.int64(word >> _ONE)
                    gap += 1 + np.int64(word & uint64(255)) % step
                    if (order == 0) != (layer < same_place):
                        continue
                    j = -1
                    if order == 0 or layer < same_kind or n_blocks == 1:
                        if r + gap < n:
                            j = rows[edges[b] + r + gap]
                    elif kept[far] > 0:
                        j = rows[edges[far] + (r * kept[far] // n + gap) % kept[far]]
                    if j >= 0 and (household[j] == household[i] or j == i or (order == 0 and place[j] != place[i])):
                        j = -1
                    source[first_tie[i] + k] = i
                    target[first_tie[i] + k] = j


@njit(cache=True, nogil=True)
def count_ends(lo, hi, source, target, offsets):
    """Count the ties of persons lo..hi, whichever end started them, into offsets[i + 1]."""
    for e in range(len(source)):
        i, j = source[e], target[e]
        if j >= 0:
            if lo <= i < hi:
                offsets[i + 1] += 1
            if lo <= j < hi:
                offsets[j + 1] += 1


@njit(cache=True, nogil=True)
def write_ends(lo, hi, source, target, offsets, row, kept):
    """Write the ties of persons lo..hi into their rows, sort each row and drop repeats; `kept` counts what is left of each."""
    cursor = offsets[lo:hi].copy()
    for e in range(len(source)):
        i, j = source[e], target[e]
        if j >= 0:
            if lo <= i < hi:
                row[cursor[i - lo]] = j
                cursor[i - lo] += 1
            if lo <= j < hi:
                row[cursor[j - lo]] = i
                cursor[j - lo] += 1
    for i in range(lo, hi):
        begin = at = offsets[i]
        for e in range(offsets[i], offsets[i + 1]):
            j, p = row[e], at
            while p > begin and row[p - 1] >= j:
                p -= 1
            if p < at and row[p] == j:
                continue
            for q in range(at, p, -1):
                row[q] = row[q - 1]
            row[p] = j
            at += 1
        kept[i] = at - begin


@njit(cache=True, nogil=True)
def close_gaps(offsets, kept, row):
    """Move rows together after repeats were dropped; returns the ties left."""
    at = np.int64(0)
    for i in range(len(kept)):
        begin = offsets[i]
        offsets[i] = at
        if at != begin:
            for e in range(kept[i]):
                row[at + e] = row[begin + e]
        at += kept[i]
    offsets[len(kept)] = at
    return at
