"""A platform score, afresh each month: five weighted factors on a scale with a lowest and a highest score (`decide.platform_score:PLATFORM`).

The weights are what consumer pages report; no platform has published its formula. History grows with the months of membership and falls
with a bad debt; relationships are the mean of the friends who are members, as far as the tie is not hidden from the platform.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import FACTOR_ONE, QUANTUM, Parameters, duration, names, points, share
from ...engine.declare import Each, mechanism
from ..platforms import FACTOR, TOP, of_platform
from ..ties import friends_now

COUNT_SHIFT = 40
"""Numbers of friends stand above this bit, sums of their scores, below 2^39 either way, under it."""

HISTORY, CAPACITY, BEHAVIOUR, IDENTITY, RELATIONSHIPS = range(len(FACTOR))


class Params(Parameters):
    low = points("lowest score")
    high = points("highest score")
    weights = share("weight of each factor; they are divided by their sum", by=FACTOR)
    new = share("history of a new member without bad debts; a full history is 1")
    full_after = duration("months of membership until the history is full")
    marked = share("most that a history is worth while the platform holds a bad debt")
    loyalty = share("part of behaviour that is spending with the platform itself")
    alone = share("relationships of a member none of whose friends is one")
    lists = names("labels of public lists that the platform looks at", default=())
    listed = points("points taken off for being on such a list")


@mechanism(
    "decide.platform_score",
    on=Each("memberships"),
    params=Params,
    stores=("platform_files", "listings", "tie_changes"),
    networks=("friends",),
    emits=("platform_scores",),
)
def platform_score(members, cols, p, luck):
    """Each month the platform weighs what it knows of each member; a score that changes is announced.

    Scored are members since two months or more. History is new + (1 - new) x months over full_after, at most 1, and at most `marked` while a file stands
    until after this month; behaviour is that read x (1 - loyalty) + loyalty read x loyalty; relationships the mean score of the friends shown who are
    members with a score, from low to high, or `alone` (also where it has no weight). All are over 2^16, and rounded down. The weighted sum over the sum of
    weights, from low to high, less `listed` for each list the member is on, at least low, is rounded to whole points, halves up.
    """
    at = of_platform(members, cols)
    at = at[members.since[at] < cols.month - 1]  # the data of the first month arrive with it
    who = members.subject[at]
    total = np.zeros(len(at), np.int64)
    for factor, value in enumerate(_factors(members, at, who, cols, p)):
        total += p.weights[factor] * value // ONE
    reach = total * ONE // max(int(p.weights.sum()), 1)
    score = p.low + (p.high - p.low) * reach // FACTOR_ONE
    for code in cols.codes(p.lists):
        score -= np.where(cols.stores.listings.has(who, int(code)), p.listed, 0)
    score = (np.maximum(score, p.low) + QUANTUM // 2) // QUANTUM * QUANTUM  # to the nearest point
    changed = score != members.score[at]
    return members.emit("platform_scores", parent=at[changed], list=cols.label, score=score[changed])


def _factors(members, at, who, cols, p):
    """Yield the value of each factor, over 2^16, in the order of their codes."""
    months = np.minimum(cols.month - members.since[at].astype(np.int64), p.full_after)
    history = p.new + (ONE - p.new) * months // max(p.full_after, 1)
    files = cols.stores.platform_files
    file = files.find(who, cols.label)
    bad = file >= 0
    bad[bad] = files.until[file[bad]] > cols.month
    yield np.where(bad, np.minimum(history, p.marked), history) * FACTOR_ONE // ONE
    read = {name: getattr(members, name)[at].astype(np.int64) * FACTOR_ONE // TOP for name in ("capacity", "behaviour", "identity", "loyalty")}
    yield read["capacity"]
    yield (read["behaviour"] * (ONE - p.loyalty) + read["loyalty"] * p.loyalty) // ONE
    yield read["identity"]
    yield _relationships(who, cols, p)


def _relationships(who, cols, p):
    """Average the scores of the friends who have one, on the platform's scale."""
    store, alone = cols.stores.memberships, p.alone * FACTOR_ONE // ONE
    if not p.weights[RELATIONSHIPS]:
        return np.full(len(who), alone)
    mine = np.flatnonzero(store.list == cols.label)
    if len(cols.stores.tie_changes):
        score = np.zeros(cols.people, np.int32)  # looked up by person, which is faster than searching the store for every friend
        score[store.subject[mine]] = store.score[mine]
        source, friend = friends_now(cols, who, shown=True)
        held = np.flatnonzero(score[friend])
        n, total = np.bincount(source[held], minlength=len(who)), np.zeros(len(who), np.int64)
        np.add.at(total, source[held], score[friend[held]])
    else:
        held = np.zeros(cols.people, np.int64)  # a score and, above it, one for having it: one walk sums and counts
        held[store.subject[mine]] = store.score[mine] + ((store.score[mine] > 0).astype(np.int64) << COUNT_SHIFT)
        found = cols.networks.friends.sum(who, held)
        n = (found + (1 << COUNT_SHIFT - 1)) >> COUNT_SHIFT
        total = found - (n << COUNT_SHIFT)
    share = (total - n * p.low) * FACTOR_ONE // np.maximum(n * (p.high - p.low), 1)
    return np.where(n > 0, share, alone)
