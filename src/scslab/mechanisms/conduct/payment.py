"""Debts that fall overdue: by will, by negligence, and after illness or loss of a job, where means are small."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, probability, share, yearly_rate, yuan
from ...engine.declare import Occasions, Rows, mechanism
from ..common import AGE, ALIVE, SEX, adults, age_band, between, cut_to_int32, falling, living, standing, thinned, times
from ..kinds import CAUSE, KIND

WILL, NEGLIGENCE, ILLNESS, JOB_LOSS = (CAUSE.code(name) for name in ("will", "negligence", "illness", "job_loss"))
MISSED, LOST_JOB = KIND.code("missed_payment"), KIND.code("job_loss")


class Params(Parameters):
    dues = yearly_rate("occasions at which somebody who owes money may fail to pay a large sum")
    exposure = share("how much people of a sex and age owe, as a share of those who owe most", by=(SEX, AGE))
    negligence = probability("share of those occasions at which the least conscientious person forgets")
    will = probability("share of those occasions at which the least conscientious person will not pay")
    after_illness = probability("chance that a serious illness leaves a person with the smallest means and full exposure in arrears")
    after_job_loss = probability("the same after the loss of a job")
    months_low = count("smallest debt, in months of income", unit="months of income")
    months_high = count("largest debt, in months of income", unit="months of income")
    least = yuan("no debt counted here is smaller")


@mechanism(
    "conduct.payment",
    on=(Occasions("missed_payment", rate="dues", able=adults), Rows("shocks"), Rows("jobs")),
    params=Params,
    reads=(*ALIVE, "persons.sex", "persons.conscientiousness", "persons.means", "persons.income", "persons.education"),
    draws=("act", "size"),
    emits=("acts", "debts"),
    quantities=("conduct.missed_payment",),
)
def payment(batch, cols, p, luck):
    """Some will not pay, some forget, and some cannot: after illness or loss of work, the more so the smaller their means.

    Adults only. An occasion has one word, `act`: below negligence x exposure (by sex and age) x falling conscientiousness the debt is by negligence;
    from there up to that plus will x exposure x falling conscientiousness squared x `conduct.missed_payment`, by will. A shock (or a job lost
    otherwise than by a shock, kind not job_loss) leaves arrears with chance after_illness or after_job_loss x exposure x falling means; the cause is
    the shock's. The debt is yearly income x months // 12, months spread evenly over months_low..months_high by the word `size`, for illness what the
    shock cost; never less than `least`, as of those still at school, who have no income. Each is a row of acts and of debts of kind missed_payment.
    """
    made = []
    if len(batch.missed_payment):
        made += _chosen(batch.missed_payment, cols, p, luck)
    if len(batch.shocks):
        chance = np.where(batch.shocks.cause == ILLNESS, p.after_illness, p.after_job_loss)
        made += _suffered(batch.shocks, np.arange(len(batch.shocks)), chance, cols, p, luck)
    if len(batch.jobs):  # jobs lost through the regime; those lost by a shock have been counted above
        lost = np.flatnonzero((batch.jobs.gained == 0) & (batch.jobs.kind != LOST_JOB))
        made += _suffered(batch.jobs, lost, np.full(len(batch.jobs), p.after_job_loss), cols, p, luck)
    return made


def _chosen(rows, cols, p, luck):
    """Decide negligence and will with one word: below the first threshold it is negligence, between the two it is will."""
    who = rows.subject
    exposure, careless = _exposure(cols, who, p), cols.persons.conscientiousness[who]
    negligence = thinned(times(p.negligence, exposure), falling(careless))
    will = thinned(times(p.will, exposure), falling(careless, 2), cols.factor("conduct.missed_payment", who))
    word = luck.of(rows).act.astype(np.int64)
    hit = np.flatnonzero(word < negligence + will)
    cause = np.where(word[hit] < negligence[hit], NEGLIGENCE, WILL)
    return _rows(rows, hit, cause, _amount(rows, hit, cols, p, luck), cols)


def _suffered(rows, at, chance, cols, p, luck):
    """Turn shocks into arrears; an illness leaves its cost, a lost job a debt like any other."""
    at = at[living(cols, rows.subject[at])]
    who = rows.subject[at]
    limit = thinned(times(chance[at], _exposure(cols, who, p)), falling(cols.persons.means[who]))
    at = at[luck.of(rows).below("act", limit, at)]
    cause = np.where(rows.cause[at] == ILLNESS, ILLNESS, JOB_LOSS)
    amount = _amount(rows, at, cols, p, luck)
    if rows.has("amount"):
        amount = np.where(cause == ILLNESS, np.maximum(rows.amount[at], p.least), amount)
    return _rows(rows, at, cause, amount, cols)


def _exposure(cols, who, p):
    return p.exposure[cols.persons.sex[who], age_band(cols, who)]


def _amount(rows, at, cols, p, luck):
    months = between(luck.of(rows).words("size", at), p.months_low, p.months_high)
    return np.maximum(standing(cols, rows.subject[at], "income") * months // 12, p.least)


def _rows(rows, at, cause, amount, cols):
    values = {"kind": MISSED, "cause": cause, "amount": cut_to_int32(amount)}
    return [rows.emit("acts", parent=at, **values), rows.emit("debts", parent=at, **values)]
