"""What licensed drivers do on the road: ticketable violations, drunk driving, hit and run."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, DRIVER, acting, falling, living, rising, thinned
from ..kinds import CAUSE

WILL = CAUSE.code("will")


class Params(Parameters):
    trips = yearly_rate("occasions to commit a violation that could be ticketed, per person; only drivers use them")
    violation = probability("share of those occasions at which the least conscientious driver commits one")
    drinks = yearly_rate("occasions to drive after drinking, per person; only drivers use them")
    drunk_driving = probability("share of those occasions at which the least conscientious driver drives")
    accidents = yearly_rate("accidents with others, per person; only drivers have them")
    hit_and_run = probability("share of accidents from which the least conscientious and boldest driver runs")


@mechanism(
    "conduct.traffic",
    on=(
        Occasions("traffic_violation", rate="trips"),
        Occasions("drunk_driving", rate="drinks"),
        Occasions("hit_and_run", rate="accidents"),
    ),
    params=Params,
    reads=(*ALIVE, "persons.role", "persons.conscientiousness", "persons.boldness"),
    draws=("act",),
    emits=("acts",),
    quantities=("conduct.traffic_violation", "conduct.drunk_driving", "conduct.hit_and_run"),
)
def traffic(batch, cols, p, luck):
    """Licensed drivers break traffic rules, rarely drive drunk, very rarely leave the scene of an accident."""
    made = []
    for kind, chance, bold in (
        ("traffic_violation", p.violation, 0),
        ("drunk_driving", p.drunk_driving, 0),
        ("hit_and_run", p.hit_and_run, 1),
    ):
        rows = getattr(batch, kind)
        at = np.flatnonzero((cols.persons.role[rows.subject] & DRIVER > 0) & living(cols, rows.subject))
        who = rows.subject[at]
        chance = thinned(chance, falling(cols.persons.conscientiousness[who], 1 if kind == "traffic_violation" else 2))
        if bold:
            chance = thinned(chance, rising(cols.persons.boldness[who]))
        at = acting(rows, cols, luck, f"conduct.{kind}", chance, at)
        made.append(rows.emit("acts", parent=at, cause=WILL))
    return made
