"""Offences at a given personal rate: the plain conduct of abstract worlds (SCS-mini, closed forms)."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import cache

import numpy as np

from ...base.exact import frozen
from ...base.luck import ONE
from ...base.parameters import FACTOR_ONE, Parameters, factor
from ...engine.declare import Occasions, mechanism

LEVELS = 4096
GRID_SHIFT = 19
"""2^31 = LEVELS * 2^GRID_SHIFT."""
MOST = 12
"""More than this many offences in a month are counted as this many."""


@cache
def tails() -> np.ndarray:
    """Tabulate P(N >= k) for Poisson N as thresholds, by P(N >= 1) on a grid of LEVELS, in exact decimal arithmetic: floats differ between processors.

    Row k-2 holds k = 2..MOST; the last column stands for certainty.
    """
    found = np.full((MOST - 1, LEVELS + 1), ONE, np.int64)
    with localcontext() as exact:
        exact.prec = 30
        for cell in range(LEVELS):
            none = 1 - Decimal(cell) / LEVELS
            rate, term, tail = -none.ln(), none, 1 - none
            for k in range(1, MOST):
                term = term * rate / k
                tail -= term
                found[k - 1, cell] = int((tail * ONE).to_integral_value(ROUND_HALF_EVEN))
    return frozen(found)


class Params(Parameters):
    listed_factor = factor("multiplies the rate of a person who is listed; at most 1")

    @classmethod
    def compile(cls, plain):
        """Compile, and refuse a factor that would add offences: those of the listed can only be thinned."""
        made = super().compile(plain)
        if made.listed_factor > FACTOR_ONE:
            raise ValueError("listed_factor: is above 1, and offences of the listed can only be fewer")
        return made


@mechanism(
    "conduct.offence",
    on=Occasions("offence", column="persons.rate"),
    params=Params,
    reads=("persons.rate", "persons.listed"),
    draws=("thin",),
    emits=("acts",),
)
def offence(occasions, cols, p, luck):
    """Each person offends at a personal Poisson rate; the number follows from the same word, so raising a rate only adds offences.

    The person's column is the threshold t of at least one offence; who is screened has one. There are at least k (k = 2, 3, ... 12) when there are at least
    k - 1, the screening word is below t x t >> 31, and it is below the Poisson chance of k or more: of 4,097 even values of t (certain at the last),
    rounded, with a line between neighbours (difference x the lowest 19 bits of t >> 19). Of the offences of a listed person each stays only if the word
    `thin` of the occasion, its number (from 0) as ordinal, is below `listed_factor`. Kind, cause and amount: as the occasion, 0, 0.
    """
    who = occasions.subject
    repeat = _counted(cols.persons.rate[who].astype(np.int64), occasions.word)
    listed = np.flatnonzero(cols.persons.listed[who[repeat]])
    if p.listed_factor < FACTOR_ONE and len(listed):
        rank = listed - np.searchsorted(repeat, repeat[listed])
        thin = np.zeros(len(repeat), bool)
        for k in range(int(rank.max()) + 1):
            at = listed[rank == k]
            thin[at] = luck.words("thin", repeat[at], k) >= (p.listed_factor * (ONE // FACTOR_ONE))
        repeat = repeat[~thin]
    return occasions.emit("acts", parent=repeat)


def _counted(limit, word):
    """Repeat each position as often as its person offends: the quantile of the word that screened it.

    P(N >= 2) <= P(N >= 1)^2 for Poisson N, so most rows are settled by one product.
    """
    word = word.astype(np.int64)
    alive, parts = np.flatnonzero(word < (limit * limit) >> 31), [np.arange(len(limit))]
    for row in tails():
        if not len(alive):
            break
        cell, rest = limit[alive] >> GRID_SHIFT, limit[alive] & ((1 << GRID_SHIFT) - 1)
        below, above = row[cell], row[np.minimum(cell + 1, LEVELS)]
        alive = alive[word[alive] < below + ((above - below) * rest >> GRID_SHIFT)]
        if len(alive):
            parts.append(alive)
    return np.sort(np.concatenate(parts), kind="stable") if len(parts) > 1 else parts[0]
