"""Spending tokens: account holders who can pay take a haircut, a cleaning, a health check, the dearest good they want first."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, table
from ...engine.declare import Each, mechanism
from ..tables_points import REDEMPTIONS


class Params(Parameters):
    costs = table("tokens that a good costs, by name", unit="points")
    wants = table("chance that a holder who can pay takes the good in a month, by name", unit="probability")

    @classmethod
    def compile(cls, plain):
        """Compile, and check that both tables name the same goods."""
        made = super().compile(plain)
        if made.costs[0] != made.wants[0]:
            raise ValueError(f"wants: its goods are not those of costs: {', '.join(made.costs[0])}")
        return made


@mechanism(
    "respond.redeeming",
    on=Each("tokens"),
    params=Params,
    draws=("want",),
    emits=(REDEMPTIONS.name,),
)
def redeeming(tokens, cols, p, luck):
    """Holders hand in tokens for goods, as far as their balance goes.

    Goods come from the dearest to the cheapest, those that cost alike by name. A holder whose balance, less what was handed in this month, reaches a cost
    above 0 takes the good when the word `want` of the holding's row, the good's place among the names in order as ordinal, is below its chance.
    """
    left, made = tokens.balance.astype(np.int64), []
    for good in np.argsort(-p.costs[1], kind="stable"):
        cost = int(p.costs[1][good])
        at = np.flatnonzero((left >= cost) & (cost > 0))
        at = at[luck.words("want", at, int(good)) < p.wants[1][good]]
        left[at] -= cost
        made.append(tokens.emit(REDEMPTIONS.name, parent=at, kind=0, points=cost, good=int(good)))
    return made
