"""Numba kernels that date deaths, weddings and births."""

from __future__ import annotations

import numpy as np

from scslab.base.jit import njit
from scslab.base.luck_kernels import block

from .kernels_households import bell

HORIZON = 240
_ONE = np.uint64(1)


@njit
def date_deaths(lo, hi, age, sex, survival, words, months, out):
    """Write months from the start until death (or -1 beyond the horizon).

    Args:
        age: int16, months at the start; negative for those not yet born, whose clock starts at birth.
        survival: int64 (2, 125, 21), thresholds of being alive after whole years.
    """
    for i in range(lo, hi):
        unborn = max(-np.int64(age[i]), 0)
        line = survival[sex[i], max(age[i], 0) // 12]
        u = np.int64(words[i])
        out[i] = -1
        if u < line[20]:
            continue
        y = 0
        while u < line[y + 1]:
            y += 1
        at = unborn + y * 12 + 1 + np.int64(months[i] % 12)
        if at <= HORIZON:
            out[i] = at


@njit
def wedding_wish(i, age, sex, numbers, k0, k1):
    """Draw the month from the start at which an unmarried person looks for a partner, or -1."""
    w = block(k0, k1, np.uint64(i), np.uint64(0), np.uint64(0), np.uint64(0))
    if np.int64(w[0] >> _ONE) >= numbers[3]:
        return -1
    legal = 264 if sex[i] == 1 else 240
    at = max(numbers[sex[i]] + numbers[2] * bell(w[1]) // 148, legal) - age[i]
    if at < 1:
        if np.int64(w[2] >> _ONE) >= numbers[4] or age[i] > 540:
            return -1
        at = 1 + np.int64(w[3] >> _ONE) % 84
    return at if at <= HORIZON else -1


@njit
def wed_blocks(b_lo, b_hi, edges, k0, k1, age, sex, partner, mother, household, death, numbers, month, spouse):
    """Pair unmarried women and men of each block in order of the month they look.

    Both are alive and not kin; the latest who waits and is of fitting age is taken.

    Args:
        numbers: int64 (5,): mean ages of women and men and their spread in months, thresholds of ever and of late marriage.
    """
    k0, k1 = np.uint64(k0), np.uint64(k1)
    for b in range(b_lo, b_hi):
        lo, hi = edges[b], edges[b + 1]
        begin = np.zeros(HORIZON + 2, np.int64)
        wish = np.empty(hi - lo, np.int16)
        for i in range(lo, hi):
            wish[i - lo] = wedding_wish(i, age, sex, numbers, k0, k1) if partner[i] < 0 and age[i] < 600 else -1
            if wish[i - lo] >= 0:
                begin[wish[i - lo] + 1] += 1
        for m in range(HORIZON + 1):
            begin[m + 1] += begin[m]
        order = np.empty(begin[HORIZON + 1], np.int32)
        for i in range(lo, hi):
            if wish[i - lo] >= 0:
                order[begin[wish[i - lo]]] = i
                begin[wish[i - lo]] += 1
        waiting = np.empty((2, len(order)), np.int32)
        head, tail = np.zeros(2, np.int64), np.zeros(2, np.int64)
        for r in range(len(order)):
            i = order[r]
            at, other = np.int64(wish[i - lo]), 1 - np.int64(sex[i])
            best, best_miss = -1, np.int64(181)
            for q in range(tail[other] - 1, max(head[other], tail[other] - 96) - 1, -1):
                j = waiting[other, q]
                is_free = spouse[j] < 0 and (death[j] < 0 or death[j] > at) and (death[i] < 0 or death[i] > at)
                is_kin = household[i] == household[j] or (mother[i] >= 0 and mother[i] == mother[j])
                older = np.int64(age[i]) - age[j] if sex[i] == 1 else np.int64(age[j]) - age[i]
                if is_free and not is_kin and abs(older - 24) < best_miss:
                    best, best_miss = j, abs(older - 24)
                    if best_miss <= 24:
                        break
            # Those married by now, and those who have waited two years, leave the queue.
            while head[other] < tail[other]:
                j = waiting[other, head[other]]
                if spouse[j] < 0 and at - wish[j - lo] <= 24:
                    break
                head[other] += 1
            if best >= 0:
                spouse[i], spouse[best] = best, i
                month[i] = month[best] = at
            else:
                waiting[sex[i], tail[sex[i]]] = i
                tail[sex[i]] += 1


@njit
def date_births(lo, hi, k0, k1, age, sex, partner, spouse, wed, death, children, rates, factors, mothers, fathers, months):
    """List births within the horizon of mothers lo..hi, in order of mother and month; returns how many.

    Args:
        rates: int64 (60,), threshold of a birth in a year by a wife's age.
        factors: int64 (4,), by children so far, times 1,024.
    """
    k0, k1 = np.uint64(k0), np.uint64(k1)
    n = 0
    for i in range(lo, hi):
        if sex[i] != 0 or age[i] >= 600 or (partner[i] < 0 and spouse[i] < 0):
            continue
        born, last = np.int64(children[i]), np.int64(-12)
        w = (np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0))
        for y in range(20):
            if y % 4 == 0:
                w = block(k0, k1, np.uint64(i), np.uint64(0), np.uint64(0), np.uint64(y))
            word = np.int64((w[0] if y % 4 == 0 else (w[1] if y % 4 == 1 else (w[2] if y % 4 == 2 else w[3]))) >> _ONE)
            at = y * 12 + 1 + word % 12
            years = (np.int64(age[i]) + at) // 12
            if years < 15 or years > 49 or at - last < 12 or n == len(months):
                continue
            father = partner[i] if partner[i] >= 0 else spouse[i]
            if (partner[i] < 0 and at < wed[i]) or (0 <= death[i] <= at) or (0 <= death[father] <= at):
                continue
            # Mothers of at least 16, fathers of at most 60 years.
            if years < 16 or age[father] + at > 720 or age[father] + at < 192:
                continue
            if word < rates[years] * factors[min(born, 3)] // 1024:
                mothers[n], fathers[n], months[n] = i, father, at
                n += 1
                born += 1
                last = at
    return n
