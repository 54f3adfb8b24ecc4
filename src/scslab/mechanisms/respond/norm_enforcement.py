"""Punishing breaches of a group's norm, and, under a metanorm, punishing those who saw one and let it pass (Axelrod 1986).

Everybody else of the place sees a breach with the chance that it is seen by; the vengeful punish. Both cost the one who punishes.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, flag, points
from ...engine.declare import Pool, mechanism
from ..common import ALIVE, EVERYBODY, living
from ..norms import CHANCES, THRESHOLD, TOLLS, VENGEFULNESS, check_groups, sighting_ids, vengeful

assert TOLLS


class Params(Parameters):
    meta = flag("whoever saw a breach and let it pass may be seen doing so, and punished, in turn")
    punished = points("what being punished takes")
    punishing = points("what punishing takes from the one who does")
    everybody = EVERYBODY * CHANCES


@mechanism(
    "respond.norm_enforcement",
    on=Pool("norm_breaches", capacity="everybody"),
    params=Params,
    reads=(*ALIVE, "persons.place", "places.start", *VENGEFULNESS),
    draws=("see", "punish", "see_lapse", "punish_lapse"),
    emits=("norm_tolls",),
)
def norm_enforcement(breaches, cols, p, luck):
    """Who sees a breach punishes it or not, by vengefulness; under a metanorm those who did not are watched too.

    Every other living adult of the place sees a breach when the word `see` is below its `open`, and then punishes it when the word `punish` is below level / 7
    of vengefulness (levels as in `conduct.temptation`). Who saw it and let it pass is, under `meta`, seen by each living adult of the place but these two and
    punished in the same way, by the words `see_lapse` and `punish_lapse` and the same `open`. The id of these words is place | actor | watched | watcher |
    chance, persons by their places in the group, 16, 12, 12, 12 and 4 bits. Whoever punished or was punished has one row of what it took in all, negative, kind
    none. Its cause is the first breach for which the person was punished; or else let one pass and was; or else punished; or else punished a lapse.
    """
    check_groups(cols.places.start)
    place = cols.persons.place[breaches.subject].astype(np.int64)
    adults = np.flatnonzero(living(cols, np.arange(cols.people)))
    adults = adults[adults < cols.places.start[-1]]
    angry = adults[vengeful(cols.persons, adults) > 0]  # the others punish nothing
    act, witness = _others(np.arange(len(breaches)), place, adults if p.meta else angry, cols, (breaches.subject, breaches.subject))
    saw, punished = _react(act, breaches.subject[act], witness, breaches, cols, luck, ("see", "punish"))
    harm, cost = [(act[punished], breaches.subject[act[punished]])], [(act[punished], witness[punished])]
    if p.meta:
        lax = saw & ~punished
        act, shirker = act[lax], witness[lax]
        lapse, watcher = _others(np.arange(len(act)), place[act], angry, cols, (shirker, breaches.subject[act]))
        act, shirker = act[lapse], shirker[lapse]
        _, punished = _react(act, shirker, watcher, breaches, cols, luck, ("see_lapse", "punish_lapse"))
        harm.append((act[punished], shirker[punished]))
        cost.append((act[punished], watcher[punished]))
    return _tolls(breaches, harm, cost, p)


def _others(thing, place, members, cols, unless):
    """List those members of the place of each thing who are none of two persons: (position of the thing, person)."""
    start = np.searchsorted(members, cols.places.start)
    size = np.diff(start)[place]
    found = np.repeat(thing, size)
    person = members[np.arange(len(found)) + np.repeat(start[place] - (np.cumsum(size) - size), size)]
    kept = (person != unless[0][found]) & (person != unless[1][found])
    return found[kept], person[kept]


def _react(act, watched, watcher, breaches, cols, luck, draws):
    """Tell which watchers see what somebody did in connection with a breach, and which of them punish it."""
    actor = breaches.subject[act]
    place = cols.persons.place[actor].astype(np.int64)
    base = cols.places.start[place]
    ids = sighting_ids(place, actor - base, breaches.chance[act].astype(np.int64), watched - base, watcher - base)
    saw = luck.at(draws[0], ids) < breaches.open[act]
    seen = np.flatnonzero(saw)
    punished = np.zeros(len(act), bool)
    punished[seen] = luck.at(draws[1], ids[seen]) < THRESHOLD[vengeful(cols.persons, watcher[seen])]
    return saw, punished


def _tolls(breaches, harm, cost, p):
    """Add up what each person lost."""
    parts = [(*part, -points) for parts, points in ((harm, p.punished), (cost, p.punishing)) for part in parts]
    who = np.concatenate([persons for _, persons, _ in parts])
    subject, first, inverse = np.unique(who, return_index=True, return_inverse=True)
    total = np.zeros(len(subject), np.int64)
    np.add.at(total, inverse, np.concatenate([np.full(len(rows), points) for rows, _, points in parts]))
    return breaches.emit("norm_tolls", subject=subject, parent=np.concatenate([rows for rows, _, _ in parts])[first], kind=0, points=total)
