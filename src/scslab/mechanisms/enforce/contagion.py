"""Sanctions that spread: who is on a list exposes kin and friends to being listed too, month by month (`enforce.contagion:LIST`).

The contagion of Lum and others (2014), who followed imprisonment through families. The chance depends on the sex of the person listed and
on who the other is to them. Terms are equal, or Poisson numbers whose mean is gamma distributed. Exposure may also reach strangers of the
place: a branching process. Entries take effect in the month after.
"""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import FACTOR_ONE, Domain, Parameters, count, duration, factor, flag, probability
from ...engine.declare import Each, Occasions, mechanism
from ..common import ALIVE, living, of_place
from ..counts import mixture_table, poisson
from ..kinds import RELATION

TIE = Domain("tie", ("mother", "father", "sister", "brother", "partner", "daughter", "son", "friend_woman", "friend_man"))
"""Who the exposed person is to the person listed."""

FRIEND = len(RELATION)
TIES = np.array(
    [[TIE.code(name) for name in pair] for pair in (("partner",) * 2, ("mother", "father"), ("daughter", "son"), ("sister", "brother"),
                                                    ("friend_woman", "friend_man"))]
)  # fmt: skip
"""Codes of `TIE` by relation (friends last) and sex of the exposed."""


class Params(Parameters):
    from_woman = probability("chance a month that a listed woman's exposure lists another, by who that is to her", by=TIE, partial=0)
    from_man = probability("chance a month that a listed man's exposure lists another, by who that is to him", by=TIE, partial=0)
    strangers = factor("other persons of the place whom a listed person exposes in a month so that they are listed", unit="persons")
    background = probability("chance a month of being listed without any exposure")
    start_month = duration("month, counted from January 2000, in which a share is listed at once; null = never", allow_none=True)
    start_share = probability("share listed in that month")
    start_age_below = count("age from which on nobody is listed in that month", unit="years")
    age_min = count("youngest age at which a person is listed", unit="years")
    term = factor("mean term", unit="months")
    term_shape = factor("shape of the gamma law of mean terms; 0 = every term is the mean in whole months", unit="shape")
    again = flag("whether who was on the list before can be listed again")


@mechanism(
    "enforce.contagion",
    on=(Each("listings"), Occasions("contagion", rate="background"), Occasions("contagion_start", rate="start_share")),
    params=Params,
    reads=(*ALIVE, "persons.sex", "persons.place", "places.start"),
    stores=("listings", "former_listings"),
    networks=("kin", "friends"),
    draws=("kin", "friend", "strangers", "stranger", "term"),
    emits=("entries",),
)
def contagion(batch, cols, p, luck):
    """Each listed person exposes those near, and some are listed for it next month; a few are listed out of the blue.

    The listed come in order, first with their kin, then all with their friends, then with strangers, then those out of the blue, then those of the start. A
    tie is one if the word `kin`, or `friend`, of this month, by (listed << 32) + other, is below the chance. Strangers are a Poisson number
    (`counts.poisson`) by the word `strangers` of the listed, at most 255, each by the word `stranger` of (listed << 8) + its number from 0. Entered, once
    for each cause, is who lives, is of age, not on the list and, unless `again`, never was on it; the register lists each once. A term is the place of the
    word `term`, by person, in `counts.mixture_table`, else the mean in whole months, halves up; one of none enters nobody. It ends at month + 1 + term, at
    most 32,766.
    """
    listed = batch.listings
    mine = np.flatnonzero(listed.list == cols.label) if len(listed) else np.empty(0, np.int64)
    found = [(listed, *_near(listed, mine, cols, p, luck, network)) for network in ("kin", "friends")] if len(mine) else []
    if len(mine) and p.strangers:
        found.append((listed, *_strangers(listed, mine, cols, p, luck)))
    begins = batch.contagion_start if cols.month == p.start_month else None
    for rows, below in ((batch.contagion, NEVER), (begins, p.start_age_below)):
        if rows is not None and len(rows):
            young = cols.month - cols.persons.birth_month[rows.subject].astype(np.int64) < 12 * below
            at = np.flatnonzero(young)
            found.append((rows, at, rows.subject[at]))
    return _enter(found, cols, p, luck)


def _near(listed, mine, cols, p, luck, network):
    """List whom exposure reaches through a network: (positions of the listed, persons)."""
    who, sex = listed.subject[mine], cols.persons.sex
    source, target, relation = getattr(cols.networks, network).expand(who)
    relation = relation if network == "kin" else FRIEND
    tie = TIES[relation, sex[target]]
    limit = np.where(sex[who[source]] == 1, p.from_man[tie], p.from_woman[tie])
    some = np.flatnonzero(limit)
    pair = (who[source[some]] << 32) + target[some]
    hit = some[luck.at("kin" if network == "kin" else "friend", pair) < limit[some]]
    return mine[source[hit]], target[hit]


def _strangers(listed, mine, cols, p, luck):
    """Choose the strangers whom each listed person exposes: (positions of the listed, persons)."""
    who = listed.subject[mine]
    number = np.minimum(poisson(luck, "strangers", who, np.int64(p.strangers)), 255)
    source = np.repeat(np.arange(len(mine)), number)
    nth = np.arange(len(source)) - np.repeat(np.cumsum(number) - number, number)
    start, size = of_place(cols, who[source])
    other = cols.pick(start, size, luck.key("stranger"), (who[source] << 8) + nth, who[source])
    there = other >= 0
    return mine[source[there]], other[there]


def _enter(found, cols, p, luck):
    """Enter whoever may be listed for each cause; a step sees only some of the people, so that only the register can tell which comes first."""
    made = []
    for rows, parent, who in found:
        free = living(cols, who, p.age_min) & (cols.stores.listings.find(who, cols.label) < 0)
        if not p.again:
            free &= cols.stores.former_listings.find(who, cols.label) < 0
        at = np.flatnonzero(free)
        term = _terms(who[at], p, luck)
        at, term = at[term > 0], term[term > 0]
        until = np.minimum(cols.month + 1 + term, NEVER - 1)
        made.append(rows.emit("entries", subject=who[at], parent=parent[at], kind=0, list=cols.label, until=until))
    return made


def _terms(who, p, luck):
    """Draw whole months; a term of none is no listing."""
    if not p.term_shape:
        return np.full(len(who), (p.term + FACTOR_ONE // 2) // FACTOR_ONE, np.int64)
    return np.searchsorted(mixture_table(p.term_shape, p.term), luck.at("term", who), side="right")
