"""A list whose rule reads a score together with the neighbours' mean (guilt by association; SCS-mini)."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, duration, points, weight
from ...engine.declare import Changed, mechanism

FULL = 1 << 16


class Params(Parameters):
    start = points("score of a person without records, as in the ledger")
    recovery = points("points a month by which a score below the start recovers, as in the ledger")
    cut = points("listed when the effective score is below")
    neighbours = weight("weight of the neighbours' mean deviation from the start")
    term = duration("months on the list")


def reach(cols, p):
    """Bound the stored score above which nobody can fall below the cut, however low the neighbours' scores are.

    own + w * mean >= own + w * (lowest score of all), and the latter is not below the cut. Where the lowest score alone can bring somebody at the start
    below the cut there is no such bound: a score stops at the start, so however long ago it recovered, it is no higher.
    """
    if p.neighbours < 0:
        return 1 << 30
    worst = min(int(cols.persons.score.min()) + p.recovery * cols.month, 0)
    above = ((p.cut - p.start) * FULL - p.neighbours * worst) // FULL + 1
    return 1 << 30 if above > 0 else above - p.recovery * cols.month


@mechanism(
    "decide.network_list",
    on=Changed("score", through="friends", column="persons.score", reach=reach),
    params=Params,
    reads=("persons.score", "persons.listed"),
    networks=("friends",),
    emits=("entries",),
)
def network_list(touched, cols, p, luck):
    """Whoever's score, read together with the neighbours' mean, falls below the cut is put on the list.

    Scores must not rise above the start: the neighbours' sum reads the closed form min(0, stored + recovery * month).

    Woken are those whose score changed and their friends. Who is on no list at all (`persons.listed`) and has friends is entered if the own deviation x
    number of friends + neighbours x sum of the friends' is below (cut - start) x number of friends, each read as min(0, stored + recovery x month).
    """
    score, friends, add = cols.persons.score, cols.networks.friends, p.recovery * cols.month
    if touched.is_range:
        hit = friends.rows_below(touched.lo, touched.hi, score, add, 0, cols.persons.listed, p.neighbours, p.cut - p.start)
        return touched.emit("entries", parent=hit, list=cols.label, until=cols.month + p.term)
    who = touched.subject
    own = np.minimum(0, score[who].astype(np.int64) + add)
    maybe = np.flatnonzero(cols.persons.listed[who] == 0)
    who, own = who[maybe], own[maybe]
    degree = friends.degree(who)
    total = friends.sum(who, score, add, 0)
    low = own * degree * FULL + p.neighbours * total < (p.cut - p.start) * degree * FULL
    return touched.emit("entries", parent=maybe[low], list=cols.label, until=cols.month + p.term)
