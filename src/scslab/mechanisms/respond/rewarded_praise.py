"""Praise: some mean it, and others say it for the reward. What is stated is then no measure of what is meant."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability, share, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, lasting, over_14
from ..kinds import CAUSE, KIND

WILL, PRAISE = CAUSE.code("will"), KIND.code("praise")


class Params(Parameters):
    calls = yearly_rate("occasions to praise authorities where others see it")
    approve = share("share of people who approve, for good")
    sincere = probability("share of occasions at which a person who approves says so, reward or not")
    reward = probability("share of the other occasions at which a person says so for the reward; 0 = none is given")


@mechanism(
    "respond.rewarded_praise",
    on=Occasions("praise", rate="calls", able=over_14),
    params=Params,
    reads=ALIVE,
    draws=("approve", "say", "reward"),
    emits=("acts", "praises"),
)
def rewarded_praise(calls, cols, p, luck):
    """People praise because they approve, or because it is rewarded.

    From 14 on. A person approves whose lasting word `approve` is below the share, and then says so when the word `say` is below `sincere`. Who did not, says
    so for the reward when the word `reward` is below its chance. Either is an act of praise by will, and a row of praises, kind none.
    """
    means = lasting(luck, "approve", calls.subject) < p.approve
    says = means & luck.below("say", p.sincere)
    paid = ~says & luck.below("reward", p.reward)
    at = np.flatnonzero(says | paid)
    says = says[at]
    return [
        calls.emit("acts", parent=at, kind=PRAISE, cause=WILL, amount=0),
        calls.emit("praises", parent=at, kind=0, sincere=says, rewarded=~says),
    ]
