"""Numba kernel that deals people, whose ages and sexes follow the published cells exactly, to the slots of households in order of age."""

from __future__ import annotations

import numpy as np

from scslab.base.jit import njit

from .slots import ANY, MONTHS


@njit
def deal_blocks(b_lo, b_hi, edges, words, group_start, cells, target, need, count, begin, order, age, sex):
    """Fill the slots of blocks b_lo..b_hi; slots of either sex keep the two queues level.

    Args:
        edges: int64 (blocks + 1), first person of each block.
        words: uint32 strata words, one per person.
        group_start: int64 (provinces + 1), first person of each province.
        cells: int64 (provinces, cells + 1), cumulative thresholds over sex (female first) and five-year age.
        target: int16, need: uint8, the ages and sexes wanted.
        count: int64 (2, MONTHS), begin: int64 (MONTHS + 1), order: int32 (persons of the largest block): room to work.
    """
    last = cells.shape[1] - 1
    bands = last // 2
    group = 0
    for b in range(b_lo, b_hi):
        lo, hi = edges[b], edges[b + 1]
        for m in range(MONTHS):
            count[0, m] = count[1, m] = begin[m] = 0
        begin[MONTHS] = 0
        for i in range(lo, hi):
            while i >= group_start[group + 1]:
                group += 1
            # The cell of a word, by halving; its place inside the cell is the month.
            u, c, over = np.int64(words[i]), 0, last
            while over - c > 1:
                middle = (c + over) // 2
                if u >= cells[group, middle]:
                    c = middle
                else:
                    over = middle
            month = (u - cells[group, c]) * 60 // (cells[group, c + 1] - cells[group, c])
            count[c // bands, (c % bands) * 60 + month] += 1
            begin[target[i] + 1] += 1
        for m in range(MONTHS):
            begin[m + 1] += begin[m]
        for i in range(lo, hi):
            order[begin[target[i]]] = i
            begin[target[i]] += 1
        f = m = turn = 0
        for k in range(hi - lo):
            i = order[k]
            while f < MONTHS and count[0, f] == 0:
                f += 1
            while m < MONTHS and count[1, m] == 0:
                m += 1
            s = np.int64(need[i])
            if s == ANY:
                turn ^= 1
                s = turn if f == m else np.int64(f > m)
            if (s == 0 and f == MONTHS) or (s == 1 and m == MONTHS):
                s = 1 - s
            age[i] = f if s == 0 else m
            sex[i] = s
            count[s, age[i]] -= 1
