"""A redlist without a score: for a year's merits, or for a nomination; lost by misconduct (`decide.merit_list:LIST`).

Whoever is on a blacklist, or left one lately, is not praised. A new blacklisting ends the praise a month later, when the lists are compared.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, duration, flag, names
from ...engine.declare import Rows, mechanism
from ..common import first_rows
from ..kinds import GROUND

MISCONDUCT = GROUND.code("misconduct")


class Params(Parameters):
    merits = count("merits of a calendar year from which a person is praised; 0 = merits do not count", unit="merits")
    nominated = flag("a nomination is enough")
    term = duration("months on the list")
    clean_for = duration("months since the last adverse listing that a person must look back on")
    adverse = names("lists that bar from praise and end it")


@mechanism(
    "decide.merit_list",
    on=(Rows("merits"), Rows("records", kinds=("nomination",)), Rows("listings")),
    params=Params,
    reads=("persons.birth_month", "persons.death_month"),
    stores=("listings", "former_listings"),
    emits=("entries", "removals", "extensions"),
)
def merit_list(batch, cols, p, luck):
    """Put the deserving and the nominated on the list, unless they are on a blacklist, and take off those who get on one.

    Merits that reach the mark (0: none do), then nominations, a person's first of the month each; the living from 18 on, once, who are on no adverse
    list and left none fewer than clean_for months ago. Who is not listed is entered until month + term; who is, and whose listing ends before that,
    has it lengthened to there. Whoever's listing on an adverse list begins this month is taken off, ground misconduct.
    """
    made, seen, adverse = [], np.empty(0, np.int64), cols.codes(p.adverse)
    for rows, counts in ((batch.merits, p.merits > 0), (batch.records, p.nominated)):
        if not len(rows) or not counts:
            continue
        at = np.flatnonzero(rows.total >= p.merits) if rows.table == "merits" else np.arange(len(rows))
        at = at[first_rows(rows.subject[at])]
        who = rows.subject[at]
        able = (cols.persons.death_month[who] > cols.month) & (cols.month - cols.persons.birth_month[who].astype(np.int64) >= 12 * 18)
        at = at[able & ~np.isin(who, seen) & ~_stained(cols, who, adverse, p.clean_for)]
        seen = np.concatenate([seen, rows.subject[at]])
        listed = cols.stores.listings.find(rows.subject[at], cols.label)
        new, again = at[listed < 0], at[listed >= 0]
        made.append(rows.emit("entries", parent=new, list=cols.label, until=cols.month + p.term))
        left = cols.stores.listings.until[listed[listed >= 0]].astype(np.int64)
        months = np.maximum(cols.month + p.term - left, 0)
        made.append(rows.emit("extensions", parent=again[months > 0], list=cols.label, months=months[months > 0]))
    blamed = batch.listings
    hit = np.flatnonzero(np.isin(blamed.list, adverse))
    hit = hit[first_rows(blamed.subject[hit])]
    hit = hit[cols.stores.listings.has(blamed.subject[hit], cols.label)]
    return [*made, blamed.emit("removals", parent=hit, list=cols.label, ground=MISCONDUCT, entry=0)]


def _stained(cols, who, adverse, months):
    """Tell who is on an adverse list, or left one too lately."""
    stained = np.zeros(len(who), bool)
    for code in adverse:
        stained |= cols.stores.listings.has(who, code)
        former = cols.stores.former_listings
        at = former.find(who, code)
        if len(former):
            stained |= (at >= 0) & (cols.month - former.ended[at] < months)
    return stained
