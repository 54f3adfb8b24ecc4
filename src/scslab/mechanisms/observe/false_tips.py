"""False reports by those near: each friend of a person who did nothing reports that person with a fixed chance.

`observe.grudges` draws whom somebody of a place bears ill will; here every friend has a word of their own for every friend, so that the number
of false reports on a person is what the number of friends makes it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...base.parameters import Parameters, choice, names, probability
from ...engine.declare import Rows, Sweep, mechanism
from ..common import ALIVE, living
from ..kinds import FAULT, KIND
from ..tables_reports import MOTIVE
from ..ties import friends_now

GRUDGE, FAULTY = MOTIVE.code("grudge"), FAULT.code("grudge")


class Params(Parameters):
    """How often the innocent are reported."""

    kinds = names("kinds of acts of which a person must have done none to be reported falsely", KIND, codes=True)
    chance = probability("chance that a friend reports a person who did nothing, in a period", errorless=0)
    named_as = choice("kind of act that the person is accused of", KIND.names)


@mechanism(
    "observe.false_tips",
    on=(Rows("acts", kinds="kinds"), Sweep()),
    params=Params,
    reads=ALIVE,
    stores=("tie_changes",),
    networks=("friends",),
    draws=("tell",),
    emits=("tips",),
    lagged=("tie_changes",),
)
def false_tips(batch: Any, cols: Any, p: Params, luck: Any) -> Any:
    """Friends report some of those who did nothing.

    Of every adult without an act of these kinds among those that came this month, each adult friend there is now tells if the word `tell`, by the number
    (friend << 31) + person, is below chance, in order of number. The report is a grudge, and its true actor the one accused.
    """
    everybody = batch.everybody
    if not p.chance or not len(everybody):
        return None
    innocent = np.flatnonzero(living(cols, everybody.subject))
    if len(batch.acts):
        innocent = innocent[~np.isin(everybody.subject[innocent], batch.acts.subject)]
    source, friend = friends_now(cols, everybody.subject[innocent])
    friend = friend.astype(np.int64)
    who = everybody.subject[innocent[source]]
    tells = np.flatnonzero(luck.at("tell", (friend << 31) | who) < p.chance)
    tells = tells[living(cols, friend[tells])]
    tells = tells[np.lexsort((friend[tells], who[tells]))]
    accused = {"true_actor": who[tells], "fault": FAULTY, "cause": 0}
    return everybody.emit("tips", parent=innocent[source[tells]], kind=KIND.code(p.named_as), reporter=friend[tells], motive=GRUDGE, **accused)
