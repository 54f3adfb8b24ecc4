"""Gaming a score: who is told the cut raises the score shown to it, where that costs no more than being admitted is worth.

The admission game of Hu, Immorlica and Vaughan (2019), Milli and others (2019) and D'Amour and others (2020). The effort changes what is
shown and not what is measured; a unit of it costs the poor and the rich differently.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import QUANTUM, Parameters, factor, points
from ...engine.declare import Column, Sweep, mechanism
from ..kinds import QUINTILE

HUNDRED = 100 * QUANTUM


class Params(Parameters):
    cut = points("score from which on an applicant is admitted, known to everybody")
    worth = factor("what being admitted is worth", unit="units of effort")
    cost = factor("cost of raising the score shown by 100 points, by income quintile", unit="units of effort", by=QUINTILE)


@mechanism(
    "respond.score_gaming",
    on=Sweep(),
    params=Params,
    reads=("persons.quintile",),
    writes=(
        Column("persons.true_score", "int32", 0, "1/100 point", "score without any effort to look better"),
        Column("persons.shown_score", "int32", 0, "1/100 point", "score that is shown"),
        Column("persons.effort_spent", "int64", 0, "1/65536 unit", "effort spent so far to look better"),
    ),
)
def score_gaming(everybody, cols, p, luck):
    """Below the cut, a person makes the effort to reach it exactly, or none.

    Everybody, each month: the price is what is missing x `cost` of the quintile / 100 points, rounded down. A price above 0 and not above `worth` is paid: the
    score shown is the cut, and the price is added to the effort spent. Else the true score is shown.
    """
    mine = slice(everybody.lo, everybody.hi)
    true = cols.persons.true_score[mine].astype(np.int64)
    price = np.maximum(p.cut - true, 0) * p.cost[cols.persons.quintile[mine]] // HUNDRED
    games = (price > 0) & (price <= p.worth)
    cols.persons.shown_score[mine] = np.where(games, p.cut, true)
    cols.persons.effort_spent[mine] += np.where(games, price, 0)
