"""Loans: a lender looks at measures, the bureau's record and thin files, and grants a fixed number a month; some loans go bad.

Places are rationed in keyed order over the whole population, so a loan that a measure denies goes to the next applicant.
`credit.accept` and `credit.thin` can be moved by others (a platform score, a reform).

Three forms: lenders look at nothing (`none`: neither files nor debts), at the bureau's files (`history`), or at the credit score that
`decide.credit_score` gave for this application (`score`; an application without a score is decided by the file).
"""

from __future__ import annotations

import numpy as np

from ...base.exact import places_this_month
from ...base.luck import ONE
from ...base.parameters import Parameters, choice, duration, factor, probability, share
from ...engine.declare import Pool, Rows, Store, mechanism, table
from ..common import EVERYBODY, barred, between, falling, ration, thinned
from ..kinds import CAUSE, KIND, MEASURE

CREDIT, MISSED = MEASURE.code("credit"), KIND.code("missed_payment")
REPAID, WILL, NEGLIGENCE = (CAUSE.code(name) for name in ("none", "will", "negligence"))
BUREAU = Store("bureau", {"until": "int16"}, {}, "Credit files; until = month up to which a bad record is shown, 0 = a clean file")
LENT = table(
    "lent",
    {"amount": "int32", "rate": "int16"},
    {"cause": "uint8"},
    "A loan paid out; rate in 1/100 percent a year, 0 = not priced by score; cause = why it will not be repaid, 0 = it will.",
)


class Params(Parameters):
    looks_at = choice("what lenders look at: nothing, files of the bureau, or a credit score", ("none", "history", "score"), default="history")
    loans = factor("most loans granted", unit="loans a month per 10000")
    accepts = probability("chance that a lender accepts an applicant with a clean file")
    thin = share("share of adults, those with the smallest means, who have no credit file at first")
    accepts_thin = probability("chance that a lender takes an applicant without a file into consideration")
    memory = duration("months that the bureau shows a bad record")
    default_by_will = probability("chance that the least conscientious borrower will not repay")
    default_by_negligence = probability("chance that the least conscientious borrower falls behind by negligence")
    term = duration("longest time from loan to default")
    everybody = EVERYBODY


@mechanism(
    "outcome.credit",
    on=(Pool("loan_requests", capacity="everybody"), Rows("debts")),
    params=Params,
    reads=("persons.conscientiousness", "persons.means"),
    owns=(BUREAU,),
    stores=("burdens", "kin_burdens", "debts", "credit_scores"),
    draws=("accept", "thin", "order", "round", "default", "when"),
    emits=("loans", "refusals", "gains", "acts", "debts", "lent"),
    quantities=("credit.accept", "credit.thin"),
    lagged=("debts",),
)
def credit(batch, cols, p, luck):
    """A lender refuses barred applicants, bad records and most thin files, and grants the rest up to its budget; a few loans go bad.

    An application is fit when the person has no open debt and no bad record shown (until after this month), and, without a file and with means / 256
    below `thin`, the word `thin` is below accepts_thin x `credit.thin`. With `looks_at: none` all are fit; with `score`, who has a score of this
    month as that says. The fit must pass the word `accept` below accepts x `credit.accept`. These are rationed in order of the word `order`, then id:
    loans x population / 10,000 places, the rest of the division decided by the word `round` of id 0; who is barred (own measure before kin's) gets
    none, the next in order does, and one who gets a place only so, being behind as many as there are places, is a gain. All barred applicants are
    refused. Loans are paid out (`lent`), and fail when the word `default` is below default_by_negligence x falling conscientiousness (negligence), or
    from there below that plus default_by_will x the same (will): then a missed payment of the sum, an act and a debt, falls due after 1 to `term`
    months, spread by the word `when`. Who got a loan and had no file gets a clean one (0); who has a new debt gets a bad record until month + memory.
    """
    asked, bureau, made = batch.loan_requests, cols.stores.bureau, []
    if len(asked):
        made += _lend(asked, cols, p, luck.of(asked))
    if len(batch.debts):
        _, last = np.unique(batch.debts.subject[::-1], return_index=True)
        bureau.put(batch.debts, len(batch.debts) - 1 - last, until=cols.month + p.memory)
    return made


def _lend(asked, cols, p, luck):
    """Decide this month's applications."""
    who, bureau, month = asked.subject, cols.stores.bureau, cols.month
    file = bureau.find(who)
    known = file >= 0
    bad = cols.stores.debts.count(who) > 0
    if len(bureau):
        bad |= known & (bureau.until[file] > month)
    thin = ~known & ((cols.persons.means[who].astype(np.int64) << 23) < p.thin)
    every = np.arange(len(asked))
    fit = ~bad & (~thin | luck.below("thin", thinned(p.accepts_thin, cols.factor("credit.thin", who)), every))
    rate = np.zeros(len(asked), np.int64)
    if p.looks_at == "none":
        fit[:] = True
    elif p.looks_at == "score":
        rate = _by_score(fit, who, cols)
    fit &= luck.below("accept", thinned(p.accepts, cols.factor("credit.accept", who)), every)
    blocked, basis = barred(cols, who, CREDIT)
    capacity = places_this_month(p.loans, cols.people, luck.at("round", np.zeros(1, np.int64))[0])
    granted, gained = np.zeros(len(who), bool), np.zeros(len(who), bool)
    granted[fit], gained[fit] = ration(luck.words("order", every[fit]), asked.id[fit], blocked[fit], capacity)
    fresh = np.flatnonzero(granted & ~known)
    fresh = fresh[np.unique(who[fresh], return_index=True)[1]]
    bureau.put(asked, fresh, until=0)
    made = [asked.emit("loans", granted=granted, thin=thin)]
    made.append(asked.emit("refusals", parent=np.flatnonzero(blocked), measure=CREDIT, basis=basis[blocked]))
    made.append(asked.emit("gains", parent=np.flatnonzero(gained), measure=CREDIT))
    return made + _defaults(asked, np.flatnonzero(granted), rate, cols, p, luck)


def _by_score(fit, who, cols):
    """Let this month's score decide where there is one, and give its price."""
    scores = cols.stores.credit_scores
    at = scores.find(who)
    scored = at >= 0
    scored[scored] = scores.month[at[scored]] == cols.month
    fit[scored] = scores.fit[at[scored]] > 0
    rate = np.zeros(len(who), np.int64)
    rate[scored] = scores.rate[at[scored]]
    return rate


def _defaults(asked, at, rate, cols, p, luck):
    """Pay out loans, and let some go bad later, by will or negligence; illness and lost work act through `conduct.payment`."""
    careless = falling(cols.persons.conscientiousness[asked.subject[at]])
    negligence = thinned(p.default_by_negligence, careless)
    word = luck.words("default", at).astype(np.int64)
    fails = word < np.minimum(negligence + thinned(p.default_by_will, careless), ONE)
    cause = np.where(word < negligence, NEGLIGENCE, WILL)
    lent = asked.emit("lent", parent=at, rate=rate[at], cause=np.where(fails, cause, REPAID))
    at, cause = at[fails], cause[fails]
    when = cols.month + between(luck.words("when", at), 1, max(p.term, 1))
    return [lent, *(asked.emit(name, parent=at, kind=MISSED, due=when, cause=cause) for name in ("acts", "debts"))]
