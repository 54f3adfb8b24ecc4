"""Numba kernels that put ages and sexes into household slots.

Every slot of a household (husband, wife, child, elder, single, ...) gets a target age; the people of a block, whose ages and sexes
follow the published cells exactly, are then dealt to slots in order of age. So cells hold to the last person and family gaps stay lifelike.
"""

from __future__ import annotations

import numpy as np

from scslab.base.jit import njit
from scslab.base.luck_kernels import block

MONTHS = 1272
"""Ages run over [0, MONTHS) months."""

FEMALE, MALE, ANY = 0, 1, 2
CHILD, COLLECTIVE, WIFE, SINGLE = 0, 1, 2, 3
# Columns of the template table, and positions in the array of household numbers.
SIZE, COUPLE, CHILDREN, ELDERS, SIBLINGS, KIND = 0, 1, 2, 3, 4, 5
PARTNER_GAP, PARTNER_SPREAD, MOTHER_GAP, MOTHER_SPREAD, SIBLING_GAP, SINGLE_MOTHERS = 0, 1, 2, 3, 4, 5


@njit(inline="always")
def bell(word):
    """Sum the four bytes of a word: an integer near 510 with spread 148, close to normal."""
    w = np.int64(word)
    return (w & 255) + ((w >> 8) & 255) + ((w >> 16) & 255) + ((w >> 24) & 255) - 510


@njit(inline="always")
def mother_gap(word, numbers):
    """Draw a mother's age at a birth, in months."""
    gap = numbers[MOTHER_GAP] + numbers[MOTHER_SPREAD] * bell(word) // 148
    return min(max(gap, 216), 528)


@njit(inline="always")
def partner_gap(word, numbers):
    """Draw the husband's age less the wife's, in months."""
    gap = numbers[PARTNER_GAP] + numbers[PARTNER_SPREAD] * bell(word) // 148
    return min(max(gap, -120), 168)


@njit
def draw_targets(k0, k1, household, shape, numbers, ages, at, target, need):
    """Write target ages (months) and needed sexes of one household's slots at `at`.

    Args:
        shape: one row of the template table.
        ages: int16 (4, 1024), inverse cumulative tables of ages by CHILD, COLLECTIVE, WIFE, SINGLE.
    """
    w = block(k0, k1, np.uint64(household), np.uint64(0), np.uint64(0), np.uint64(0))
    v = block(k0, k1, np.uint64(household), np.uint64(0), np.uint64(0), np.uint64(1))
    first = np.int64(w[0] >> np.uint64(22))
    size, children, elders = shape[SIZE], shape[CHILDREN], shape[ELDERS]
    if shape[KIND] == 1 or (shape[COUPLE] == 0 and children == 0):
        table = COLLECTIVE if shape[KIND] == 1 else SINGLE
        base = ages[table, first]
        for j in range(size):
            x = block(k0, k1, np.uint64(household), np.uint64(0), np.uint64(0), np.uint64(2 + j))
            fresh = np.int64(x[0] >> np.uint64(22))
            # Siblings are of similar age; members of a collective household are drawn apart.
            target[at + j] = base + (bell(x[1]) * 30 // 148 if j > 0 else 0) if shape[SIBLINGS] == 1 else ages[table, fresh]
            need[at + j] = ANY
        return
    heads = 2 if shape[COUPLE] == 1 else 1
    if children > 0:
        base = np.int64(ages[CHILD, first])
        eldest = np.int64(0)
        for j in range(children):
            gap = numbers[SIBLING_GAP] // 2 + np.int64((w[3] >> np.uint64(5 * j)) & np.uint64(1023)) % numbers[SIBLING_GAP]
            age = base + ((children - 1) // 2 - j) * gap
            if age < 0:
                age = base + (j + 1) * gap
            target[at + heads + j] = age
            need[at + heads + j] = ANY
            eldest = max(eldest, age)
        wife = eldest + mother_gap(w[1], numbers) - 12 * (children - 1)
    elif elders > 0:
        wife = 300 + np.int64(w[0] >> np.uint64(8)) % 300
    else:
        wife = np.int64(ages[WIFE, first])
    husband = wife + partner_gap(w[2], numbers)
    if heads == 2:
        target[at], need[at] = husband, MALE
        target[at + 1], need[at + 1] = wife, FEMALE
    else:
        is_mother = np.int64(v[3] >> np.uint64(1)) < numbers[SINGLE_MOTHERS]
        target[at], need[at] = (wife, FEMALE) if is_mother else (husband, MALE)
    if elders > 0:
        woman = husband + mother_gap(v[0], numbers)
        target[at + heads + children], need[at + heads + children] = woman, FEMALE
        if elders > 1:
            target[at + heads + children + 1], need[at + heads + children + 1] = woman + partner_gap(v[1], numbers), MALE


@njit
def target_histogram(k0, k1, templates, shapes, numbers, ages, out):
    """Count target ages by year of age and template for a sample of households; `out` is int64 (templates, years)."""
    target, need = np.zeros(16, np.int16), np.zeros(16, np.uint8)
    for h in range(len(templates)):
        shape = shapes[templates[h]]
        draw_targets(k0, k1, h, shape, numbers, ages, 0, target, need)
        for j in range(shape[SIZE]):
            out[templates[h], min(max(target[j] // 12, 0), out.shape[1] - 1)] += 1


@njit
def count_pool(words, lo, hi, province_start, cells, count):
    """Count the people of ids lo..hi by sex and month of age.

    Args:
        words: uint32 strata words, one per id.
        province_start: int64 (groups + 1), first id of each province.
        cells: int64 (groups, cells + 1), cumulative thresholds over sex (female first) and five-year age.
        count: int64 (2, MONTHS), zeroed by the caller.
    """
    bands = (cells.shape[1] - 1) // 2
    group = np.searchsorted(province_start, lo, side="right") - 1
    for i in range(lo, hi):
        while i >= province_start[group + 1]:
            group += 1
        u = np.int64(words[i])
        row = cells[group]
        c = np.searchsorted(row, u, side="right") - 1
        month = (u - row[c]) * 60 // (row[c + 1] - row[c])
        count[c // bands, (c % bands) * 60 + month] += 1


@njit
def deal(lo, hi, target, need, count, age, sex):
    """Deal the counted people of a block to its slots in order of age; slots of either sex keep the two queues level."""
    begin = np.zeros(MONTHS + 1, np.int64)
    for i in range(lo, hi):
        target[i] = min(max(target[i], 0), MONTHS - 1)
        begin[target[i] + 1] += 1
    for m in range(MONTHS):
        begin[m + 1] += begin[m]
    order = np.empty(hi - lo, np.int32)
    for i in range(lo, hi):
        order[begin[target[i]]] = i
        begin[target[i]] += 1
    head = np.zeros(2, np.int64)
    turn = 0
    for k in range(hi - lo):
        i = order[k]
        for s in range(2):
            while head[s] < MONTHS and count[s, head[s]] == 0:
                head[s] += 1
        s = np.int64(need[i])
        if s == ANY:
            turn ^= 1
            s = turn if head[0] == head[1] else (0 if head[0] < head[1] else 1)
        if head[s] == MONTHS:
            s = 1 - s
        age[i] = head[s]
        sex[i] = s
        count[s, head[s]] -= 1


@njit(inline="always")
def can_wed(i, j, age, sex):
    """Tell whether two persons make a plausible couple: other sex, of legal age, at most 20 years apart."""
    a, b = np.int64(age[i]), np.int64(age[j])
    woman, man = (a, b) if sex[i] == FEMALE else (b, a)
    return sex[i] != sex[j] and woman >= 240 and man >= 264 and abs(a - b) <= 240


@njit(inline="always")
def can_bear(parent, child, age, sex):
    """Tell whether a person is of an age to be another's parent: 16 to 50 years older for mothers, to 60 for fathers."""
    gap = np.int64(age[parent]) - np.int64(age[child])
    return 192 <= gap <= (600 if sex[parent] == FEMALE else 720)


@njit(inline="always")
def tie_parent(parent, child, age, sex, mother, father):
    """Tie a parent to a child when their ages allow it."""
    if can_bear(parent, child, age, sex):
        if sex[parent] == FEMALE and mother[child] < 0:
            mother[child] = parent
        elif sex[parent] == MALE and father[child] < 0:
            father[child] = parent


@njit
def tie_household(at, shape, age, sex, partner, mother, father):
    """Tie the members of one household; implausible ties are left out, so every tie that exists is plausible."""
    if shape[KIND] == 1:
        return
    heads = 1 + shape[COUPLE]
    children, elders = shape[CHILDREN], shape[ELDERS]
    if shape[COUPLE] == 1 and can_wed(at, at + 1, age, sex):
        partner[at], partner[at + 1] = at + 1, at
    for j in range(children):
        for h in range(heads):
            tie_parent(at + h, at + heads + j, age, sex, mother, father)
    for e in range(elders):
        tie_parent(at + heads + children + e, at, age, sex, mother, father)
    if elders == 2 and can_wed(at + heads + children, at + heads + children + 1, age, sex):
        a = at + heads + children
        partner[a], partner[a + 1] = a + 1, a


@njit
def settle_blocks(b_lo, b_hi, blocks, start, templates, shapes, numbers, ages, words, province_start, cells, k0, k1,
                  age, sex, partner, mother, father):  # fmt: skip
    """Fill households of blocks b_lo..b_hi with people and tie them.

    Args:
        blocks: int64, first household of each block (and the end).
        start: int32, first person of each household.
    """
    k0, k1 = np.uint64(k0), np.uint64(k1)
    for b in range(b_lo, b_hi):
        lo, hi = np.int64(start[blocks[b]]), np.int64(start[blocks[b + 1]])
        target, need = np.empty(hi - lo, np.int64), np.empty(hi - lo, np.uint8)
        for h in range(blocks[b], blocks[b + 1]):
            draw_targets(k0, k1, h, shapes[templates[h]], numbers, ages, start[h] - lo, target, need)
        count = np.zeros((2, MONTHS), np.int64)
        count_pool(words, lo, hi, province_start, cells, count)
        deal(0, hi - lo, target, need, count, age[lo:hi], sex[lo:hi])
        for h in range(blocks[b], blocks[b + 1]):
            tie_household(start[h], shapes[templates[h]], age, sex, partner, mother, father)


@njit
def join_apart(b_lo, b_hi, blocks, start, words, share, gap, age, sex, household, partner, mother, father):
    """Pair women and men of a block who have no partner, in order of age, when they live apart and are not kin."""
    for b in range(b_lo, b_hi):
        lo, hi = start[blocks[b]], start[blocks[b + 1]]
        begin = np.zeros((2, MONTHS + 1), np.int64)
        for i in range(lo, hi):
            if partner[i] < 0 and 312 <= age[i] < 780 and words[i] < share:
                begin[sex[i], age[i] + 1] += 1
        for s in range(2):
            for m in range(MONTHS):
                begin[s, m + 1] += begin[s, m]
        order = np.empty((2, max(begin[0, MONTHS], begin[1, MONTHS])), np.int32)
        for i in range(lo, hi):
            if partner[i] < 0 and 312 <= age[i] < 780 and words[i] < share:
                order[sex[i], begin[sex[i], age[i]]] = i
                begin[sex[i], age[i]] += 1
        f = m = 0
        while f < begin[0, MONTHS] and m < begin[1, MONTHS]:
            i, j = order[0, f], order[1, m]
            difference = np.int64(age[j]) - age[i]
            if difference < gap - 48:
                m += 1
            elif difference > gap + 48:
                f += 1
            else:
                is_kin = household[i] == household[j] or (mother[i] >= 0 and mother[i] == mother[j])
                is_kin = is_kin or mother[i] == j or mother[j] == i or father[i] == j or father[j] == i
                if not is_kin and can_wed(i, j, age, sex):
                    partner[i], partner[j] = j, i
                f += 1
                m += 1
