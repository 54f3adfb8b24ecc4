"""Exogenous shocks: serious illness and involuntary loss of a job. The same in every arm; no regime can move them."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, share, yearly_rate, yuan
from ...engine.declare import Occasions, mechanism
from ..common import AGE, ALIVE, STATUS, age_band, between, living
from ..kinds import CAUSE

ILLNESS, JOB_LOSS = CAUSE.code("illness"), CAUSE.code("job_loss")


class Params(Parameters):
    illness = yearly_rate("serious illnesses with high costs, per person of the age most at risk")
    illness_by_age = share("that rate by age, as a share of the highest", by=AGE)
    cost_low = yuan("lowest cost of such an illness after insurance")
    cost_high = yuan("highest cost of such an illness after insurance")
    job_loss = yearly_rate("involuntary job losses, per worker in the status most at risk")
    job_loss_by_status = share("that rate by status, as a share of the highest", by=STATUS, partial=0)


@mechanism(
    "conduct.misfortune",
    on=(Occasions("illness", rate="illness"), Occasions("job_loss", rate="job_loss")),
    params=Params,
    reads=(*ALIVE, "persons.status"),
    draws=("befalls", "cost"),
    emits=("shocks",),
)
def misfortune(batch, cols, p, luck):
    """Serious illness strikes the old more often; workers lose their jobs through no fault of their own."""
    ill, lost = batch.illness, batch.job_loss
    at = np.flatnonzero(living(cols, ill.subject))
    at = at[luck.of(ill).below("befalls", p.illness_by_age[age_band(cols, ill.subject[at])], at)]
    cost = between(luck.of(ill).words("cost", at), p.cost_low, p.cost_high)
    out = np.flatnonzero(living(cols, lost.subject))
    out = out[luck.of(lost).below("befalls", p.job_loss_by_status[cols.persons.status[lost.subject[out]]], out)]
    return [ill.emit("shocks", parent=at, amount=cost, cause=ILLNESS), lost.emit("shocks", parent=out, cause=JOB_LOSS)]
