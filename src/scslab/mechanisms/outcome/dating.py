"""A dating service that shows those with a good score more often: who is noticed, by whom, and what comes of it.

Whom a seeker is shown first is the candidate with the lowest word; a boosted candidate has several words, so that it comes first that many
times as often, and one more candidate moves nobody else's. Couples are of the same place and of the two sexes, as in the world; weddings
are dated by the world and do not follow from dates.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import count, points, probability
from ...engine.declare import Pool, mechanism, table
from ..common import EVERYBODY
from ..standing import READS, STORES, StandingParams, standing
from ..ties import CHANGE, friends_now

MADE = CHANGE.code("made")
SEEKERS = table("date_seekers", {"boosted": "uint8"}, {}, "Somebody is on the dating service this month; boosted = shown more often for a good score.")
DATES = table(
    "dates", {"other": "int32", "boosted": "uint8", "agreed": "uint8"}, {}, "The subject is noticed by another; agreed = both would meet; boosted as above."
)


class Params(StandingParams):
    cut = points("score from which a profile is boosted")
    boost = count("times as often a boosted profile comes first; 1 = no boost", unit="times")
    gap = points("nobody meets a person who stands lower than oneself by more than this")
    sticks = probability("share of meetings from which a lasting friendship comes")
    everybody = EVERYBODY


@mechanism(
    "outcome.dating",
    on=Pool("date_requests", capacity="everybody"),
    params=Params,
    reads=(*READS, "persons.place", "persons.sex"),
    stores=(*STORES, "tie_changes"),
    networks=("friends",),
    draws=("show", "stick"),
    emits=("date_seekers", "dates", "tie_orders"),
    lagged=("tie_changes",),
)
def dating(asked, cols, p, luck):
    """Seekers notice the profile that comes first; profiles with a good score come first more often.

    The first request of each person counts. Who stands (as in `respond.tie_sorting`) at `cut` or higher is boosted. Each seeker notices one seeker of the
    place and the other sex: the one with the smallest word `show` of seeker << 31 | candidate, the smaller number first; a boosted one takes the smallest
    of `boost` words (ordinals 0, 1, ...; at least one word). The row of `dates` is about the one noticed; agreed when their standings are within `gap`. From
    one agreed, when the word `stick` of the seeker's request is below `sticks` and they are no friends now, comes an order of a tie made (kind none).
    """
    _, at = np.unique(asked.subject, return_index=True)
    who = asked.subject[at]
    stands = standing(cols, p, who)
    boosted = stands >= p.cut
    made = [asked.emit("date_seekers", parent=at, boosted=boosted)]
    seeker, shown = _first_shown(who, boosted, cols, p, luck)
    if not len(seeker):
        return made
    agreed = np.abs(stands[seeker] - stands[shown]) <= p.gap
    other = who[seeker]
    made.append(asked.emit("dates", subject=who[shown], parent=at[seeker], other=other, boosted=boosted[shown], agreed=agreed))
    stick = np.flatnonzero(agreed & luck.below("stick", p.sticks, at[seeker]))
    source, friend = friends_now(cols, other[stick])
    known = np.zeros(len(stick), bool)
    known[source[friend == who[shown[stick]][source]]] = True
    stick = stick[~known]
    made.append(asked.emit("tie_orders", parent=at[seeker[stick]], kind=0, other=who[shown[stick]], change=MADE))
    return made


def _first_shown(who, boosted, cols, p, luck):
    """Find for each seeker the candidate of the place and the other sex who comes first: positions (seeker, candidate)."""
    seeker, candidate = _pairs(cols.persons.place[who], cols.persons.sex[who])
    if not len(seeker):
        return seeker, candidate
    ids = (who[seeker] << 31) | who[candidate]
    word = luck.at("show", ids).astype(np.int64)
    for ticket in range(1, max(p.boost, 1)):
        more = np.flatnonzero(boosted[candidate])
        word[more] = np.minimum(word[more], luck.at("show", ids[more], ticket))
    order = np.lexsort((who[candidate], word, seeker))
    first = np.ones(len(order), bool)
    first[1:] = seeker[order[1:]] != seeker[order[:-1]]
    return seeker[order[first]], candidate[order[first]]


def _pairs(place, sex):
    """Pair everybody with everybody of the same place and the other sex."""
    seekers, candidates = [], []
    for one in np.unique(place):
        here = np.flatnonzero(place == one)
        women, men = here[sex[here] == 0], here[sex[here] == 1]
        for a, b in ((women, men), (men, women)):
            seekers.append(np.repeat(a, len(b)))
            candidates.append(np.tile(b, len(a)))
    return np.concatenate(seekers), np.concatenate(candidates)
