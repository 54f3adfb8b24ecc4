"""Ties that follow scores: people drop or hide friends who stand lower than they do, and look for new ones who stand no lower.

Both who looks and who is found must agree to a new friendship. Each tie has its own word, so that one more friend moves no other tie.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import choice, count, points, probability, yearly_rate
from ...engine.declare import Occasions, mechanism
from ...engine.rows import pack_ids
from ..common import ALIVE, adults, living, of_place
from ..standing import READS, STORES, StandingParams, standing
from ..ties import CHANGE, friends_now, tie_ids

CUTS, MAKES, HIDES = (CHANGE.code(name) for name in ("cut", "made", "hidden"))


class Params(StandingParams):
    reviews = yearly_rate("occasions at which a person looks over the own friendships")
    burden = choice(
        "who is a burden: who stands lower than oneself, or who stands low (below `start`), whoever looks", ("lower", "low"), default="lower"
    )
    gap = points("a friend who stands lower by more than this is a burden; a stranger who stands so much lower or higher is not looked for")
    cuts = probability("chance that a friend who is a burden is dropped, at each look")
    hides = probability("chance that a burden who is not dropped is kept out of sight: platforms and others no longer see the tie")
    seeks = probability("chance of looking for a new friend, at each look")
    tries = count("persons of the place looked at for one new friendship", unit="persons")


@mechanism(
    "respond.tie_sorting",
    on=Occasions("tie_review", rate="reviews", able=adults),
    params=Params,
    reads=(*ALIVE, *READS, "persons.place", "places.start"),
    stores=(*STORES, "tie_changes"),
    networks=("friends",),
    draws=("cut", "hide", "seek", "whom"),
    emits=("tie_orders",),
)
def tie_sorting(rows, cols, p, luck):
    """People look over their friends, drop or hide those who stand low, and look for others who do not.

    Adults only. The standing of a person is `start`, changed by `source`: plus what the ledger score deviates from its own start (one below it has
    recovered `recovery` a month); or the platform's score, where there is one and it is shown, in place of `start`; or the stars (in points); and less
    `listed` for each list the person is on. A burden is a living adult friend (friends now, hidden ones too) whom one's own standing (`lower`), or `start`
    (`low`), exceeds by more than `gap`. The words `cut` and, if that fails, `hide`, of the two (the smaller number << 31 | the larger) decide.
    Where the word `seek` is below `seeks`, up to `tries` persons of the place are looked at, each by `cols.pick` with the id person | month | number of the
    trial | 0 in the stream `whom`: the first who is a living adult, no friend now, and within `gap` either way gets an order of a tie made.
    """
    at, who = np.arange(len(rows)), rows.subject
    own = standing(cols, p, who)
    source, friend = friends_now(cols, who)
    measure = own[source] if p.burden == "lower" else p.start
    burden = (measure - standing(cols, p, friend) > p.gap) & living(cols, friend)
    source, friend = source[burden], friend[burden]
    ids = tie_ids(who[source], friend)
    drops = luck.at("cut", ids) < p.cuts
    hides = ~drops & (luck.at("hide", ids) < p.hides)
    made = [
        rows.emit("tie_orders", parent=at[source[which]], kind=0, other=friend[which], change=change)
        for which, change in ((drops, CUTS), (hides, HIDES))
    ]
    return [*made, _seek(rows, at, own, cols, p, luck)]


def _seek(rows, at, own, cols, p, luck):
    """Look at a few persons of the place, and befriend the first who agrees."""
    seeks = np.flatnonzero(luck.below("seek", p.seeks, at))
    at, own = at[seeks], own[seeks]
    who, found = rows.subject[at], np.full(len(at), -1, np.int64)
    start, size = of_place(cols, who)
    for trial in range(p.tries):
        left = np.flatnonzero(found < 0)
        if not len(left):
            break
        ids = pack_ids(who[left], cols.month, trial % 256)
        other = cols.pick(start[left], size[left], luck.key("whom"), ids, who[left])
        left, other = left[other >= 0], other[other >= 0]
        agrees = living(cols, other) & (np.abs(standing(cols, p, other) - own[left]) <= p.gap) & ~_are_friends(cols, who[left], other)
        found[left[agrees]] = other[agrees]
    new = found >= 0
    return rows.emit("tie_orders", parent=at[new], kind=0, other=found[new], change=MAKES)


def _are_friends(cols, who, other):
    """Tell which pairs are friends already."""
    source, friend = friends_now(cols, who)
    known = np.zeros(len(who), bool)
    known[source[friend == other[source]]] = True
    return known
