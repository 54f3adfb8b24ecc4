"""Displacement (`respond.displacement:RULE`): part of what the sight of punishment prevents is done where or when nobody watches.

The acts are of the kind `displaced`, which no sensor looks at. Somebody whom nothing holds back displaces nothing.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import FACTOR_ONE, Parameters, choice, flag, share, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, DRIVER, adults, shares
from ..kinds import CAUSE, KIND
from ..restraint import CAUTIOUS

WILL, DISPLACED = CAUSE.code("will"), KIND.code("displaced")


class Params(Parameters):
    kind = choice("kind of act that is moved", KIND.names)
    drivers_only = flag("only licensed drivers have occasions for it", default=False)
    chances = yearly_rate("occasions to do such a thing where nobody watches, of the least conscientious person")
    moved = share("share of what is prevented that is done elsewhere; 0 = nothing")


@mechanism(
    "respond.displacement",
    on=Occasions("displaced", rate="chances", trait="persons.conscientiousness", share=lambda p: shares(p.moved, "falling"), able=adults),
    params=Params,
    reads=(*ALIVE, "persons.role"),
    draws=("act",),
    emits=("acts",),
    quantities=CAUTIOUS,
)
def displacement(chances, cols, p, luck):
    """Some of those who are careful where they are seen do it elsewhere.

    Adults (with a driving licence, where asked). The occasion is met with its rate x moved x falling conscientiousness; the act is done when the word
    `act` is below 1 - `caution.KIND`.
    """
    at = np.flatnonzero((cols.persons.role[chances.subject] & DRIVER > 0) | (not p.drivers_only))
    prevented = FACTOR_ONE - cols.factor(f"caution.{p.kind}", chances.subject[at])
    at = at[luck.below("act", prevented * (ONE // FACTOR_ONE), at)]
    return chances.emit("acts", parent=at, kind=DISPLACED, cause=WILL)
