"""The point ledger: records move a score with floor, cap and recovery; cut-offs and overrides make grades.

The stored score is a deviation from the start in 1/100 point. Where points recover, a negative deviation x is stored as
x - recovery * month, so that the score of any later month is a closed form (`deviation`) and idle persons cost nothing.
"""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...engine.declare import Rows, Store, mechanism, table
from ..common import among
from ..scores import ENROLLED, SCORE, LedgerParams, awarded, counted, deviation, grade_of, stored_form

table("overrides_due", {}, {}, "A reminder that a grade set whatever the points is over.")


class Params(LedgerParams):
    """A ledger of points."""


@mechanism(
    "decide.ledger",
    on=(Rows("records"), Rows("record_ends"), Rows("awards"), Rows("score_orders"), Rows("overrides_due")),
    params=Params,
    reads=("persons.enrolled",),
    writes=(SCORE,),
    owns=(Store("grade_overrides", {"grade": "uint8", "until": "int16"}, {}, "Grades set whatever the points"),),
    emits=("postings", "grades", "overrides_due"),
    touches=("score",),
    lagged=("score_orders", "overrides_due"),
)
def ledger(batch, cols, p, luck):
    """Records and awards move the score; floor and cap clamp it, and the clamp is posted too; cut-offs and overrides make the grade.

    Orders come first: they set the score as of the end of last month. Then records (points by kind), ends of records (the same points taken back, if
    end_with_record) and awards move the scores of those who have one (enrolled_only: persons.enrolled = 1): the deviation at the end of last month
    plus all changes, cut to floor and cap. Each change is a posting; what the cut took or gave is the clamp, on the person's last change in the order
    records, ends, awards. Postings that share a person, kind and parent id are numbered awards, ends, records. The grade is the highest step reached,
    at least the lowest, and never above an override in force; a change is told with the last change of points as its cause. A record of an override
    kind, the person's first of the month, then sets override_grade for override_months (from this month on, in place of an earlier one), and is told
    where it lowers or raises the grade in force. When an override is over, the grade by points is told if it differs; one renewed this month goes on.
    """
    score, orders = cols.persons.score, batch.score_orders
    if len(orders):  # set as of the end of last month, before this month's records
        score[orders.subject] = stored_form(orders.points.astype(np.int64) - p.start, cols.month - 1, p.recovery)
        cols.touch("score", orders.subject)
    sources = [(batch.records, 1)] + ([(batch.record_ends, -1)] if p.end_with_record else [])
    moved = [(rows, at, sign * p.per_record[rows.kind[at]]) for rows, sign in sources for at in [counted(rows, cols, p)] if len(at)]
    if len(batch.awards):
        at = awarded(batch.awards, cols, p)
        moved += [(batch.awards, at, batch.awards.points[at].astype(np.int64))] if len(at) else []
    made = []
    if moved:
        who = np.concatenate([rows.subject[at] for rows, at, _ in moved])
        subject, inverse = np.unique(who, return_inverse=True)
        delta = np.zeros(len(subject), np.int64)
        np.add.at(delta, inverse, np.concatenate([change for _, _, change in moved]))
        before = deviation(score[subject], cols.month - 1, p.recovery)
        wanted = before + delta
        after = np.clip(wanted, p.floor - p.start, p.cap - p.start)
        score[subject] = stored_form(after, cols.month, p.recovery)
        cols.touch("score", subject)
        made += _postings(moved, subject, after - wanted)
        ceiling = _ceiling(cols, subject)
        made += _grades(moved, subject, np.minimum(grade_of(before, p), ceiling), np.minimum(grade_of(after, p), ceiling))
    return made + _overrides(batch, cols, p)


def _postings(moved, subject, clamp):
    """Post each change; the clamp of a person's month goes on that person's last posting."""
    made, open_clamp = [], clamp.copy()
    for rows, at, change in reversed(moved):
        owner = np.searchsorted(subject, rows.subject[at])
        last = np.ones(len(at), bool)
        last[:-1] = owner[1:] != owner[:-1]
        share = np.where(last, open_clamp[owner], 0)
        open_clamp[owner] = 0
        made.append(rows.emit("postings", parent=at, points=change, clamp=share))
    return made


def _grades(moved, subject, before, after):
    """Say whose grade changed, with the last record that moved the score as its cause."""
    made, left = [], before != after
    for rows, at, _ in reversed(moved):
        owner = np.searchsorted(subject, rows.subject[at])
        last = np.ones(len(at), bool)
        last[:-1] = owner[1:] != owner[:-1]
        mine = last & left[owner]
        left[owner[mine]] = False
        made.append(rows.emit("grades", parent=at[mine], grade=after[owner[mine]], previous=before[owner[mine]]))
    return made


def _ceiling(cols, subject):
    """Give the grade that an override in force sets for each person, the highest code where there is none."""
    store = cols.stores.grade_overrides
    at = store.find(subject)
    return np.where(at >= 0, store.grade[at], 255) if len(store) else np.full(len(subject), 255)


def _overrides(batch, cols, p):
    """Hold the grade down for records of the override kinds, and let it go when the time is over; a lower grade by points stays."""
    made, store, records = [], cols.stores.grade_overrides, batch.records
    hit = np.flatnonzero(among(records.kind, p.override_kinds)) if len(p.override_kinds) else np.empty(0, np.int64)
    hit = hit[cols.persons.enrolled[records.subject[hit]] == ENROLLED] if p.enrolled_only else hit
    if len(hit):
        _, first = np.unique(records.subject[hit], return_index=True)
        hit = hit[first]
        who = records.subject[hit]
        by_points = grade_of(deviation(cols.persons.score[who], cols.month, p.recovery), p)
        grade, current = p.grades[0].index(p.override_grade), np.minimum(by_points, _ceiling(cols, who))
        until = min(cols.month + p.override_months, NEVER)
        store.put(records, hit, grade=grade, until=until)
        low = np.minimum(by_points, grade)
        made.append(records.emit("grades", parent=hit[low != current], grade=low[low != current], previous=current[low != current]))
        if until < NEVER:
            made.append(records.emit("overrides_due", parent=hit, due=until))
    due = batch.overrides_due
    at = store.find(due.subject)
    over = np.flatnonzero((at >= 0) & (store.until[at] <= cols.month)) if len(store) else np.empty(0, np.int64)
    over = over[~np.isin(due.subject[over], records.subject[hit])]
    if len(over):
        store.drop(at[over])
        now = grade_of(deviation(cols.persons.score[due.subject[over]], cols.month, p.recovery), p)
        held = np.minimum(now, store.grade[at[over]])
        made.append(due.emit("grades", parent=over[now != held], grade=now[now != held], previous=held[now != held]))
    return made
