"""Numba kernels for the network of kin."""

from __future__ import annotations

from scslab.base.jit import njit

PARTNER, PARENT, KID, SIBLING = 0, 1, 2, 3


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
