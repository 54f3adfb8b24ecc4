"""Numba kernels for columns of persons: categories, ranks, incomes."""

from __future__ import annotations

import numpy as np

from scslab.base.jit import njit


@njit
def pick_into(words, cut, row, out):
    """Choose the first category whose upper threshold lies above each word."""
    for i in range(len(words)):
        line = cut[row[i]]
        c = 0
        while np.int64(words[i]) >= line[c]:
            c += 1
        out[i] = c


@njit
def rank_households(score, size, bins):
    """Rank households by score, weighted by their members.

    Args:
        score: int64 (H,), in [0, bins).
        size: int64 (H,).

    Returns:
        int64 (H,), twice the persons below, plus the household's own (so that dividing by twice the population gives a midpoint).
    """
    below = np.zeros(bins + 1, np.int64)
    for h in range(len(score)):
        below[score[h] + 1] += size[h]
    for b in range(bins):
        below[b + 1] += below[b]
    rank = np.empty(len(score), np.int64)
    for h in range(len(score)):
        rank[h] = 2 * below[score[h]] + size[h]
        below[score[h]] += size[h]
    return rank


@njit
def quantile_income(rank, people, knots, values, tail, out):
    """Read yearly income per head at each rank: straight lines between knots, then a Pareto tail of index two."""
    last = knots[-1]
    for h in range(len(rank)):
        p = rank[h] / (2.0 * people)
        if p >= last:
            out[h] = np.int64(tail * np.sqrt((1.0 - last) / (1.0 - p)))
        else:
            k = np.searchsorted(knots, p, side="right") - 1
            out[h] = np.int64(values[k] + (values[k + 1] - values[k]) * (p - knots[k]) / (knots[k + 1] - knots[k]))


@njit
def share_income(start, income, weight, out):
    """Split each household's income among its members by integer weights; without any weight the first member has it all."""
    for h in range(len(start) - 1):
        lo, hi = start[h], start[h + 1]
        whole = np.int64(income[h]) * (hi - lo)
        total = np.int64(0)
        for i in range(lo, hi):
            total += weight[i]
        left = whole
        for i in range(lo, hi):
            part = whole * weight[i] // total if total > 0 else np.int64(0)
            out[i] = min(part, 2147483647)
            left -= part
        out[lo] = min(out[lo] + left, 2147483647)


@njit
def household_scores(start, place, urban, education, age, words, urban_effect, education_effect, out, bins):
    """Score households by place, the best education of a grown member, and luck; into [0, bins)."""
    for h in range(len(start) - 1):
        best = 0
        for i in range(start[h], start[h + 1]):
            if age[i] >= 216 and education[i] > best:
                best = education[i]
        w = np.int64(words[h])
        luck = (w & 255) + ((w >> 8) & 255) + ((w >> 16) & 255) + ((w >> 23) & 255) - 510
        score = luck + urban_effect * urban[place[start[h]]] + education_effect * best + 900
        # Low bits of the word break ties.
        out[h] = min(max(score * 32 + ((w ^ (w >> 12)) & 31), 0), bins - 1)
