"""Spells of restriction: from a person's first entry on any list until the last list and the last measure have let go.

What one error costs is counted per spell: how many measures, by how many agencies, for how many months.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, names
from ...engine.declare import Each, Rows, Store, mechanism
from ..common import among, bits_in, first_rows, root_list
from ..kinds import BASIS, MEASURE, PERKS
from ..wrongfulness import is_praise

OWN = BASIS.code("own")
PERK_BITS = int(sum(1 << MEASURE.code(name) for name in PERKS))
PERK_CODES = MEASURE.codes(PERKS)


class Params(Parameters):
    leave_out = names("lists that do not count: those of ordinary law")
    wide = count("measures at a time from which a person counts as restricted everywhere", unit="measures")


@mechanism(
    "measure.spells",
    on=(Rows("listings"), Rows("measures"), Rows("impositions"), Each("spells")),
    params=Params,
    owns=(Store("spells", {"since": "int16"}, {}, "Spells of restriction that go on"),),
    stores=("listings", "burdens"),
    lagged=("spells",),
    tallies=("spells_started", "spells_ended", "spell_measures", "spell_actions", "spell_months", "spell_wide_months", "spell_length", "spell_errors"),
)
def spells(batch, cols, p, luck):
    """Follow each person from the first listing to the end of the last measure."""
    store, out, made = cols.stores.spells, cols.codes(p.leave_out), []
    listings, measures, acts, going = batch.listings, batch.measures, batch.impositions, batch.spells
    if len(listings):
        bad = np.flatnonzero(~is_praise(listings) & ~np.isin(listings.list, out))
        first = bad[first_rows(listings.subject[bad])]
        new = first[~store.has(listings.subject[first])]
        store.put(listings, new, since=cols.month)
        made += [listings.tally("spell_errors", bad), listings.tally("spells_started", new), listings.tally("spell_months", new)]
    if len(measures):
        bad = (measures.basis == OWN) & ~among(measures.measure, PERK_CODES) & ~np.isin(root_list(measures.list), out)
        made.append(measures.tally("spell_measures", bad))
    if len(acts):
        made.append(acts.tally("spell_actions", ((acts.mask & ~PERK_BITS) != 0) & ~np.isin(root_list(acts.list), out)))
    if len(going):
        left, breadth = _held(going.subject, cols, out)
        over = np.flatnonzero(~left)
        store.drop(going.at[over])
        made += [going.tally("spells_ended", over), going.tally("spell_length", over, cols.month - going.since[over].astype(np.int64))]
        made += [going.tally("spell_months", left), going.tally("spell_wide_months", left & (breadth >= p.wide))]
    return made


def _held(who, cols, out):
    """Tell who is still on a list or under a measure that counts, and under how many measures at once."""
    listings, burdens = cols.stores.listings, cols.stores.burdens
    left, mask = np.zeros(len(who), bool), np.zeros(len(who), np.int64)
    source, at = listings.of(who)
    bad = ~np.isin(listings.list[at], out) & ~is_praise(_Taken(listings, at))
    left[source[bad]] = True
    source, at = burdens.of(who)
    bad = ~np.isin(root_list(burdens.list[at]), out)
    np.bitwise_or.at(mask, source[bad], burdens.mask[at[bad]] & ~PERK_BITS)
    breadth = sum(((mask >> bit) & 1 for bit in bits_in(mask)), np.zeros(len(who), np.int64))
    return left | (mask != 0), breadth


class _Taken:
    """Some rows of the register, as far as praise is told from blame."""

    def __init__(self, store, at):
        self.kind, self.until = store.kind[at], store.until[at]
