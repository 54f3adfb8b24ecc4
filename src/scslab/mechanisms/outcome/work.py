"""Losing and finding work: involuntary job loss, posts barred to listed persons, employers who screen, and the way back."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, factor, probability
from ...engine.declare import Each, Rows, Store, mechanism
from ..common import ALIVE, first_rows, living, thinned
from ..kinds import BASIS, CAUSE, KIND, MEASURE

JOB_LOSS, OWN, PUBLIC_JOB = CAUSE.code("job_loss"), BASIS.code("own"), MEASURE.code("public_job")
EMPLOYEE, PUBLIC_SECTOR = 1, 4
LOST, POST = KIND.code("job_loss"), KIND.code("post_application")
WORKING = np.array([1, 2, 3, 4])


class Params(Parameters):
    barred_from_post = probability("chance that a person in the public sector loses the post when barred from public jobs")
    screened_out = probability("chance that an employee loses the job when an employer sees a new listing")
    finds = probability("chance a month of finding work again")
    listed = factor("multiplies it for a person who is on a list; 1 = employers do not look")


@mechanism(
    "outcome.work",
    on=(
        Rows("shocks", kinds=("job_loss",)),
        Rows("measures"),
        Rows("listings"),
        Rows("jobs", kinds=("post_application",)),
        Rows("dismissals"),
        Each("jobless"),
    ),
    params=Params,
    reads=(*ALIVE, "persons.status", "persons.listed"),
    owns=(Store("jobless", {"since": "int16"}, {"cause": "uint8"}, "Persons who lost their work since the start and have not found any"),),
    draws=("barred", "screened", "find"),
    emits=("jobs",),
    quantities=("work.find",),
)
def work(batch, cols, p, luck):
    """Workers lose jobs by misfortune, a bar on public posts, or employers who look at lists; they find work again, the listed later."""
    store, made = cols.stores.jobless, _find_work(batch.jobless, cols, p, luck)
    hired = store.find(batch.jobs.subject)
    if len(hired):
        store.drop(hired[hired >= 0])
    taken = np.empty(0, np.int64)
    status = cols.persons.status
    shocks, measures, listings = batch.shocks, batch.measures, batch.listings
    own = np.flatnonzero((measures.measure == PUBLIC_JOB) & (measures.basis == OWN) & (status[measures.subject] == PUBLIC_SECTOR))
    own = own[luck.of(measures).below("barred", p.barred_from_post, own)]
    seen = np.flatnonzero(status[listings.subject] == EMPLOYEE)
    seen = seen[luck.of(listings).below("screened", p.screened_out, seen)]
    hit = np.flatnonzero(np.isin(status[shocks.subject], WORKING))
    gone = np.flatnonzero(np.isin(status[batch.dismissals.subject], WORKING))
    for rows, at in ((shocks, hit), (measures, own), (listings, seen), (batch.dismissals, gone)):
        at = at[living(cols, rows.subject[at])]
        at = at[first_rows(rows.subject[at])]
        at = at[~store.has(rows.subject[at]) & ~np.isin(rows.subject[at], taken)]
        taken = np.concatenate([taken, rows.subject[at]])
        store.put(rows, at, since=cols.month, cause=JOB_LOSS)
        made.append(rows.emit("jobs", parent=at, gained=0, cause=JOB_LOSS))
    return made


def _find_work(rows, cols, p, luck):
    """Let some find work; whoever died is struck off."""
    if not len(rows):
        return []
    dead = cols.persons.death_month[rows.subject] <= cols.month
    chance = np.where(cols.persons.listed[rows.subject] > 0, thinned(p.finds, p.listed), p.finds)
    chance = thinned(chance, cols.factor("work.find", rows.subject))
    found = luck.of(rows).below("find", chance) & ~dead
    cols.stores.jobless.drop(rows.at[found | dead])
    return [rows.emit("jobs", parent=np.flatnonzero(found), kind=LOST, gained=1)]
