"""A joint bureau of several platforms: what one of them learns of a bad debt the others learn too, under an identity that may not match."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, names, probability
from ...engine.declare import Rows, mechanism
from ..common import of_place
from ..kinds import FAULT

MISLINKED = FAULT.code("mislinked")


class Params(Parameters):
    platforms = names("labels of the platforms that share")
    shared = probability("share of the bad debts one platform learns of that it passes on to each of the others")
    mismatch = probability("share of those passed on that are matched to another person of the place", errorless=0)


@mechanism(
    "record.joint_bureau",
    on=Rows("platform_marks"),
    params=Params,
    reads=("persons.place", "places.start"),
    draws=("share", "mismatch", "victim"),
    emits=("shared_marks",),
)
def joint_bureau(marks, cols, p, luck):
    """The bureau passes on what each of its members learns; errors travel along, and some are added.

    Each member, in the order named, hears of a mark of another member if the word `share`, with the number of its own label (`cols.salt`) as ordinal, is
    below shared; about another person of the place if `mismatch`, of the same ordinal, is below mismatch: the word `victim` by the mark's id, its bits from
    28 on turned over by that number. The fault then is mislinked.
    """
    made, members = [], cols.codes(p.platforms)
    for code in members:
        salt = int(cols.salt(code))
        at = np.flatnonzero((marks.list != code) & np.isin(marks.list, members))
        at = at[luck.words("share", at, salt) < p.shared] if p.shared < 1 << 31 else at
        wrong = luck.words("mismatch", at, salt) < p.mismatch
        subject = marks.subject[at].copy()
        hit = np.flatnonzero(wrong)
        subject[hit] = cols.pick(*of_place(cols, subject[hit]), luck.key("victim"), marks.id[at[hit]] ^ (salt << 28), subject[hit])
        fault = np.where(wrong, MISLINKED, marks.fault[at])
        kept = subject >= 0
        made.append(marks.emit("shared_marks", subject=subject[kept], parent=at[kept], list=code, fault=fault[kept]))
    return made
