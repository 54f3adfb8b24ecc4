"""What favours bring: how far up the ledger those rise whose good records were written by an official, and who stands on a list of the praised.

Once a year everybody who ever had a favour is ranked twice among those with a score: with the score held, and with the score
without unsound records (`measure.sound_ledger`). Takes the parameters of `decide.ledger`, as that recorder does.
"""

from __future__ import annotations

import numpy as np

from ...engine.declare import Each, Rows, Store, mechanism
from ..common import ALIVE, living
from ..scores import ENROLLED, LedgerParams, deviation
from ..tables_registry import BY, WHOSE
from ..wrongfulness import is_praise

FAVOUR = BY.code("favour")
EVERY, LOOK = 12, 11
"""The look is in December."""


class Params(LedgerParams):
    """Those of the ledger itself."""


@mechanism(
    "measure.favours",
    on=(Rows("alterations"), Each("favoured"), Each("listings")),
    params=Params,
    reads=(*ALIVE, "persons.enrolled", "persons.score", "persons.sound_score"),
    owns=(Store("favoured", {"whose": "uint8"}, {}, "Persons for whom an official did a favour"),),
    lagged=("favoured",),
    tallies=("favours", "first_favoured", "ranked", "rank_gained", "praised_seen", "praised_favoured"),
)
def favours(batch, cols, p, luck):
    """Count favours, and compare once a year the ranks of the favoured with those they would have without."""
    new, held, store, made = batch.alterations, batch.favoured, cols.stores.favoured, []
    if len(new):
        at = np.flatnonzero(new.by == FAVOUR)
        made += [new.tally(f"favours.{WHOSE.names[code]}", at[new.whose[at] == code]) for code in np.unique(new.whose[at])]
        who, first = np.unique(new.subject[at], return_index=True)
        fresh = at[first[~store.has(who)]]
        store.put(new, fresh)
        made.append(new.tally("first_favoured", fresh))
    if cols.month % EVERY != LOOK:
        return made
    if len(held):
        at = np.flatnonzero(living(cols, held.subject) & _scored(cols, held.subject, p))
        made += _ranks(held, at, cols, p)
    return made + _praised(batch.listings, store) if len(store) else made


def _scored(cols, who, p):
    return cols.persons.enrolled[who] == ENROLLED if p.enrolled_only else np.ones(len(who), bool)


def _ranks(held, at, cols, p):
    """Tally how many thousandths of those with a score each favoured person has overtaken by unsound records."""
    everybody = np.arange(cols.people)
    everybody = everybody[living(cols, everybody) & _scored(cols, everybody, p)]
    ladder = np.sort(deviation(cols.persons.score[everybody], cols.month, p.recovery))
    who = held.subject[at]
    ranks = []
    for score in (cols.persons.score, cols.persons.sound_score):
        value = deviation(score[who], cols.month, p.recovery)
        ranks.append((np.searchsorted(ladder, value, "left") + np.searchsorted(ladder, value, "right")) // 2)
    gained = (ranks[0] - ranks[1]) * 1000 // max(len(ladder), 1)
    made = [held.tally("ranked", at), held.tally("rank_gained", at, gained)]
    for code in np.unique(held.whose[at]):
        mine = np.flatnonzero(held.whose[at] == code)
        made += [held.tally(f"ranked.{WHOSE.names[code]}", at[mine]), held.tally(f"rank_gained.{WHOSE.names[code]}", at[mine], gained[mine])]
    return made


def _praised(listings, favoured):
    """Tally who is on a list of the praised, and who of them was favoured."""
    at = np.flatnonzero(is_praise(listings)) if len(listings) else np.empty(0, np.int64)
    who, first = np.unique(listings.subject[at], return_index=True)
    return [listings.tally("praised_seen", at[first]), listings.tally("praised_favoured", at[first[favoured.has(who)]])]
