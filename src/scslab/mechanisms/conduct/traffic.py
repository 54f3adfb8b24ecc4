"""What licensed drivers do on the road: ticketable violations, drunk driving, hit and run."""

from __future__ import annotations

from ...base.luck import ONE
from ...base.parameters import FACTOR_ONE, Parameters, probability, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, acting, drivers, rising, shares, unless_deterred
from ..kinds import CAUSE

WILL = CAUSE.code("will")


TRAIT = "persons.conscientiousness"


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
        Occasions("traffic_violation", rate="trips", trait=TRAIT, share=lambda p: shares(p.violation, "falling"), able=drivers),
        Occasions("drunk_driving", rate="drinks", trait=TRAIT, share=lambda p: shares(p.drunk_driving, "falling", 2), able=drivers),
        Occasions("hit_and_run", rate="accidents", trait=TRAIT, share=lambda p: shares(p.hit_and_run, "falling", 2), able=drivers),
    ),
    params=Params,
    reads=(*ALIVE, "persons.role", "persons.boldness"),
    draws=("act",),
    emits=("acts",),
    quantities=("conduct.traffic_violation", "conduct.drunk_driving", "conduct.hit_and_run"),
)
def traffic(batch, cols, p, luck):
    """Licensed drivers break traffic rules, rarely drive drunk, very rarely leave the scene of an accident.

    Adults with a driving licence. The occasion is met with its rate x the share x falling conscientiousness (squared but for violations). Who meets
    it acts with chance `conduct.KIND`, for hit and run times rising boldness (word `act`). The cause is will.
    """
    made = []
    for kind in ("traffic_violation", "drunk_driving", "hit_and_run"):
        rows = getattr(batch, kind)
        if kind == "hit_and_run":
            at = acting(rows, cols, luck, f"conduct.{kind}", rising(cols.persons.boldness[rows.subject]) * (ONE // FACTOR_ONE))
        else:
            at = unless_deterred(rows, cols, luck, f"conduct.{kind}")
        made.append(rows.emit("acts", parent=at, cause=WILL))
    return made
