"""Witnesses who report: neighbours and friends see an act, and some of them tell. A few name the wrong person.

A word belongs to each neighbour of an act; a friend has one word a month for each friend, however much that friend does.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import Parameters, count, factor, names, probability
from ...engine.declare import Rows, mechanism
from ..common import ALIVE, living, of_place, thinned
from ..kinds import FAULT, KIND
from ..tables_reports import MOTIVE
from ..ties import friends_now

WITNESS, SOUND, MISATTRIBUTED = MOTIVE.code("witness"), FAULT.code("sound"), FAULT.code("misattributed")


class Params(Parameters):
    kinds = names("kinds of acts that are reported", KIND, codes=True)
    witnesses = count("persons of the place who see an act, besides friends", unit="persons")
    tells = probability("chance that a neighbour who saw an act reports it, without a reward")
    friend_tells = probability("chance that a friend reports what the person did in a month, without a reward")
    pull = factor("multiplies both chances where reports are paid; 1 = not at all")
    mistakes = probability("share of those reports that name another person of the place", errorless=0)


@mechanism(
    "observe.witnesses",
    on=Rows("acts", kinds="kinds"),
    params=Params,
    reads=(*ALIVE, "persons.place", "places.start"),
    stores=("tie_changes",),
    networks=("friends",),
    draws=("neighbour", "tell", "friend", "mistake", "victim"),
    emits=("tips",),
    lagged=("tie_changes",),
)
def witnesses(acts, cols, p, luck):
    """Neighbours and friends report some of what they see, and a few name the wrong person.

    Each act has so many neighbours, by ordinal 0, 1, ...: one tells if the word `tell` of the act is below tells x pull; it is another person of the place
    (word `neighbour` by the act's id with the ordinal in bits 56 and up). Each friend there is now (`ties.friends_now`) tells if this month's word
    `friend`, by the number (friend << 31) + actor, is below friend_tells x pull. Reporters are adults, put in order of number by act. With the word
    `mistake`, by (reporter << 31) + actor, below mistakes, another person of the actor's place is named (word `victim` by that number); nobody reports
    himself.
    """
    at, reporter = _neighbours(acts, cols, p, luck)
    friend_at, friend = _friends(acts, cols, p, luck)
    at, reporter = np.concatenate([at, friend_at]), np.concatenate([reporter, friend])
    alive = living(cols, reporter)
    order = np.lexsort((reporter[alive], at[alive]))
    at, reporter = at[alive][order], reporter[alive][order]
    actor = acts.subject[at]
    subject, ids = actor.copy(), (reporter << 31) | actor
    wrong = luck.at("mistake", ids) < p.mistakes if p.mistakes else np.zeros(len(at), bool)
    hit = np.flatnonzero(wrong)
    if len(hit):
        subject[hit] = cols.pick(*of_place(cols, actor[hit]), luck.key("victim"), ids[hit], actor[hit])
    kept = (subject >= 0) & (subject != reporter)
    fault = np.where(wrong, MISATTRIBUTED, SOUND)
    told = {"reporter": reporter[kept], "motive": WITNESS, "true_actor": actor[kept], "fault": fault[kept]}
    return acts.emit("tips", subject=subject[kept], parent=at[kept], **told)


def _neighbours(acts, cols, p, luck):
    """Let each of the neighbours who see an act tell or not; who that is, is drawn only for those who tell."""
    chance, found = int(thinned(p.tells, p.pull)), [(np.empty(0, np.int64), np.empty(0, np.int64))]
    everything = np.arange(len(acts))
    for trial in range(p.witnesses if chance else 0):
        at = np.flatnonzero(luck.words("tell", everything, trial) < chance) if chance < ONE else everything
        who = cols.pick(*of_place(cols, acts.subject[at]), luck.key("neighbour"), acts.id[at] ^ (trial << 56), acts.subject[at])
        found.append((at[who >= 0], who[who >= 0]))
    return tuple(np.concatenate(parts) for parts in zip(*found, strict=True))


def _friends(acts, cols, p, luck):
    """Let friends tell."""
    chance = int(thinned(p.friend_tells, p.pull))
    if not chance or not len(acts):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    source, friend = friends_now(cols, acts.subject)
    friend = friend.astype(np.int64)
    tells = luck.at("friend", (friend << 31) | acts.subject[source]) < chance
    return source[tells], friend[tells]
