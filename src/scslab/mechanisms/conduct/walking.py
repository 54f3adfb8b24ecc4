"""Small misconduct in public space: crossing against the light, not stopping for pedestrians, littering."""

from __future__ import annotations

from ...base.parameters import Parameters, probability, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, drivers, over_14, shares, unless_deterred
from ..kinds import CAUSE

WILL = CAUSE.code("will")
TRAIT = "persons.conscientiousness"


class Params(Parameters):
    crossings = yearly_rate("occasions to cross against the light in a way that could be recorded")
    jaywalking = probability("share of those occasions at which the least conscientious person does")
    crosswalks = yearly_rate("occasions to pass a crosswalk in front of pedestrians, per person; only drivers use them")
    not_yielding = probability("share of those occasions at which the least conscientious driver does not stop")
    litter = yearly_rate("occasions to litter in a way that could be recorded")
    littering = probability("share of those occasions at which the least conscientious person does")


@mechanism(
    "conduct.walking",
    on=(
        Occasions("jaywalking", rate="crossings", trait=TRAIT, share=lambda p: shares(p.jaywalking, "falling"), able=over_14),
        Occasions("not_yielding", rate="crosswalks", trait=TRAIT, share=lambda p: shares(p.not_yielding, "falling"), able=drivers),
        Occasions("littering", rate="litter", trait=TRAIT, share=lambda p: shares(p.littering, "falling"), able=over_14),
    ),
    params=Params,
    reads=(*ALIVE, "persons.role"),
    draws=("act",),
    emits=("acts",),
    quantities=("conduct.jaywalking", "conduct.not_yielding", "conduct.littering"),
)
def walking(batch, cols, p, luck):
    """People cross against the light, drivers do not stop at crosswalks, people litter: the less conscientious more often.

    From 14 on; not yielding adults with a driving licence only. The occasion is met with its rate x the share x falling conscientiousness. Who meets
    it acts; where `conduct.KIND` is below 1, only if the word `act` is below it. The cause is will.
    """
    made = []
    for kind in ("jaywalking", "not_yielding", "littering"):
        rows = getattr(batch, kind)
        made.append(rows.emit("acts", parent=unless_deterred(rows, cols, luck, f"conduct.{kind}"), cause=WILL))
    return made
