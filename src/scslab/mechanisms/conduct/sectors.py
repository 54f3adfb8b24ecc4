"""Breaches of the rules of a trade or place: tax, customs, pollution, food, wages, flights, trains, tourism, overloading, hospitals...

One occasion for all of them, screened once a month; what comes of it has a word of its own for each kind, so that the rate of one kind
moves no other. Sums involved double from step to step, because small cases are many and large ones few.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, names, probability, share, yearly_rate, yuan
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, DRIVER, STATUS, adults, between, cut_to_int32, shares, standing, thinned, times
from ..kinds import CAUSE, KIND, QUINTILE, SECTORS

OFFICER = 2
"""Bit of `persons.role`: officer of a firm."""
WILL = CAUSE.code("will")
CODES = KIND.codes(SECTORS)
ONE = 1 << 31


class Params(Parameters):
    occasions = yearly_rate("occasions to break a rule of one's trade, or of a place one visits, of the least conscientious person")
    breaches = probability("share of those occasions used for a breach, by kind and status", by=(KIND, STATUS), partial=0)
    officers = probability("what officers of firms add to that share, by kind", by=KIND, partial=0)
    exposure = share("how often people of a quintile are in such a place, by kind, as a share of those who are most often", by=(KIND, QUINTILE), partial=1)
    drivers_only = names("kinds that only licensed drivers commit", KIND, codes=True, default=())
    smallest = yuan("smallest sum or damage, by kind", by=KIND, partial=0)
    doublings = count("how often that sum may double, each number of times as likely as the others, by kind", unit="doublings", by=KIND, partial=0)


@mechanism(
    "conduct.sectors",
    on=Occasions("sector_matter", rate="occasions", trait="persons.conscientiousness", share=lambda p: shares(ONE, "falling", 2), able=adults),
    params=Params,
    reads=(*ALIVE, "persons.education", "persons.status", "persons.quintile", "persons.role"),
    draws=("act", "size"),
    emits=("acts",),
    quantities=tuple(f"conduct.{kind}" for kind in SECTORS),
)
def sectors(rows, cols, p, luck):
    """Traders and officers cheat on tax, wages and goods, passengers and patients misbehave: the less conscientious more often.

    Adults meet the occasion with its rate x falling conscientiousness squared. Who meets it may commit each of the fourteen kinds, apart: `breaches` of
    kind and status, plus `officers` for officers of firms, at most 1; x `exposure` of kind and quintile; nothing for kinds of `drivers_only` without a
    licence; x `conduct.KIND`. The word `act` with the kind's code as ordinal decides. The amount is `smallest` doubled 0 to `doublings` times, the word
    `size` (same ordinal) spread over them, cut to what the column holds; the cause is will. Those still at
    school have the status of minors, whatever they will be.
    """
    made = []
    for kind, table in zip(CODES, _chances(p), strict=True):
        quantity = f"conduct.{KIND.names[kind]}"
        lowered = cols.only_lowered(quantity)
        what = ("hits", luck.key("act"), int(kind), table.tobytes(), lowered)
        hit, word, chance = luck.once(what, lambda k=int(kind), t=table, low=lowered: _candidates(rows, k, t, low, cols, luck))
        moved = cols.moved(quantity, rows.subject[hit]) if len(hit) else None
        if moved is not None:
            hit = hit[word < thinned(chance, moved)]
        elif not lowered:
            hit = hit[word < chance]
        if len(hit):
            steps = between(luck.words("size", hit, int(kind)), 0, p.doublings[kind])
            made.append(rows.emit("acts", parent=hit, kind=int(kind), cause=WILL, amount=doubled(int(p.smallest[kind]), steps)))
    return made


def _candidates(rows, kind, table, lowered, cols, luck):
    """List who might do it, with word and chance: the same in every arm; where the chance is only ever lowered, those whose word is below it."""
    chance = table[luck.once(("sort of sectors",), lambda: _sort(rows.subject, cols))]
    able = np.flatnonzero(chance)
    word, chance = luck.words("act", able, kind), chance[able]
    if not lowered:
        return able, word, chance
    below = word < chance
    return able[below], word[below], chance[below]


def _sort(who, cols):
    """Number the sorts of persons: (officer, driver), quintile, status (that of minors for those at school)."""
    role = cols.persons.role[who]
    sort = ((role & OFFICER > 0) + 2 * (role & DRIVER > 0)) * len(QUINTILE.names) + cols.persons.quintile[who]
    return sort * len(STATUS.names) + standing(cols, who, "status")


def doubled(smallest, steps):
    """Double a sum so many times, cut to what a column holds; sums and steps are cut before, so that nothing runs over.

    Example:
        >>> doubled(1000, np.array([0, 3, 60])).tolist()
        [1000, 8000, 2147483647]
    """
    return cut_to_int32(np.int64(min(smallest, ONE - 1)) << np.minimum(steps, 31))


def _chances(p):
    """Tabulate the chance of each kind by sort of person: (officer, driver), quintile, status."""
    bits, quintile, status = (part.reshape(-1) for part in np.indices((4, len(QUINTILE.names), len(STATUS.names))))
    tables = []
    for kind in CODES:
        chance = np.minimum(p.breaches[kind, status] + np.where(bits & 1, p.officers[kind], 0), ONE)
        chance = times(chance, p.exposure[kind, quintile])
        tables.append(np.where(bits & 2, chance, 0) if kind in p.drivers_only else chance)
    return tables
