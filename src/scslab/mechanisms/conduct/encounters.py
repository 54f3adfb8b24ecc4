"""Encounters of peers: somebody could use a little help; others give it to those who are well rated (the donation game of reciprocity)."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, choice, points, probability, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, adults, living, of_place
from ..peers import ENCOUNTERS, stars

assert ENCOUNTERS


class Params(Parameters):
    looks_at = choice("what people go by: the public standing, their own opinion, or the stars shown", ("standing", "opinion", "stars"))
    meetings = yearly_rate("encounters a year in which a person could help somebody")
    slips = probability("chance that a person who means to help fails to")
    cut = points("stars from which somebody is helped (where stars are gone by)")


@mechanism(
    "conduct.encounters",
    on=Occasions("encounter", rate="meetings", able=adults),
    params=Params,
    reads=(*ALIVE, "persons.place", "places.start", "persons.standing", "persons.stars"),
    stores=("opinions",),
    networks=("friends",),
    draws=("whom", "slip"),
    emits=("encounters",),
)
def encounters(rows, cols, p, luck):
    """People meet others of the place, or those they have an opinion of, and help whom they think well of.

    Adults only. The other is chosen by `cols.pick` of the place by the row's id (standing, stars), or, where own opinions count, among the friends: the word
    `whom` x their number >> 31, in the order of the network. Where that is nobody, or no living adult, nobody is met. Well thought of is, by `looks_at`, whose
    standing is good, of whom one holds no bad opinion, or who has `cut` stars or more. Who thinks well helps, unless the word `slip` is below `slips`.
    """
    at, who = np.arange(len(rows)), rows.subject
    other = _friend(rows, at, cols, luck) if p.looks_at == "opinion" else _anybody(rows, at, cols, luck)
    met = np.flatnonzero(other >= 0)
    met = met[living(cols, other[met])]
    at, who, other = at[met], who[met], other[met]
    if p.looks_at == "opinion":
        good = ~cols.stores.opinions.has(who, other)
    elif p.looks_at == "standing":
        good = cols.persons.standing[other] > 0
    else:
        good = cols.persons.stars[other] >= stars(p.cut)
    helped = good & ~luck.below("slip", p.slips, at)
    return rows.emit("encounters", parent=at, other=other, helped=helped)


def _anybody(rows, at, cols, luck):
    """Choose another person of the same place."""
    who = rows.subject[at]
    return cols.pick(*of_place(cols, who), luck.key("whom"), rows.id[at], who)


def _friend(rows, at, cols, luck):
    """Choose one of the friends, -1 where there is none."""
    source, friend, _ = cols.networks.friends.expand(rows.subject[at])
    degree = np.bincount(source, minlength=len(at))
    first = np.cumsum(degree) - degree
    chosen = first + (luck.words("whom", at).astype(np.int64) * degree >> 31)
    found = np.full(len(at), -1, np.int64)
    some = degree > 0
    found[some] = friend[chosen[some]]
    return found
