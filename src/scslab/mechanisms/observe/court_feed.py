"""The court as a sensor of debts: creditors sue, judgments are reported when they stay unperformed, and ability is judged with error.

A debt that stays overdue is sued for once. A judgment still unperformed after the period of grace is looked at, and again
every `again` months. At each look the court believes the debtor able or not, from evidence with errors, and reports one of:
`evasion` or `breach_of_limits` (small shares), `refusal_to_perform` (believed able, and a listing was applied for), or
`unperformed_judgment` (everything else). Which of them lead to which list is for `decide`.

Two forms of error: the court judges ability `afresh` at each look, so that an error is corrected or made at the next; or its view of a
debt is `lasting`, because the same papers are looked at again.
"""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import Parameters, choice, duration, probability, share
from ...engine.declare import Each, mechanism
from ..common import among, lasting
from ..kinds import CAUSE, KIND, SENSOR

COURT = SENSOR.code("court")
CHOSEN = CAUSE.codes(("none", "will", "negligence", "pretext"))
"""Causes for which a debtor could pay."""
MISSED, UNPERFORMED, REFUSAL, EVASION, BREACH = (
    KIND.code(name) for name in ("missed_payment", "unperformed_judgment", "refusal_to_perform", "evasion", "breach_of_limits")
)
OVERDUE, JUDGED = 0, 1


class Params(Parameters):
    form = choice("whether the court judges ability anew at each look, or keeps its view of a debt", ("afresh", "lasting"), default="afresh")
    months_to_suit = duration("months overdue after which the creditor decides whether to sue")
    suit = probability("share of overdue debts that the creditor sues for", neutral=0)
    grace = duration("months between judgment and the court's first look at whether it was performed")
    again = duration("months between further looks; null = one look only", allow_none=True)
    reported = share("share of looks at which an unperformed judgment is reported at all")
    sees_ability = probability("share of debtors able to pay whom the court believes able")
    false_ability = probability("share of debtors unable to pay whom the court believes able", errorless=0)
    list_application = share("share of debtors believed able for whom a listing is applied for, by the creditor or ex officio")
    evasion = share("share of debtors believed able who are found hiding assets or obstructing")
    breach_of_limits = share("share of unperformed judgments in which a breach of a consumption order is found")


@mechanism(
    "observe.court_feed",
    on=Each("debts"),
    params=Params,
    draws=("sue", "report", "able", "apply", "evade", "breach", "view"),
    emits=("judgments", "observations"),
)
def court_feed(debts, cols, p, luck):
    """Creditors sue, and the court reports judgments that stay unperformed, judging ability with error.

    A debt still overdue exactly months_to_suit after it was booked is sued for with chance `suit`; the judgment notes whether the court believes the
    debtor able: word `able` (or, form lasting, the debt's lasting word `view`) below sees_ability where the cause is none, will, negligence or
    pretext, else below false_ability. A judged debt is looked at when `grace` months have passed since judgment, and then every `again` months (at
    least 1), and reported with chance `reported`, under the last of these kinds that applies: unperformed_judgment; refusal_to_perform when believed
    able and word `apply` below list_application; breach_of_limits when `breach` is below; evasion when believed able and `evade` is below. All draws
    are by the debt's id.
    """
    sued = np.flatnonzero((debts.stage == OVERDUE) & (cols.month - debts.opened == p.months_to_suit))
    sued = sued[luck.below("sue", p.suit, sued)]
    made = [debts.emit("judgments", parent=sued, kind=MISSED, able=_believed_able(debts, sued, p, luck))]
    age = cols.month - debts.judged.astype(np.int64) - p.grace
    look = (age == 0) if p.again >= NEVER else (age >= 0) & (age % max(p.again, 1) == 0)
    at = np.flatnonzero((debts.stage == JUDGED) & look)
    at = at[luck.below("report", p.reported, at)]
    if len(at):
        able = _believed_able(debts, at, p, luck)
        kind = np.where(able & luck.below("apply", p.list_application, at), REFUSAL, UNPERFORMED)
        kind = np.where(luck.below("breach", p.breach_of_limits, at), BREACH, kind)
        kind = np.where(able & luck.below("evade", p.evasion, at), EVASION, kind)
        made.append(debts.emit("observations", parent=at, kind=kind, sensor=COURT, true_actor=debts.subject[at], fault=0))
    return made


def _believed_able(debts, at, p, luck):
    """Judge ability from evidence that errs both ways."""
    limit = np.where(among(debts.cause[at], CHOSEN), p.sees_ability, p.false_ability)
    return luck.below("able", limit, at) if p.form == "afresh" else lasting(luck, "view", debts.id[at]) < limit
