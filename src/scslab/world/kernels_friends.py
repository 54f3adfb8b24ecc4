"""Numba kernels that tie people near each other in an order by likeness, and collect both ends of the ties."""

from __future__ import annotations

import numpy as np

from scslab.base.jit import njit


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
def write_ends(lo, hi, started, first_tie, target, offsets, cursor, incoming, row, kept):
    """Collect both ends of the ties of persons lo..hi into their rows, sort each row and drop repeats.

    Args:
        offsets: int64 (n + 1,), where each person's incoming ties start; cursor: a copy of those of lo..hi.
        row: int32; the row of person i starts at offsets[i] + first_tie[i], with room to spare.
        kept: uint8 (n,), ties left in each row.
    """
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
