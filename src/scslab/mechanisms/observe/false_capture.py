"""A camera that names passers-by who did nothing (`observe.false_capture:PLACE`): false alerts on lawful people, at a rate of their own.

Unlike `observe.camera`, where an error names somebody in the place of a person who acted, here nobody acted. No data identify the rate.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, choice, probability
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, over_14
from ..kinds import FAULT, KIND, SENSOR, SETTING

CAMERA, FABRICATED = SENSOR.code("camera"), FAULT.code("fabricated")


class Params(Parameters):
    chance = probability("chance that a camera names a person in a month for what nobody did, where cameras are everywhere", errorless=0)
    coverage = probability("share of that chance, by setting: how dense the cameras are", by=SETTING)
    named_as = choice("kind of act that the camera reports", KIND.names)


@mechanism(
    "observe.false_capture",
    on=Occasions("passing", rate="chance", able=over_14),
    params=Params,
    reads=(*ALIVE, "persons.place", "places.urban"),
    draws=("view",),
    emits=("observations",),
)
def false_capture(passers, cols, p, luck):
    """Cameras report some passers-by for an act that nobody did.

    From 14 on; who passes by (with the monthly `chance`) is named when the word `view` is below coverage by setting; fabricated, under the kind
    named_as.
    """
    setting = cols.places.urban[cols.persons.place[passers.subject]]
    at = np.flatnonzero(luck.below("view", p.coverage[setting]))
    who = passers.subject[at]
    return passers.emit("observations", parent=at, kind=KIND.code(p.named_as), sensor=CAMERA, true_actor=who, fault=FABRICATED)
