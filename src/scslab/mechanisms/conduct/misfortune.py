"""Exogenous shocks: serious illness and involuntary loss of a job. The same in every arm; no regime can move them.

A counterfactual arm may spare everybody's first misfortune (`spares`): it leaves a marker and does nothing, so that the same persons can be
followed in the same months with and without it. Later misfortunes strike in both.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, choice, share, yearly_rate, yuan
from ...engine.declare import Occasions, Store, mechanism, table
from ..common import AGE, ALIVE, STATUS, adults, age_band, between, left_school
from ..kinds import CAUSE

ILLNESS, JOB_LOSS = CAUSE.code("illness"), CAUSE.code("job_loss")

table("spared_shocks", {}, {"cause": "uint8"}, "A misfortune that a counterfactual arm spares its person: whom it would have struck, and when.")


class Params(Parameters):
    spares = choice("whom misfortune spares, to compare the struck with themselves: nobody, or everybody once", ("nobody", "first"), default="nobody")
    illness = yearly_rate("serious illnesses with high costs, per person of the age most at risk")
    illness_by_age = share("that rate by age, as a share of the highest", by=AGE)
    cost_low = yuan("lowest cost of such an illness after insurance")
    cost_high = yuan("highest cost of such an illness after insurance")
    job_loss = yearly_rate("involuntary job losses, per worker in the status most at risk")
    job_loss_by_status = share("that rate by status, as a share of the highest", by=STATUS, partial=0)


@mechanism(
    "conduct.misfortune",
    on=(Occasions("illness", rate="illness", able=adults), Occasions("job_loss", rate="job_loss", able=adults)),
    params=Params,
    reads=(*ALIVE, "persons.education", "persons.status"),
    owns=(Store("spared_once", {}, {}, "Persons whose first misfortune was spared (counterfactual arms only)"),),
    draws=("befalls", "cost"),
    emits=("shocks", "spared_shocks"),
)
def misfortune(batch, cols, p, luck):
    """Serious illness strikes the old more often; workers lose their jobs through no fault of their own.

    Illness strikes an adult who meets the occasion with chance illness_by_age (word `befalls`) and costs a sum spread evenly over cost_low..cost_high
    by the word `cost`; job loss strikes an adult who has left school with chance job_loss_by_status, at no cost. With `spares: first`, who has no row
    in `spared_once` when the month begins gets a row there and spared_shocks instead of shocks, for every shock of that month.
    """
    ill, lost = batch.illness, batch.job_loss
    at = np.flatnonzero(luck.of(ill).below("befalls", p.illness_by_age[age_band(cols, ill.subject)]))
    cost = between(luck.of(ill).words("cost", at), p.cost_low, p.cost_high)
    out = np.flatnonzero(luck.of(lost).below("befalls", p.job_loss_by_status[cols.persons.status[lost.subject]]))
    out = out[left_school(cols, lost.subject[out])]
    struck = ((ill, at, cost, ILLNESS), (lost, out, np.zeros(len(out), np.int64), JOB_LOSS))
    if p.spares == "nobody":
        return [rows.emit("shocks", parent=at, amount=amount, cause=cause) for rows, at, amount, cause in struck]
    return _spared(struck, cols.stores.spared_once)


def _spared(struck, store):
    """Let a person's first misfortunes, those of one month, do nothing; later ones strike."""
    made = []
    for rows, at, amount, cause in struck:
        again = store.has(rows.subject[at])
        made.append(rows.emit("shocks", parent=at[again], amount=amount[again], cause=cause))
        made.append(rows.emit("spared_shocks", parent=at[~again], cause=cause))
        store.put(rows, at[~again])
    return made
