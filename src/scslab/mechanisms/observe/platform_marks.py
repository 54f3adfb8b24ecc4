"""Bad debts that a platform learns of by itself: those of its own members, now and then written to somebody else."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability
from ...engine.declare import Rows, mechanism
from ..common import of_place
from ..kinds import FAULT

SOUND, MISLINKED = FAULT.code("sound"), FAULT.code("mislinked")


class Params(Parameters):
    sees = probability("share of its members' debts newly overdue that this platform learns of: its part of the market for small loans and bills")
    mislinked = probability("share of those that it writes to another person of the place", errorless=0)


@mechanism(
    "observe.platform_marks",
    on=Rows("debts"),
    params=Params,
    reads=("persons.place", "places.start"),
    stores=("memberships",),
    draws=("see", "mislink", "victim"),
    emits=("platform_marks",),
)
def platform_marks(debts, cols, p, luck):
    """A platform learns of some bad debts of its members, and writes a few of them to the wrong person.

    A member's debt is seen if the word `see` is below sees, and written to another person of the place (word `victim`) if `mislink` is below mislinked: the
    fault is mislinked, the true actor the debtor.
    """
    at = np.flatnonzero(cols.stores.memberships.has(debts.subject, cols.label) & luck.below("see", p.sees))
    debtor = debts.subject[at]
    wrong = luck.below("mislink", p.mislinked, at)
    subject = debtor.copy()
    hit = np.flatnonzero(wrong)
    subject[hit] = cols.pick(*of_place(cols, debtor[hit]), luck.key("victim"), debts.id[at[hit]], debtor[hit])
    kept = subject >= 0
    fault = np.where(wrong, MISLINKED, SOUND)
    return debts.emit("platform_marks", subject=subject[kept], parent=at[kept], list=cols.label, true_actor=debtor[kept], fault=fault[kept])
