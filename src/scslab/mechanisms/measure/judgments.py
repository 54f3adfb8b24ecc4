"""Judgments and money: made, performed after how many months by able and unable debtors, owed, paid, and by whom."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, Store, mechanism
from ..common import among, running_number
from ..kinds import CAUSE, EXCUSED, PAYMENT

LONGEST = 24
UNABLE = CAUSE.codes(EXCUSED)


@mechanism(
    "measure.judgments",
    on=(Rows("debts"), Rows("judgments"), Rows("payments"), Rows("performances")),
    owns=(Store("judged", {"debt": "int64", "month": "int16"}, {"cause": "uint8"}, "Judgments made and not yet performed, by debt"),),
    tallies=("judgments", "overdue_yuan", "owed_yuan", "paid_yuan", "performed", "performed_able", "performed_unable"),
)
def judgments(batch, cols, p, luck):
    """Follow each judgment to its performance; debtors struck by misfortune are the unable, whatever the court sees."""
    store, new, paid, done, made = cols.stores.judged, batch.judgments, batch.payments, batch.performances, []
    if len(batch.debts):
        made.append(batch.debts.tally("overdue_yuan", None, batch.debts.amount.astype(np.int64)))
    if len(done):
        made += _performed(done, paid, store, cols.month)
    if len(paid):
        amount = paid.amount.astype(np.int64)
        made.append(paid.tally("paid_yuan", None, amount))
        for code in np.unique(paid.ground):
            which = np.flatnonzero(paid.ground == code)
            made.append(paid.tally(f"paid_yuan.{PAYMENT.names[code]}", which, amount[which]))
    if len(new):
        unable = among(new.cause, UNABLE)
        made += [new.tally("judgments"), new.tally("judgments.able", ~unable), new.tally("judgments.unable", unable)]
        made.append(new.tally("owed_yuan", None, new.amount.astype(np.int64)))
        sub = ((cols.month << 4) + np.minimum(running_number(new.subject), 15)) & 0xFFFF
        store.put(new, sub=sub, debt=new.parent, month=cols.month)
    return made


def _performed(done, paid, store, month):
    """Find the judgment of each performance through its payment's debt, else the person's oldest, and tally the months it took."""
    if not len(store):
        return [done.tally("performed")]
    debt = np.full(len(done), -1, np.int64)
    if len(paid):
        order = np.argsort(paid.id, kind="stable")
        at = order[np.minimum(np.searchsorted(paid.id[order], done.parent), len(paid) - 1)]
        debt = np.where(paid.id[at] == done.parent, paid.parent[at], -1)
    source, at = store.of(done.subject)
    found = np.full(len(done), -1, np.int64)
    found[source[::-1]] = at[::-1]
    named = store.debt[at] == debt[source]
    found[source[named]] = at[named]
    row = np.flatnonzero(found >= 0)
    at, first = np.unique(found[row], return_index=True)
    row = row[first]
    store.drop(at)
    took, unable = month - store.month[at].astype(np.int64), among(store.cause[at], UNABLE)
    made = [done.tally("performed")]
    for word, which in (("able", ~unable), ("unable", unable)):
        for m in np.unique(took[which & (took <= LONGEST)]):
            made.append(done.tally(f"performed_{word}.m{m}", row[which & (took == m)]))
    return made
