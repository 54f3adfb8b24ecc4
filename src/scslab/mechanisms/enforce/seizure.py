"""Civil enforcement by seizure: the ordinary court takes what it finds, with no list and no publicity."""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import Parameters, duration, probability, share
from ...engine.declare import Each, mechanism
from ..kinds import PAYMENT, QUINTILE, STAGE

SEIZED, JUDGED = PAYMENT.code("seized"), STAGE.code("judged")


class Params(Parameters):
    wait = duration("months between judgment and the first search for assets")
    between = duration("months between searches; at least 1")
    found = probability("share of searches that find assets, by quintile of household income", by=QUINTILE)
    part = share("part of the debt that a successful search brings in")


@mechanism(
    "enforce.seizure",
    on=Each("debts"),
    params=Params,
    reads=("persons.quintile",),
    draws=("find",),
    emits=("payments",),
)
def seizure(debts, cols, p, luck):
    """Search for the assets of judgment debtors now and then, and seize what is found.

    A judged debt is searched for `wait` months after judgment and every `between` months (at least 1) from then on; assets are found with chance
    `found` by quintile (word `find`); the payment is the debt x part, rounded down, at least 1 yuan of it.
    """
    age = cols.month - debts.judged.astype(np.int64) - p.wait
    at = np.flatnonzero((debts.stage == JUDGED) & (age >= 0) & (age % max(p.between, 1) == 0))
    at = at[luck.below("find", p.found[cols.persons.quintile[debts.subject[at]]], at)]
    amount = np.maximum(debts.amount[at].astype(np.int64) * p.part // ONE, np.minimum(debts.amount[at], 1))
    return debts.emit("payments", parent=at, amount=amount, ground=SEIZED)
