"""Numba kernels for kin beyond the household, and for the network of all kin."""

from __future__ import annotations

import numpy as np

from scslab.base.jit import njit
from scslab.base.luck_kernels import block

from .kernels_households import SIBLINGS, can_bear, mother_gap

PARTNER, PARENT, KID, SIBLING = 0, 1, 2, 3
_TRIES = np.array([0, 1, -1, 2, -2, 3, -3], np.int64)
YEARS = 120


@njit
def offer_mothers(lo, hi, age, sex, partner, k0, k1, ever, at_home):
    """List women of a block who have grown children elsewhere, by year of age, each as often as she has such children.

    Args:
        ever: int64 (YEARS,), mean children ever born, times 256, by a woman's age.
        at_home: int8 per person, children already tied to her.

    Returns:
        begin: int64 (YEARS + 1,), where each year's women start.
        women: int32, the women, first calls before second calls so that siblings lie apart.
    """
    begin = np.zeros(YEARS + 1, np.int64)
    calls = np.zeros(hi - lo, np.uint8)
    for i in range(lo, hi):
        if sex[i] == 0 and age[i] >= 408:
            w = block(k0, k1, np.uint64(i), np.uint64(0), np.uint64(0), np.uint64(7))
            # Two draws of half the mean each, so families differ in size.
            mean = ever[age[i] // 12]
            born = 0
            for j in range(2):
                born += np.int64((mean + np.int64((w[j] >> np.uint64(9)) & np.uint64(511))) // 512)
            spare = born - at_home[i]
            if spare > 0:
                calls[i - lo] = min(spare, 4)
                begin[age[i] // 12 + 1] += calls[i - lo]
    for y in range(YEARS):
        begin[y + 1] += begin[y]
    women = np.empty(begin[YEARS], np.int32)
    cursor = begin.copy()
    for call in range(4):
        for i in range(lo, hi):
            if calls[i - lo] > call:
                y = age[i] // 12
                women[cursor[y]] = i
                cursor[y] += 1
    return begin, women


@njit(inline="always")
def find_mother(i, want, begin, women, taken, age, sex, partner, mother, household):
    """Take the next woman of about the wanted age who can be a person's mother, or -1."""
    for t in range(len(_TRIES)):
        y = want + _TRIES[t]
        if y < 0 or y >= YEARS:
            continue
        at = begin[y] + taken[y]
        if at < begin[y + 1]:
            m = women[at]
            spouse_is_sibling = partner[i] >= 0 and mother[partner[i]] == m
            if can_bear(m, i, age, sex) and not spouse_is_sibling and household[m] != household[i]:
                taken[y] += 1
                return m
    return -1


@njit
def seek_parents(b_lo, b_hi, blocks, start, templates, shapes, household, numbers, ever, looking, far, shift, k0, k1,
                 age, sex, partner, mother, father, at_home):  # fmt: skip
    """Give adults without parents at home a mother (and her partner) in another household of this or a far block.

    Block b serves its own people and the far-seekers of block b - shift; each person is served by one block only, so the order of
    blocks and threads changes nothing.
    """
    k0, k1 = np.uint64(k0), np.uint64(k1)
    n_blocks = len(blocks) - 1
    for b in range(b_lo, b_hi):
        begin, women = offer_mothers(start[blocks[b]], start[blocks[b + 1]], age, sex, partner, k0, k1, ever, at_home)
        taken = np.zeros(YEARS, np.int64)
        for side in range(2):
            if side == 1 and n_blocks == 1:
                continue
            source = b if side == 0 else (b - shift) % n_blocks
            for i in range(start[blocks[source]], start[blocks[source + 1]]):
                if age[i] < 216 or age[i] > 1000:
                    continue
                w = block(k0, k1, np.uint64(i), np.uint64(0), np.uint64(0), np.uint64(8))
                is_far = np.int64(w[1] >> np.uint64(1)) < far and n_blocks > 1
                if (side == 1) != is_far or np.int64(w[0] >> np.uint64(1)) >= looking:
                    continue
                if mother[i] >= 0 or father[i] >= 0:
                    continue
                m = find_mother(i, (age[i] + mother_gap(w[2], numbers)) // 12, begin, women, taken, age, sex, partner, mother, household)
                if m >= 0:
                    mother[i] = m
                    f = partner[m]
                    if f >= 0 and can_bear(f, i, age, sex):
                        father[i] = f


@njit
def share_parents(start, templates, shapes, age, sex, partner, mother, father):
    """Give two siblings who live together the same parents, unless the second is married to a child of the first one's mother."""
    for h in range(len(templates)):
        if shapes[templates[h], SIBLINGS] == 1:
            a, b = start[h], start[h] + 1
            m = mother[a]
            is_in_law = partner[b] >= 0 and mother[partner[b]] == m
            if m >= 0 and not is_in_law and can_bear(m, b, age, sex):
                mother[b] = m
                father[b] = -1
                if father[a] >= 0 and can_bear(father[a], b, age, sex):
                    father[b] = father[a]


@njit
def chain_children(mother, father, first_m, next_m, first_f, next_f):
    """Chain the children of each mother, and of each father, in order of id."""
    for i in range(len(mother) - 1, -1, -1):
        m, f = mother[i], father[i]
        if m >= 0:
            next_m[i] = first_m[m]
            first_m[m] = i
        if f >= 0:
            next_f[i] = first_f[f]
            first_f[f] = i


@njit
def kin_rows(lo, hi, partner, mother, father, sex, first_m, next_m, first_f, next_f, offsets, target, relation, fill):
    """Count (`fill` false: into offsets[i+1]) or write (`fill` true) the kin of persons lo..hi.

    Siblings are those with the same mother, or with the same father where no mother is known; so the relation is symmetric.
    """
    for i in range(lo, hi):
        at = offsets[i] if fill else 0
        begin = at
        for r in range(3):
            j = partner[i] if r == 0 else (mother[i] if r == 1 else father[i])
            if j >= 0:
                if fill:
                    target[at] = j
                    relation[at] = PARTNER if r == 0 else PARENT
                at += 1
        j = first_m[i] if sex[i] == 0 else first_f[i]
        while j >= 0:
            if fill:
                target[at] = j
                relation[at] = KID
            at += 1
            j = next_m[j] if sex[i] == 0 else next_f[j]
        by_mother = mother[i] >= 0
        j = first_m[mother[i]] if by_mother else (first_f[father[i]] if father[i] >= 0 else -1)
        while j >= 0:
            if j != i and (by_mother or mother[j] < 0):
                if fill:
                    target[at] = j
                    relation[at] = SIBLING
                at += 1
            j = next_m[j] if by_mother else next_f[j]
        if not fill:
            offsets[i + 1] = at - begin


@njit
def count_children(mother, father, children):
    """Count each person's children."""
    for i in range(len(mother)):
        if mother[i] >= 0:
            children[mother[i]] += 1
        if father[i] >= 0:
            children[father[i]] += 1
