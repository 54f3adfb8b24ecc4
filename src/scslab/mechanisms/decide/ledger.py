"""The point ledger: records move a score with floor, cap and recovery; cut-offs and overrides make grades.

The stored score is a deviation from the start in 1/100 point. Where points recover, a negative deviation x is stored as
x - recovery * month, so that the score of any later month is a closed form (`deviation`) and idle persons cost nothing.
"""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import Parameters, duration, flag, names, points, steps, text
from ...engine.declare import Column, Rows, Store, mechanism, table
from ..kinds import KIND

ENROLLED = 1
"""Value of `persons.enrolled` for those who take part."""

table("overrides_due", {}, {}, "A reminder that a grade set whatever the points is over.")


class Params(Parameters):
    start = points("score of a person without records")
    floor = points("lowest score")
    cap = points("highest score")
    per_record = points("points per record, by kind", by=KIND, partial=0)
    recovery = points("points a month by which a score below the start recovers")
    end_with_record = flag("points lapse when their record ends (validity period)", default=True)
    grades = steps("lower cut-offs of the grades", unit="points")
    override_kinds = names("kinds whose record sets a grade whatever the points", KIND, codes=True, default=())
    override_grade = text("the grade that such a record sets", default="")
    override_months = duration("months that such a grade lasts; null = for ever", allow_none=True)
    enrolled_only = flag("only persons enrolled by `record.enrolment` have a score", default=False)


def deviation(stored, month, recovery):
    """Give the deviation from the start, 1/100 point, at a month, from the stored column."""
    value = np.asarray(stored).astype(np.int64)
    return np.where(value < 0, np.minimum(0, value + recovery * month), value) if recovery else value


def stored_form(value, month, recovery):
    """Give the stored column of a deviation reached at a month: the inverse of `deviation`."""
    return np.where(value < 0, value - recovery * month, value) if recovery else value


def grade_of(value, p):
    """Give the index of the grade of a deviation; 0 is the lowest."""
    return np.maximum(np.searchsorted(p.grades[1], value + p.start, side="right") - 1, 0).astype(np.uint8)


@mechanism(
    "decide.ledger",
    on=(Rows("records"), Rows("record_ends"), Rows("score_orders"), Rows("overrides_due")),
    params=Params,
    reads=("persons.enrolled",),
    writes=(Column("persons.score", "int32", 0, "1/100 point", "deviation of the ledger score from its start, see decide.ledger"),),
    owns=(Store("grade_overrides", {"grade": "uint8", "until": "int16"}, {}, "Grades set whatever the points"),),
    emits=("postings", "grades", "overrides_due"),
    touches=("score",),
    lagged=("score_orders", "overrides_due"),
)
def ledger(batch, cols, p, luck):
    """Records move the score; floor and cap clamp it, and the clamp is posted too; cut-offs and overrides make the grade."""
    score, orders = cols.persons.score, batch.score_orders
    if len(orders):  # set as of the end of last month, before this month's records
        score[orders.subject] = stored_form(orders.points.astype(np.int64) - p.start, cols.month - 1, p.recovery)
        cols.touch("score", orders.subject)
    sources = [(batch.records, 1)] + ([(batch.record_ends, -1)] if p.end_with_record else [])
    moved = [(rows, at, sign * p.per_record[rows.kind[at]]) for rows, sign in sources for at in [_counted(rows, cols, p)] if len(at)]
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


def _counted(rows, cols, p):
    """List the rows that move a score: of a kind with points, of a person who has a score."""
    counts = p.per_record[rows.kind] != 0
    return np.flatnonzero(counts & (cols.persons.enrolled[rows.subject] == ENROLLED) if p.enrolled_only else counts)


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
    hit = np.flatnonzero(np.isin(records.kind, p.override_kinds)) if len(p.override_kinds) else np.empty(0, np.int64)
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
