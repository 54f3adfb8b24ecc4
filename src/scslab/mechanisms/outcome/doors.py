"""The doors of daily life at which measures and perks bite: hotels, bookings, licences, tenders, hospitals, visas...

A person under a measure meets an occasion now and then, is refused, and bears a cost; a person with a perk meets one, uses it, and
gains. The word of an occasion depends on person, month and measure alone, so it is the same in every arm. Measures with a mechanism
of their own (flights, trains, loans, private schools, public posts) state no occasion here.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, names, share, yearly_rate, yuan
from ...engine.declare import Each, mechanism, table
from ...engine.rows import pack_ids
from ..common import ADULT, ALIVE, age_years, bits_in, cut_to_int32, first_rows, has_bit, living, masks, times
from ..kinds import BASIS, MEASURE, PERKS, QUINTILE

OWN, KIN = BASIS.code("own"), BASIS.code("kin")
PERK_CODES = frozenset(MEASURE.codes(PERKS).tolist())
MONTHS = 12

LOSSES = table("losses", {"measure": "uint8", "basis": "uint8", "amount": "int32"}, {}, "What a measure cost its bearer, in yuan.")
PERK_USES = table("perk_uses", {"measure": "uint8", "amount": "int32"}, {}, "A perk used; amount = what it was worth, in yuan.")


class Params(Parameters):
    occasions = yearly_rate("months with an occasion at which it bites, per year and person most often concerned, by measure or perk", by=MEASURE, partial=0)
    exposure = share("how often people of a quintile meet such an occasion, as a share of those who do most", by=(MEASURE, QUINTILE), partial=1)
    cost = yuan("what one occasion costs the refused, or is worth to the favoured, by measure or perk", by=MEASURE, partial=0)
    of_income = share("and what part of a month's income comes on top, by measure or perk", by=MEASURE, partial=0)
    of_minors = names("measures and perks whose occasions only minors meet; the others are met by adults", MEASURE, codes=True, default=())


@mechanism(
    "outcome.doors",
    on=(Each("burdens"), Each("kin_burdens")),
    params=Params,
    reads=(*ALIVE, "persons.quintile", "persons.income"),
    draws=("meet",),
    emits=("refusals", "losses", "perk_uses"),
)
def doors(batch, cols, p, luck):
    """People under a measure are refused and pay for it; people with a perk use it.

    By person, own measures, then those for kin's sake that are not own; in order of code. Adults meet occasions, minors those of measures of_minors;
    the dead none. Met when the word `meet` of the id subject | month | 0 | 0, with the measure's code as ordinal, is below occasions x exposure by
    quintile. The amount is cost + of_income x (yearly income // 12), rounded down. A perk is used; any other refuses, and the amount is lost.
    """
    made = []
    own, kin = batch.burdens, batch.kin_burdens
    for rows, store, basis in ((own, cols.stores.burdens, OWN), (kin, cols.stores.kin_burdens, KIN)):
        if not len(rows):
            continue
        at = first_rows(rows.subject)
        who = rows.subject[at]
        mask = masks(store, who)
        if basis == KIN and len(own):
            mask &= ~masks(cols.stores.burdens, who)
        here, minor = living(cols, who, 0), age_years(cols, who) < ADULT
        for bit in bits_in(mask):
            if p.occasions[bit]:
                hit = np.flatnonzero(has_bit(mask, bit) & here & (minor == (bit in p.of_minors)))
                made += _met(rows, at[hit], who[hit], bit, basis, cols, p, luck)
    return made


def _met(rows, at, who, bit, basis, cols, p, luck):
    """Let some of the persons concerned meet an occasion this month."""
    limit = times(p.occasions[bit], p.exposure[bit, cols.persons.quintile[who]])
    met = luck.at("meet", pack_ids(who, cols.month, 0), bit) < limit
    at, who = at[met], who[met]
    income = cols.persons.income[who].astype(np.int64) // MONTHS
    amount = cut_to_int32(p.cost[bit] + times(income, int(p.of_income[bit])))
    if bit in PERK_CODES:
        return [rows.emit("perk_uses", parent=at, kind=0, measure=bit, amount=amount)]
    return [
        rows.emit("refusals", parent=at, kind=0, measure=bit, basis=basis),
        rows.emit("losses", parent=at, kind=0, measure=bit, basis=basis, amount=amount),
    ]
