"""Whoever is stopped for somebody else trusts institutions less."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, weight
from ...engine.declare import Rows, mechanism
from ..kinds import FAULT, TRUST

WRONGFUL, SOUND = TRUST.code("wrongful"), FAULT.code("sound")


class Params(Parameters):
    moves = weight("how much one wrong stop moves trust; sign and rank only")


@mechanism("respond.stopped", on=Rows("alerts"), params=Params, emits=("trust_events",))
def stopped(alerts, cols, p, luck):
    """A stop for what one is not moves trust.

    Each alert that led to a stop and is not sound is a trust event (`wrongful`, kind none), unless `moves` is 0.
    """
    at = np.flatnonzero((alerts.stopped > 0) & (alerts.fault != SOUND))
    return alerts.emit("trust_events", parent=at, kind=0, channel=WRONGFUL, weight=p.moves) if p.moves else None
