"""Missed: whom the lists' own rules would list on all true acts, and did not.

Each list in force is evaluated a second time on what people really did, errors and gaps of sensors and registries aside. An act of a listed
kind by a person of age who is not on the list opens a case; so does a judgment still unperformed at the court's deadline, by a debtor able to
pay where the list is for refusal though able. A case ends when the person is put on the list, for whatever reason; after more than a year it
counts as missed, once. Acts of people already on the list, bars on relisting, lists fed by scores or points, and evasion and breach of limits
(which no act stands for) are left out. The rules are handed over by `scslab.measure.recorders.paired_blocks`.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters
from ...engine.declare import Each, Rows, Store, mechanism
from ..common import ALIVE, among, living
from ..kinds import CAUSE, KIND, STAGE
from ..wrongfulness import OWN_RULES, is_unsound

PATIENCE = 12
"""Months after which a case is missed, so that a second look of the court still counts."""

JUDGED, CHOSEN = STAGE.code("judged"), CAUSE.codes(("none", "will", "negligence"))
REFUSAL, UNPERFORMED = KIND.code("refusal_to_perform"), KIND.code("unperformed_judgment")


class Params(Parameters):
    """None of its own: the rules of the lists are handed over."""


@mechanism(
    "measure.missed",
    on=(Rows("acts", kinds="kinds"), Rows("listings"), Each("debts"), Each("unlisted")),
    params=Params,
    reads=ALIVE,
    owns=(
        Store("unlisted", {"list": "uint16", "since": "int16", "debt": "uint8", "counted": "uint8"}, {}, "Cases that the rule would list and has not",
              by_label=True),
    ),
    stores=("listings",),
    lagged=("unlisted",),
    tallies=("missed", "rightly_listed"),
)
def missed(batch, cols, p, luck):
    """Open cases for true acts and unperformed judgments, close those that are listed or settled, and count those a year old."""
    store, listings, old = cols.stores.unlisted, batch.listings, batch.unlisted
    made = _listed(listings, cols, p)
    gone = np.isin(old.subject << 16 | old.list, listings.subject << 16 | listings.list) if len(old) and len(listings) else np.zeros(len(old), bool)
    for rule in p.lists:
        code = cols.code(rule.label)
        late = _judgments(batch.debts, rule, p.deadline, cols)
        for rows, at, debt in ((batch.acts, _acts(batch.acts, rule), 0), (batch.debts, late, 1)):
            at = at[living(cols, rows.subject[at], rule.age_min)]
            at = at[(cols.stores.listings.find(rows.subject[at], code) < 0) & (store.find(rows.subject[at], code) < 0)]
            at = at[np.unique(rows.subject[at], return_index=True)[1]]
            store.put(rows, at, sub=code, list=code, since=cols.month, debt=debt, counted=0)
        if len(old):
            settled = (old.list == code) & (old.debt > 0) & ~np.isin(old.subject, batch.debts.subject[late])
            gone |= settled & ((old.counted > 0) | (cols.month - old.since <= rule.grace))
    if len(old):
        gone |= (cols.persons.death_month[old.subject] <= cols.month) | ~np.isin(old.list, cols.codes(rule.label for rule in p.lists))
        ripe = np.flatnonzero(~gone & (old.counted == 0) & (cols.month - old.since > PATIENCE))
        made.append(old.tally("missed", ripe))
        made += [old.tally(f"missed.list.{cols.name_of(code)}", ripe[old.list[ripe] == code]) for code in np.unique(old.list[ripe])]
        store.set(old.at[ripe], counted=1)
        gone[ripe] |= old.debt[ripe] == 0
        store.drop(old.at[gone])
    return made


def _listed(listings, cols, p):
    """Tally listings on these lists that their own rules bear out."""
    if not len(listings):
        return []
    mine = np.isin(listings.list, cols.codes(rule.label for rule in p.lists))
    return [listings.tally("rightly_listed", mine & ~is_unsound(listings, OWN_RULES))]


def _acts(acts, rule):
    """List the acts that the rule counts: of its kinds, and serious enough where it asks for that."""
    return np.flatnonzero(among(acts.kind, rule.kinds) & (acts.amount >= rule.least[acts.kind])) if len(acts) else np.empty(0, np.int64)


def _judgments(debts, rule, deadline, cols):
    """List the judgments past the deadline that the rule counts: everybody's, or those of debtors able to pay."""
    if not len(debts) or not np.isin((REFUSAL, UNPERFORMED), rule.kinds).any():
        return np.empty(0, np.int64)
    late = (debts.stage == JUDGED) & (cols.month - debts.judged.astype(np.int64) >= deadline)
    return np.flatnonzero(late if UNPERFORMED in rule.kinds else late & among(debts.cause, CHOSEN))
