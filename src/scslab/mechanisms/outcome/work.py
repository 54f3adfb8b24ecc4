"""Losing and finding work: involuntary job loss, posts barred to listed persons, employers who screen, and the way back."""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, factor, probability
from ...engine.declare import Each, Rows, Store, Sweep, mechanism
from ...engine.rows import SubjectBatch
from ..common import ALIVE, among, first_rows, left_school, living, thinned
from ..kinds import BASIS, CAUSE, KIND, MEASURE

JOB_LOSS, OWN, PUBLIC_JOB = CAUSE.code("job_loss"), BASIS.code("own"), MEASURE.code("public_job")
EMPLOYEE, PUBLIC_SECTOR, UNEMPLOYED = 1, 4, 5
LOST, POST = KIND.code("job_loss"), KIND.code("post_application")
WORKING = np.array([1, 2, 3, 4])


class Params(Parameters):
    barred_from_post = probability("chance that a person in the public sector loses the post when barred from public jobs", neutral=0)
    screened_out = probability("chance that an employee loses the job when an employer sees a new listing", neutral=0)
    finds = probability("chance a month of finding work again")
    listed = factor("multiplies it for a person who is on a list; 1 = employers do not look", neutral=FACTOR_ONE)


@mechanism(
    "outcome.work",
    on=(
        Rows("shocks", kinds=("job_loss",)),
        Rows("measures"),
        Rows("listings"),
        Rows("jobs", kinds=("post_application",)),
        Rows("dismissals"),
        Each("jobless"),
        Sweep(),  # does something in the first month only
    ),
    params=Params,
    reads=(*ALIVE, "persons.education", "persons.status", "persons.listed"),
    owns=(
        Store("jobless", {"since": "int16"}, {"cause": "uint8"}, "Persons who lost their work, before the start or since, and have not found any"),
        Store("work_begun", {}, {}, "One row, of person 0, from the first month on: those without work at the start have been entered"),
    ),
    draws=("barred", "screened", "find"),
    emits=("jobs",),
    quantities=("work.find",),
)
def work(batch, cols, p, luck):
    """Workers lose jobs by misfortune, a bar on public posts, or employers who look at lists; they find work again, the listed later.

    First the jobless: who has died leaves; others find work with chance finds x (listed, when on a list) x `work.find`, by the word `find` of their
    row. Who has a row in jobs of kind post_application leaves too. In the first month all adults out of school with status unemployed are entered.
    Then the living adults out of school lose their work, once, if not among the jobless at the month's beginning: workers by a shock of kind
    job_loss; persons of the public sector by an own measure public_job, with chance barred_from_post (word `barred`); employees (from the second
    month on also the unemployed, who have found work if not jobless) by a listing, with chance screened_out (word `screened`); workers by a
    dismissal. Workers are employees, self-employed, farmers and the public sector.
    """
    store, made = cols.stores.jobless, _find_work(batch.jobless, cols, p, luck)
    hired = store.find(batch.jobs.subject)
    if len(hired):
        store.drop(hired[hired >= 0])
    taken = np.empty(0, np.int64)
    status, is_new = cols.persons.status, len(batch.everybody) > 0 and not len(cols.stores.work_begun)
    if is_new:
        _enter_unemployed(batch.everybody, cols)
    # Unemployed at the start and not among the jobless: has found work since, with an employer.
    employed = np.array([EMPLOYEE] if is_new else [EMPLOYEE, UNEMPLOYED])
    shocks, measures, listings = batch.shocks, batch.measures, batch.listings
    own = np.flatnonzero((measures.measure == PUBLIC_JOB) & (measures.basis == OWN) & (status[measures.subject] == PUBLIC_SECTOR))
    own = own[luck.of(measures).below("barred", p.barred_from_post, own)]
    seen = np.flatnonzero(among(status[listings.subject], employed))
    seen = seen[luck.of(listings).below("screened", p.screened_out, seen)]
    hit = np.flatnonzero(among(status[shocks.subject], WORKING))
    gone = np.flatnonzero(among(status[batch.dismissals.subject], WORKING))
    for rows, at in ((shocks, hit), (measures, own), (listings, seen), (batch.dismissals, gone)):
        at = at[living(cols, rows.subject[at]) & left_school(cols, rows.subject[at])]
        at = at[first_rows(rows.subject[at])]
        at = at[~store.has(rows.subject[at])]
        at = at[~np.isin(rows.subject[at], taken)] if len(at) and len(taken) else at
        taken = np.concatenate([taken, rows.subject[at]])
        store.put(rows, at, since=cols.month, cause=JOB_LOSS)
        made.append(rows.emit("jobs", parent=at, gained=0, cause=JOB_LOSS))
    return made


def _enter_unemployed(everybody, cols):
    """Enter those who are unemployed when the mechanism first runs; they lost their work before."""
    lo, hi = everybody.lo, everybody.hi
    who = np.flatnonzero(cols.persons.status[lo:hi] == UNEMPLOYED) + lo
    who = who[living(cols, who) & left_school(cols, who)]
    cols.stores.jobless.put(SubjectBatch(cols.month, who), since=cols.month, cause=JOB_LOSS)
    if lo == 0:
        cols.stores.work_begun.put(SubjectBatch(cols.month, np.zeros(1, np.int64)))


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
