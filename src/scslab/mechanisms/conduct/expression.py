"""Protected conduct: critical posts, petitions, public worship, assemblies (constitution of the PRC 35, 36, 41; UDHR 18-20)."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, acting, living, rising, thinned
from ..kinds import CAUSE

WILL = CAUSE.code("will")
YOUNGEST = 16

TRAITS = {"critical_post": ("outspokenness", 2), "petition": ("outspokenness", 2), "worship": ("boldness", 1), "assembly": ("boldness", 2)}
"""Which propensity makes a person act, and to which power. Worship in view of others needs courage; no group enters conduct."""


class Params(Parameters):
    topics = yearly_rate("occasions to criticise authorities in public or online")
    critical_post = probability("share of those occasions at which the most outspoken person does")
    grievances = yearly_rate("grievances that could be carried to an authority")
    petition = probability("share of grievances that the most outspoken person petitions about")
    services = yearly_rate("occasions for religious practice that others can see")
    worship = probability("share of those occasions that the boldest person takes")
    gatherings = yearly_rate("occasions for a public assembly that nobody licensed")
    assembly = probability("share of those occasions that the boldest person takes")


@mechanism(
    "conduct.expression",
    on=(
        Occasions("critical_post", rate="topics"),
        Occasions("petition", rate="grievances"),
        Occasions("worship", rate="services"),
        Occasions("assembly", rate="gatherings"),
    ),
    params=Params,
    reads=(*ALIVE, "persons.outspokenness", "persons.boldness"),
    draws=("act",),
    emits=("acts",),
    quantities=("conduct.critical_post", "conduct.petition", "conduct.worship", "conduct.assembly"),
)
def expression(batch, cols, p, luck):
    """The outspoken criticise and petition, the bold worship and assemble, unless something makes them silent."""
    made = []
    for kind, (trait, power) in TRAITS.items():
        rows = getattr(batch, kind)
        at = np.flatnonzero(living(cols, rows.subject, YOUNGEST))
        chance = thinned(getattr(p, kind), rising(getattr(cols.persons, trait)[rows.subject[at]], power))
        at = acting(rows, cols, luck, f"conduct.{kind}", chance, at)
        made.append(rows.emit("acts", parent=at, cause=WILL))
    return made
