"""A list of firms, black or red: entered by a record of a listed kind, or for as long as a grade lasts (`decide.firm_list:NAME`).

Where the rule says so the officer is entered on a list of persons as well, for what the firm did.
"""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import Parameters, count, duration, names, text
from ...engine.declare import Rows, mechanism
from ..common import among
from ..firms import BREACH, STANDING, breach_of, in_business
from ..kinds import GROUND

BELOW_CUT = GROUND.code("below_cut")


class Params(Parameters):
    kinds = names("records that list a firm", BREACH, codes=True, default=())
    term = duration("months on the list, by kind; null = until a removal", by=BREACH, partial=None, allow_none=True)
    rating = text("rating whose grades list a firm", default="")
    grades = names("grades that list a firm for as long as it has them", STANDING, codes=True, default=())
    officers = count("officers entered with their firm: 1 or 0", unit="officers")
    officer_list = text("list of persons on which they are entered", default="")
    officer_term = duration("months of the officer's listing; null = until a removal", allow_none=True)


@mechanism(
    "decide.firm_list",
    on=(Rows("firm_records"), Rows("firm_grades")),
    params=Params,
    reads=("firms.closed", "firms.officer", "persons.death_month"),
    stores=("firm_listings",),
    emits=("firm_entries", "firm_removals", "entries"),
)
def firm_list(batch, cols, p, luck):
    """Records and grades put firms on the list; a grade that leaves takes them off; some officers are listed with their firm.

    Of a firm in business that is not on the list the first record with the longest term counts. The officer, a living person, is entered for
    `officer_term`, and is the true actor of that entry. Of the rating named, one of those grades enters, any other removes.
    """
    made = []
    rows, grades = batch.firm_records, batch.firm_grades
    if len(rows):
        at = np.flatnonzero(among(breach_of(rows.kind), p.kinds) & in_business(cols, rows.subject) & ~cols.stores.firm_listings.has(rows.subject, cols.label))
        until = np.minimum(cols.month + p.term[breach_of(rows.kind[at])], NEVER)
        order = np.lexsort((-until, rows.subject[at]))
        _, first = np.unique(rows.subject[at[order]], return_index=True)
        at, until = at[order[first]], until[order[first]]  # of several records in a month the one with the longest term counts
        code = cols.code(p.officer_list) if p.officers else 0
        officer = cols.firms.officer[rows.subject[at]].astype(np.int64)
        named = np.flatnonzero((code > 0) & (officer >= 0) & (cols.persons.death_month[officer] > cols.month))
        entered = np.isin(np.arange(len(at)), named)
        made.append(rows.emit("firm_entries", parent=at, list=cols.label, until=until, officer=entered))
        ends = min(cols.month + p.officer_term, NEVER)  # the entry names the officer for the firm's breach, whoever committed it
        person = officer[named]
        made.append(rows.emit("entries", subject=person, parent=at[named], list=code, until=ends, true_actor=person))
    if len(grades):
        mine = grades.rating == cols.code(p.rating) if p.rating else np.zeros(len(grades), bool)
        good = among(grades.grade, p.grades)
        made.append(grades.emit("firm_entries", parent=np.flatnonzero(mine & good), kind=0, list=cols.label, until=NEVER))
        made.append(grades.emit("firm_removals", parent=np.flatnonzero(mine & ~good), kind=0, list=cols.label, ground=BELOW_CUT))
    return made
