"""What platforms log: posts and petitions written under a real name, found by filters that also flag harmless ones."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, names, probability
from ...engine.declare import Rows, mechanism
from ..common import by_kind
from ..kinds import KIND, SENSOR

PLATFORM = SENSOR.code("platform")


class Params(Parameters):
    kinds = names("kinds of acts that leave a trace on a platform", KIND, codes=True)
    sensitivity = probability("share of such acts that the platform's filter finds and reports, by kind", by=KIND, partial=0)


@mechanism(
    "observe.platform_log",
    on=Rows("acts", kinds="kinds", prune=(("find", lambda p: by_kind(p.sensitivity)),)),
    params=Params,
    draws=("find",),
    emits=("observations",),
)
def platform_log(acts, cols, p, luck):
    """A platform reports some of what its users did under their real names.

    With chance sensitivity by kind, word `find`. No fault.
    """
    found = np.flatnonzero(luck.below("find", p.sensitivity[acts.kind]))
    return acts.emit("observations", parent=found, sensor=PLATFORM, true_actor=acts.subject[found], fault=0)
