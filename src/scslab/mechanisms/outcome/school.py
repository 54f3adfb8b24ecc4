"""Private school places: rationed each September; a child under the measure is refused, and its place goes to another child."""

from __future__ import annotations

import numpy as np

from ...base.exact import places_this_month
from ...base.parameters import Parameters, factor
from ...engine.declare import Pool, mechanism
from ..common import EVERYBODY, barred, ration
from ..kinds import MEASURE

PRIVATE_SCHOOL = MEASURE.code("private_school")


class Params(Parameters):
    places = factor("private school places", unit="places a year per 10000")
    everybody = EVERYBODY


@mechanism(
    "outcome.school",
    on=Pool("school_requests", capacity="everybody"),
    params=Params,
    stores=("burdens", "kin_burdens"),
    draws=("order", "round"),
    emits=("refusals", "gains"),
)
def school(asked, cols, p, luck):
    """Private schools refuse children whose parents' listing reaches them; the place goes to the next child.

    As `outcome.public_jobs`, with the measure private_school and without a row for those placed.
    """
    blocked, basis = barred(cols, asked.subject, PRIVATE_SCHOOL)
    places = places_this_month(p.places, cols.people, luck.at("round", np.zeros(1, np.int64))[0])
    _, gained = ration(luck.order, asked.id, blocked, places)
    refused = asked.emit("refusals", parent=np.flatnonzero(blocked), measure=PRIVATE_SCHOOL, basis=basis[blocked])
    return [refused, asked.emit("gains", parent=np.flatnonzero(gained), measure=PRIVATE_SCHOOL)]
