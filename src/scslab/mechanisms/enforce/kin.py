"""Measures on kin and friends: those near a restricted person bear some of the measures, by relation; nobody else is asked.

`enforce.measures` says for which listings a measure is carried out against kin (`spill`); here stands whom it reaches.
The store `kin_burdens` holds one row per person reached. Measures on schooling reach minors only. Relatives born or
grown up while a listing lasts are found by a yearly check.

Two forms of exposure: `relatives` reaches them wherever they live, as a family register allows; `household` only those who live with the
restricted person, as a household register or a visit does. Friends are reached a month later, where the rules name measures for them.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, choice, names
from ...engine.declare import Changed, Each, Rows, Store, mechanism, table
from ..common import ADULT, ALIVE, age_years, bits_in, living
from ..kinds import BASIS, MEASURE, RELATION

KIN, ASSOCIATE = BASIS.code("kin"), BASIS.code("associate")
SCHOOL = 1 << MEASURE.code("private_school")
FRIEND = len(RELATION)
INVERSE = np.append(RELATION.codes(("partner", "child", "parent", "sibling")), FRIEND)
"""What a person is to somebody who is to the person what the index says."""

table("kin_checks", {}, {}, "The yearly look at a relative of a restricted person.")


class Params(Parameters):
    form = choice("whom a measure reaches: relatives wherever they live, or those of the same household", ("relatives", "household"), default="relatives")
    partner = names("measures that reach the partner", MEASURE, codes=True, default=())
    parent = names("measures that reach parents", MEASURE, codes=True, default=())
    child = names("measures that reach children", MEASURE, codes=True, default=())
    sibling = names("measures that reach siblings", MEASURE, codes=True, default=())
    friend = names("measures that reach friends", MEASURE, codes=True, default=())


@mechanism(
    "enforce.kin",
    on=(Changed("spill", through="kin"), Rows("kin_checks"), Each("kin_burdens"), Each("burdens", every=12)),
    params=Params,
    reads=(*ALIVE, "persons.household"),
    owns=(Store("kin_burdens", {"mask": "int64", "since": "int16", "source": "int32"}, {}, "Measures that a person bears for relatives"),),
    networks=("kin", "friends"),
    emits=("measures", "measure_ends", "kin_checks"),
    lagged=("kin_checks", "kin_burdens"),
)
def kin(batch, cols, p, luck):
    """Relatives and friends bear what the listings near them bring; say which of these measures begin and end.

    Looked at: those whose spill mask changed and their kin, those with a row in kin_checks, those who bear something; each once, as the first of
    these. A person bears, joined over all rows in burdens of each relative (and friend, where measures for friends are named), the spilled measures
    that reach what the person is to that relative; schooling only below 18; the dead and unborn nothing; in the form household only from those of the
    same household. Measures that begin name the first relative (kin before friends, in order of the network, then by list) who brings them, with that
    row's truth and list; basis associate for a friend, else kin. Measures are dealt with in order of their codes, and a change keeps the last
    relative named as its source. Those that end name the source kept so far (-1 for none); their basis is kin where that is a relative, or none, else
    associate. Each January the kin of everybody who spills (and friends, where named) get a row in kin_checks for next month; friends also when
    someone looked at because of a change has a row in burdens.
    """
    made, seen = [], np.empty(0, np.int64)
    for rows in (batch.spill, batch.kin_checks, batch.kin_burdens):
        subject, first = np.unique(rows.subject, return_index=True)
        new = ~np.isin(subject, seen)
        seen = np.union1d(seen, subject)
        made += _weigh(rows, first[new], cols, p)
    spilling = np.flatnonzero(batch.burdens.spill) if len(batch.burdens) else np.empty(0, np.int64)
    if len(spilling):
        made += _checks(batch.burdens, spilling, cols.networks.kin)
        made += _checks(batch.burdens, spilling, cols.networks.friends) if len(p.friend) else []
    if len(p.friend) and len(batch.spill):
        made += _checks(batch.spill, np.flatnonzero(cols.stores.burdens.count(batch.spill.subject) > 0), cols.networks.friends)
    return made


def _checks(rows, at, network):
    """Have the neighbours of the subjects at these positions looked at next month."""
    source, target, _ = network.expand(rows.subject[at])
    return [rows.emit("kin_checks", subject=target, parent=at[source], kind=0)]


def _near(cols, who, p):
    """List who is near to whom: (position in `who`, person near, relation of that person); friends only where rules name them."""
    tie, near, relation = cols.networks.kin.expand(who)
    if not len(p.friend):
        return tie, near, relation
    more, friend, _ = cols.networks.friends.expand(who)
    relation = np.concatenate([relation.astype(np.int64), np.full(len(friend), FRIEND)])
    return np.concatenate([tie, more]), np.concatenate([near, friend]), relation


def _weigh(rows, at, cols, p):
    """Compare what each person bears for relatives now with what the book says, and emit the differences."""
    who, store, burdens = rows.subject[at], cols.stores.kin_burdens, cols.stores.burdens
    if not len(who):
        return []
    tie, relative, relation = _near(cols, who, p)
    pair, held = burdens.of(relative)
    owner, reach = tie[pair], _reach(p)[INVERSE[relation[pair]]]
    bits = burdens.spill[held] & reach & _felt(cols, who)[owner]
    if p.form == "household":
        home = cols.persons.household
        bits = np.where(home[who[owner]] == home[relative[pair]], bits, 0)
    after = np.zeros(len(who), np.int64)
    np.bitwise_or.at(after, owner, bits)
    here = store.find(who)
    before = np.where(here >= 0, store.mask[here], 0) if len(store) else np.zeros(len(who), np.int64)
    made, source = [], np.where(here >= 0, store.source[here], -1).astype(np.int64) if len(store) else np.full(len(who), -1)
    basis = _basis(who, source, tie, relative, relation)
    for measure in bits_in(before ^ after):
        begun = ((after & ~before) >> measure & 1)[owner] & (bits >> measure & 1)
        hit = np.flatnonzero(begun)
        if len(hit):
            person, first = np.unique(owner[hit], return_index=True)
            hit = hit[first]
            source[person] = relative[pair[hit]]
            by = np.where(relation[pair[hit]] == FRIEND, ASSOCIATE, KIN)
            begins = {"measure": measure, "basis": by, "source": source[person], "list": burdens.list[held[hit]]}
            made.append(rows.emit("measures", parent=at[person], kind=0, carry=(burdens, held[hit]), **begins))
        ended = np.flatnonzero((before & ~after) >> measure & 1)
        if len(ended):
            ends = {"measure": measure, "basis": basis[ended], "source": source[ended], "list": 0}
            made.append(rows.emit("measure_ends", parent=at[ended], kind=0, **ends))
    changed = before != after
    store.drop(here[changed & (here >= 0)])
    kept = np.flatnonzero(changed & (after != 0))
    store.put(rows, at[kept], mask=after[kept], since=cols.month, source=source[kept])
    return made


def _basis(who, source, tie, near, relation):
    """Tell on which basis each person bears the measures known so far: a friend's sake where the one they come from is no relative."""
    is_kin = np.zeros(len(who), bool)
    is_kin[tie[(near == source[tie]) & (relation != FRIEND)]] = True
    return np.where(is_kin | (source < 0), KIN, ASSOCIATE)


def _reach(p):
    """Give the mask of measures that reach each relation, friends last."""
    return np.array([np.bitwise_or.reduce(1 << getattr(p, name), initial=0) for name in (*RELATION.names, "friend")], np.int64)


def _felt(cols, who):
    """Give the mask of measures that a person can feel: none for the dead and unborn, schooling for minors only."""
    felt = np.where(age_years(cols, who) < ADULT, -1, ~SCHOOL)
    return np.where(living(cols, who, 0), felt, 0)
