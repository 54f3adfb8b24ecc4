"""The book of debts: what is owed, how far recovery has come, what was paid. The only owner of the store `debts`.

A judgment or payment names its debt by its parent (the id of the debt's row); one that names none goes to the subject's
oldest debt. `outcome.repayment` decides who pays; seizures and payments by relatives come from elsewhere.
"""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import Parameters, duration, yuan
from ...engine.declare import Rows, Store, mechanism
from ..common import running_number
from ..kinds import GROUND, STAGE

JUDGED, UNABLE = STAGE.code("judged"), GROUND.code("unable")
SUB_MONTH_SHIFT, SUB_MASK = 4, 0xFFFF

BOOK = Store(
    "debts",
    {"kind": "uint8", "amount": "int32", "opened": "int16", "stage": "uint8", "judged": "int16"},
    {"cause": "uint8"},
    "Debts overdue or judged; amount = what is left, in yuan; stage: 0 overdue, 1 judged",
)


class Params(Parameters):
    write_off = duration("months after which a creditor gives up a debt that nobody pays; null = never", allow_none=True)
    small = yuan("a rest of a debt not above this is forgiven")


@mechanism(
    "outcome.debts",
    on=(Rows("debts"), Rows("judgments"), Rows("payments"), Rows("write_offs")),
    params=Params,
    owns=(BOOK,),
    emits=("performances", "write_offs"),
)
def debts(batch, cols, p, luck):
    """Debts are booked, judged, paid down and, after years, given up; a judged debt paid in full is a judgment performed.

    In this order: judgments mark their debt as judged now; payments are taken off their debts, all of a month together: what leaves no more than
    `small` settles the debt, and if it was judged (also this month) that is a performance, with what was owed, by the last payment; write-offs. A row
    names its debt by its parent's id; else it goes to the subject's oldest debt, but write-offs to none. What is settled or written off leaves; new
    debts are booked under the low 16 bits of month x 16 + the running number (at most 15) of the person's new debts in the month, and a write-off
    falls due after write_off months.
    """
    book, new, made = cols.stores.debts, batch.debts, []
    judged = _find(book, batch.judgments)
    there = judged >= 0
    book.set(judged[there], stage=JUDGED, judged=cols.month)
    gone, done = _pay(book, batch.payments, p)
    made += done
    given_up = _find(book, batch.write_offs)
    gone.append(given_up[given_up >= 0])
    gone = np.unique(np.concatenate(gone))
    if len(gone):
        book.drop(gone)
    if len(new):
        sub = ((cols.month << SUB_MONTH_SHIFT) + np.minimum(running_number(new.subject), 15)) & SUB_MASK
        book.put(new, sub=sub, opened=cols.month, stage=0, judged=0)
        if p.write_off < NEVER:
            made.append(new.emit("write_offs", due=cols.month + p.write_off, ground=UNABLE))
    return made


def _find(book, rows):
    """Give the position of the debt that each row names by its parent, else the subject's oldest, else -1.

    A reminder to write off names the debt by the parent that both share in its id; it never falls back to another debt.
    """
    found = np.full(len(rows), -1, np.int64)
    if not len(rows) or not len(book):
        return found
    source, at = book.of(rows.subject)
    if rows.table != "write_offs":
        found[source[::-1]] = at[::-1]
    named = book.id[at] == rows.parent[source]
    found[source[named]] = at[named]
    return found


def _pay(book, payments, p):
    """Take payments off their debts; those that are settled leave the book, and a judged one is performed."""
    at = _find(book, payments)
    rows = np.flatnonzero(at >= 0)
    if not len(rows):
        return [np.empty(0, np.int64)], []
    debt, inverse = np.unique(at[rows], return_inverse=True)
    paid = np.zeros(len(debt), np.int64)
    np.add.at(paid, inverse, payments.amount[rows])
    owed = book.amount[debt].astype(np.int64)
    left = np.maximum(owed - paid, 0)
    settled = left <= p.small
    book.set(debt[~settled], amount=left[~settled])
    last = np.zeros(len(debt), np.int64)
    last[inverse] = rows
    performed = settled & (book.stage[debt] == JUDGED)
    return [debt[settled]], [payments.emit("performances", parent=last[performed], kind=book.kind[debt[performed]], amount=owed[performed])]
