"""Customs: lawful things that everybody does as often as anybody else: feasts, dress, diet, mourning. Each has customs of the own kind.

No group enters here. A rule may pick out the customs of some people (`observe.custom_rule`); the acts are the same acts.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from ...base.parameters import Parameters, probability, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, over_14
from ..everyday import acts_of


class Params(Parameters):
    feasts = yearly_rate("occasions to keep a custom so that others notice, per person, whoever it is")
    keeps = probability("share of those occasions at which it is kept; no lasting propensity and no group enters")


@mechanism(
    "conduct.customs",
    on=Occasions("custom", rate="feasts", trait="persons.boldness", share=lambda p: np.full(256, p.keeps, np.int64), able=over_14),
    params=Params,
    reads=ALIVE,
    draws=("act",),
    emits=("acts",),
    quantities=("conduct.custom",),
)
def customs(batch, cols, p, luck):
    """People keep their customs, all as often.

    From 14 on. The occasion is met with its rate x the share. Who meets it acts; where `conduct.custom` is below 1, only if the word `act` is below
    it. The cause is will.
    """
    return acts_of(SimpleNamespace(custom=batch), cols, luck, ("custom",))
