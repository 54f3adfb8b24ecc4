"""Harm to third parties: people hurt by traffic acts, as expected, and what creditors are owed at each month's end."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, weight
from ...engine.declare import Each, Rows, mechanism
from ..kinds import KIND

ON_THE_ROAD = ("traffic_violation", "drunk_driving", "hit_and_run", "not_yielding", "overloading")


class Params(Parameters):
    hurt = weight("other people hurt or killed per 1,000 acts, by kind of traffic act; an expectation, nobody is drawn", by=KIND, partial=0)


@mechanism("measure.harm", on=(Rows("acts", kinds=ON_THE_ROAD, only=()), Each("debts")), params=Params, tallies=("road_acts", "hurt", "unpaid_yuan"))
def harm(batch, cols, p, luck):
    """Add up whom traffic acts may be expected to hurt, over 1,000 x 2^16, and the yuan that creditors are owed."""
    acts, debts = batch.acts, batch.debts
    made = [acts.tally("road_acts"), acts.tally("hurt", None, p.hurt[acts.kind])] if len(acts) else []
    return made + ([debts.tally("unpaid_yuan", None, debts.amount.astype(np.int64))] if len(debts) else [])
