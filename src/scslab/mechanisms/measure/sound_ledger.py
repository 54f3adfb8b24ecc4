"""The ledger evaluated a second time, without unsound records: whose grade fell only because of them.

Not in every run: it takes the parameters of `decide.ledger`, which `scslab.measure.recorders.paired_blocks` hands over.
"""

from __future__ import annotations

import numpy as np

from ...engine.declare import Column, Rows, mechanism
from ..scores import LedgerParams, awarded, counted, deviation, grade_of, stored_form
from ..wrongfulness import is_unsound


class Params(LedgerParams):
    """Those of the ledger itself."""


@mechanism(
    "measure.sound_ledger",
    on=(Rows("records"), Rows("record_ends"), Rows("awards"), Rows("score_orders"), Rows("grades")),
    params=Params,
    reads=("persons.enrolled", "persons.score"),
    writes=(Column("persons.sound_score", "int32", 0, "1/100 point", "ledger score without unsound records", truth=True),),
    tallies=("grades_lowered", "grades_lowered_wrongly", "grades_lowered_tainted"),
)
def sound_ledger(batch, cols, p, luck):
    """Keep the score without unsound records, and count grades that fell because of them."""
    score, orders = cols.persons.sound_score, batch.score_orders
    if len(orders):
        score[orders.subject] = stored_form(orders.points.astype(np.int64) - p.start, cols.month - 1, p.recovery)
    sources = [(batch.records, 1)] + ([(batch.record_ends, -1)] if p.end_with_record else [])
    moved = []
    for rows, sign in sources:
        if len(rows):
            at = counted(rows, cols, p)
            at = at[~is_unsound(rows)[at]]
            moved.append((rows.subject[at], sign * p.per_record[rows.kind[at]]))
    if len(batch.awards):
        at = awarded(batch.awards, cols, p)
        at = at[~is_unsound(batch.awards)[at]]
        moved.append((batch.awards.subject[at], batch.awards.points[at].astype(np.int64)))
    if moved:
        subject, inverse = np.unique(np.concatenate([who for who, _ in moved]), return_inverse=True)
        delta = np.zeros(len(subject), np.int64)
        np.add.at(delta, inverse, np.concatenate([change for _, change in moved]))
        after = deviation(score[subject], cols.month - 1, p.recovery) + delta
        score[subject] = stored_form(np.clip(after, p.floor - p.start, p.cap - p.start), cols.month, p.recovery)
    return _fallen(batch.grades, cols, p) if len(batch.grades) else None


def _fallen(grades, cols, p):
    """Compare a lowered grade with that of the sound score: wrong where that is higher, tainted where only points differ."""
    low = np.flatnonzero(grades.grade < grades.previous)
    who = grades.subject[low]
    actual = deviation(cols.persons.score[who], cols.month, p.recovery)
    sound = deviation(cols.persons.sound_score[who], cols.month, p.recovery)
    wrong = (grade_of(sound, p) > grades.grade[low]) & (grade_of(sound, p) > grade_of(actual, p))
    tainted = ~wrong & (sound != actual)
    return [
        grades.tally("grades_lowered", low),
        grades.tally("grades_lowered_wrongly", low[wrong]),
        grades.tally("grades_lowered_tainted", low[tainted]),
    ]
