"""The engine's compiled kernels: serial, `nogil`, integer; everything that costs time per person is here.

Compiled once per version of the package (the cache folder is keyed by a hash of its source, see `jit`).
Decisions are integer comparisons; no kernel draws anything but keyed Philox words. The ten rounds stand written out in each loop that
needs them: called as a function they are not vectorised, and cost several times as much.
"""

from __future__ import annotations

import numpy as np

from ..base.jit import njit

BLOCK = 1024
"""Philox blocks per tile; a tile screens 4 * BLOCK consecutive persons, lane by lane."""

TILE = 4 * BLOCK


@njit
def philox_lanes(first, month, k0, k1, w0, w1, w2, w3):
    """Fill four lanes with 31-bit words of Philox counters (first + j, 0, month, 0)."""
    low, shift, one = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(1)
    for j in range(w0.size):
        c0, c1, c2, c3 = np.uint64(first + j) & low, np.uint64(0), month, np.uint64(0)
        a, b = k0, k1
        for _ in range(10):
            p0 = np.uint64(0xD2511F53) * c0
            p1 = np.uint64(0xCD9E8D57) * c2
            c0 = (p1 >> shift) ^ c1 ^ a
            c2 = (p0 >> shift) ^ c3 ^ b
            c1 = p1 & low
            c3 = p0 & low
            a = (a + np.uint64(0x9E3779B9)) & low
            b = (b + np.uint64(0xBB67AE85)) & low
        w0[j] = np.uint32(c0 >> one)
        w1[j] = np.uint32(c1 >> one)
        w2[j] = np.uint32(c2 >> one)
        w3[j] = np.uint32(c3 >> one)


@njit
def philox_ids(ids, month, ordinal, k0, k1, out):
    """Fill `out` with one 31-bit word per id: counter (id low, id high, month, ordinal)."""
    low, shift, one = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(1)
    for j in range(ids.size):
        row = np.uint64(ids[j])
        c0, c1, c2, c3 = row & low, row >> shift, month, ordinal
        a, b = k0, k1
        for _ in range(10):
            p0 = np.uint64(0xD2511F53) * c0
            p1 = np.uint64(0xCD9E8D57) * c2
            c0 = (p1 >> shift) ^ c1 ^ a
            c2 = (p0 >> shift) ^ c3 ^ b
            c1 = p1 & low
            c3 = p0 & low
            a = (a + np.uint64(0x9E3779B9)) & low
            b = (b + np.uint64(0xBB67AE85)) & low
        out[j] = np.uint32(c0 >> one)


@njit
def compact_below(words, limit, able, masked, base, count, out_row, out_word, n):
    """Append the first `count` rows whose word is below one limit and, when `masked`, who are able."""
    for j in range(count):
        if words[j] < limit:  # the one branch: what stands behind it is written over unless it counts
            out_row[n] = base + j
            out_word[n] = words[j]
            n += np.int64(not masked or able[base + j] != 0)
    return n


@njit
def compact_under(words, limits, base, out_row, out_word, n):
    """Append rows whose word is below their own limit; groups of 16 without one cost one test."""
    for g in range(limits.size // 16):
        hits = np.int32(0)
        for j in range(16):
            hits += np.int32(words[g * 16 + j] < limits[g * 16 + j])
        if hits:
            n = _take_under(words, limits, g * 16, g * 16 + 16, base, out_row, out_word, n)
    return _take_under(words, limits, limits.size - limits.size % 16, limits.size, base, out_row, out_word, n)


@njit
def _take_under(words, limits, first, last, base, out_row, out_word, n):
    for j in range(first, last):
        if words[j] < limits[j]:
            out_row[n] = base + j
            out_word[n] = words[j]
            n += 1
    return n


@njit
def compact_class(words, limit, table, classes, able, masked, base, count, out_row, out_word, n):
    """Append the first `count` rows whose word is below the limit of their class (`limit` is the highest) and, when `masked`, who are able."""
    for j in range(count):
        if words[j] < limit:
            out_row[n] = base + j
            out_word[n] = words[j]
            n += np.int64(words[j] < table[classes[base + j]]) & np.int64(not masked or able[base + j] != 0)
    return n


@njit
def screen_classes(first_tile, n_tiles, people, month, k0, k1, limit, table, classes, able, masked, out_row, out_word):
    """Screen whole tiles of persons by the limit of their class; returns how many were found."""
    words = np.empty(TILE, np.uint32)
    n = 0
    for tile in range(first_tile, first_tile + n_tiles):
        philox_lanes(tile * BLOCK, month, k0, k1, words[:BLOCK], words[BLOCK : 2 * BLOCK], words[2 * BLOCK : 3 * BLOCK], words[3 * BLOCK :])
        count = min(TILE, people - tile * TILE)
        n = compact_class(words, limit, table, classes, able, masked, tile * TILE, count, out_row, out_word, n)
    return n


@njit
def screen_tiles(first_tile, n_tiles, people, month, k0, k1, limit, limits, per_row, able, masked, out_row, out_word):
    """Screen whole tiles of persons by one limit, or each by their own (`per_row`); returns how many were found."""
    words = np.empty(TILE, np.uint32)
    n = 0
    for tile in range(first_tile, first_tile + n_tiles):
        philox_lanes(tile * BLOCK, month, k0, k1, words[:BLOCK], words[BLOCK : 2 * BLOCK], words[2 * BLOCK : 3 * BLOCK], words[3 * BLOCK :])
        count = min(TILE, people - tile * TILE)
        if per_row:
            n = compact_under(words, limits[tile * TILE : tile * TILE + count], tile * TILE, out_row, out_word, n)
        else:
            n = compact_below(words, limit, able, masked, tile * TILE, count, out_row, out_word, n)
    return n


@njit
def pick_members(start, size, keyed, ids, month, k0, k1, unless, out):
    """Choose one other member of each row's group by keyed slots with redraw; -1 where the group has nobody else.

    A slot is a power-of-two range above the group's size, so one more member moves nobody who is not hit.
    """
    low, shift, one = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(1)
    for j in range(ids.size):
        n = size[j]
        out[j] = -1
        if n <= 0 or (n == 1 and start[j] == unless[j]):
            continue
        mask = 1
        while mask < n:
            mask *= 2
        mask -= 1
        row = np.uint64(ids[j])
        for trial in range(64):
            c0, c1, c2, c3 = row & low, row >> shift, month, np.uint64(keyed + trial)
            a, b = k0, k1
            for _ in range(10):
                p0 = np.uint64(0xD2511F53) * c0
                p1 = np.uint64(0xCD9E8D57) * c2
                c0 = (p1 >> shift) ^ c1 ^ a
                c2 = (p0 >> shift) ^ c3 ^ b
                c1 = p1 & low
                c3 = p0 & low
                a = (a + np.uint64(0x9E3779B9)) & low
                b = (b + np.uint64(0xBB67AE85)) & low
            slot = np.int64(c0 >> one) & mask
            if slot < n and start[j] + slot != unless[j]:
                out[j] = start[j] + slot
                break


@njit
def expand_csr(subjects, offsets, target, out_source, out_target, out_edge):
    """List the neighbours of each subject in order: position of the source, target, edge index."""
    n = 0
    for j in range(subjects.size):
        for edge in range(offsets[subjects[j]], offsets[subjects[j] + 1]):
            out_source[n] = j
            out_target[n] = target[edge]
            out_edge[n] = edge
            n += 1
    return n


@njit
def mark_neighbours(subjects, offsets, target, column, limit, pruned, flag):
    """Set the flag of each subject and of its neighbours (CSR network), where the column does not exceed the limit."""
    for j in range(subjects.size):
        if not pruned or column[subjects[j]] <= limit:
            flag[subjects[j]] = 1
        for edge in range(offsets[subjects[j]], offsets[subjects[j] + 1]):
            if not pruned or column[target[edge]] <= limit:
                flag[target[edge]] = 1


@njit
def mark_targets(subjects, targets, column, limit, pruned, flag):
    """Set the flag of each subject and of its row of targets, where the column does not exceed the limit."""
    for j in range(subjects.size):
        if not pruned or column[subjects[j]] <= limit:
            flag[subjects[j]] = 1
        for k in range(targets.shape[1]):
            if not pruned or column[targets[j, k]] <= limit:
                flag[targets[j, k]] = 1


@njit
def take_flagged(flag, eights, lo, hi, out):
    """List flagged rows of [lo, hi) in order; `eights` is the same memory as uint64, so 64 rows without a flag cost one test."""
    n = 0
    for block in range(lo // 64, (hi + 63) // 64):
        any_flag = np.uint64(0)
        for k in range(8):
            any_flag |= eights[block * 8 + k]
        if any_flag:
            for i in range(max(block * 64, lo), min(block * 64 + 64, hi)):
                if flag[i]:
                    out[n] = i
                    n += 1
    return n


@njit
def neighbour_sum(targets, base, add, cap, out):
    """Sum min(cap, base + add) over each row of targets, without branches."""
    for j in range(targets.shape[0]):
        total = np.int64(0)
        for k in range(targets.shape[1]):
            total += min(cap, np.int64(base[targets[j, k]]) + add)
        out[j] = total


@njit
def rows_below(lo, targets, base, add, cap, skip, full, weight, cut, out):
    """List rows lo + j not skipped whose own value and neighbours' mean fall below a cut: own * d * full + weight * sum < cut * d * full.

    Values are min(cap, base + add); d is the number of targets per row. The twin of a sum over neighbours and a comparison in NumPy.
    """
    degree = np.int64(targets.shape[1])
    n = 0
    for j in range(targets.shape[0]):
        total = np.int64(0)
        for k in range(degree):
            total += min(cap, np.int64(base[targets[j, k]]) + add)
        own = min(cap, np.int64(base[lo + j]) + add)
        if own * degree * full + weight * total < cut * degree * full and skip[lo + j] == 0:
            out[n] = j
            n += 1
    return n


@njit
def neighbour_sum_csr(subjects, offsets, target, base, add, cap, out):
    """Sum min(cap, base + add) over each subject's neighbours (CSR network)."""
    for j in range(subjects.size):
        total = np.int64(0)
        for edge in range(offsets[subjects[j]], offsets[subjects[j] + 1]):
            total += min(cap, np.int64(base[target[edge]]) + add)
        out[j] = total


@njit
def sum_recovering(base, add, cap):
    """Sum min(cap, base + add) of an int32 column; the sum is int64, the terms int32 so that they fill vector lanes."""
    total = np.int64(0)
    for i in range(base.size):
        value = np.int32(base[i] + add)
        total += np.int64(cap if value > cap else value)
    return total


@njit
def find_sorted(have, keys, out):
    """Give the position of each key in a sorted array that is not empty, -1 where it is absent; keys in rising order cost a step or two each."""
    n = have.size
    at = 0
    for j in range(keys.size):
        key = keys[j]
        if have[at] > key:
            at = 0
        step = 1
        while at + step < n and have[at + step] <= key:  # gallop from where the last key was
            at += step
            step *= 2
        low, high = at, min(at + step, n)
        while high - low > 1:
            middle = (low + high) // 2
            if have[middle] <= key:
                low = middle
            else:
                high = middle
        at = low
        out[j] = at if have[at] == key else -1


@njit
def merge_rows(old, gone, new, order, before, out):
    """Merge old values, without those at the rising positions `gone`, and new ones (in `order`), each after as many old ones as stand `before` it.

    Old values are copied in stretches, not one by one; returns how many there are.
    """
    n, at, g = 0, 0, 0
    for j in range(order.size + 1):
        stop = before[j] if j < order.size else old.size
        while at < stop:
            while g < gone.size and gone[g] == at and at < stop:
                g += 1
                at += 1
            end = min(stop, gone[g]) if g < gone.size else stop
            some, into = old[at:end], out[n : n + end - at]  # pieces counted from 0 are copied in vector lanes
            for i in range(some.size):
                into[i] = some[i]
            n += end - at
            at = end
        if j < order.size:
            out[n] = new[order[j]]
            n += 1
    return n


@njit
def rank_equal(keys, out):
    """Number equal neighbours of a sorted array 0, 1, 2, ...; returns the highest number."""
    highest = 0
    rank = 0
    for j in range(keys.size):
        rank = rank + 1 if j > 0 and keys[j] == keys[j - 1] else 0
        out[j] = rank
        highest = max(highest, rank)
    return highest


@njit
def kind_counts(kinds, cells, out):
    """Count rows by kind and group cell."""
    for j in range(kinds.size):
        out[kinds[j], cells[j]] += 1


@njit
def group_counts(cells, weights, weighted, out):
    """Add rows to group cells, by weight or by one."""
    for j in range(cells.size):
        out[cells[j]] += weights[j] if weighted else 1
