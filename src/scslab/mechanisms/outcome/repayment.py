"""Which debtors pay this month: a hazard by cause and stage, raised by pressure on the will, lowered by loss of means.

`payment.need` is asked for every debtor (ability), `payment.will` for those who chose not to pay or forgot. A payment that
would have been made without the pressure is `voluntary`; only what the raised will added is `under_pressure`.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability
from ...engine.declare import Each, mechanism
from ..common import ALIVE, among, cut_to_int32, living, thinned
from ..kinds import CAUSE, GROUND, PAYMENT, STAGE

WILLING = CAUSE.codes(("will", "negligence", "pretext"))
"""Causes that pressure can move."""
VOLUNTARY, UNDER_PRESSURE, DIED = PAYMENT.code("voluntary"), PAYMENT.code("under_pressure"), GROUND.code("died")


class Params(Parameters):
    pays = probability("chance a month that a debt is paid, by its cause and stage", by=(CAUSE, STAGE))
    in_full = probability("share of payments that settle the whole debt; the others pay half of what is left")


@mechanism(
    "outcome.repayment",
    on=Each("debts"),
    params=Params,
    reads=ALIVE,
    draws=("pay", "full"),
    emits=("payments", "write_offs"),
    quantities=("payment.will", "payment.need"),
    lagged=("debts",),
)
def repayment(debts, cols, p, luck):
    """Debtors pay, in full or in part, by cause of the debt: sooner under pressure, later without work or means.

    Debts of the living: the chance is `pays` by cause and stage x `payment.need`; where the cause is will, negligence or pretext, x `payment.will`.
    The word `pay` below the chance without payment.will is a voluntary payment, below the raised one a payment under pressure. It is the whole debt
    when the word `full` is below in_full, else half of it, rounded up. Debts of the dead are written off, ground died.
    """
    at = np.flatnonzero(living(cols, debts.subject, 0))
    who, cause = debts.subject[at], debts.cause[at]
    chance = thinned(p.pays[cause, debts.stage[at]], cols.factor("payment.need", who))
    willing = among(cause, WILLING)
    raised = np.where(willing, thinned(chance, cols.factor("payment.will", who)), chance)
    word = luck.words("pay", at).astype(np.int64)
    paying = word < raised
    ground = np.where(word < chance, VOLUNTARY, UNDER_PRESSURE)[paying]
    at = at[paying]
    left = debts.amount[at].astype(np.int64)
    amount = np.where(luck.below("full", p.in_full, at), left, (left + 1) // 2)
    dead = np.flatnonzero(cols.persons.death_month[debts.subject] <= cols.month)
    paid = debts.emit("payments", parent=at, amount=cut_to_int32(amount), ground=ground)
    return [paid, debts.emit("write_offs", parent=dead, ground=DIED)]
