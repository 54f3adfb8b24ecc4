"""The arithmetic of a point ledger, shared by the ledger itself and by its second evaluation without unsound records."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base.parameters import Parameters, duration, flag, names, points, steps, text
from ..engine.declare import Column
from .kinds import KIND

SCORE = Column("persons.score", "int32", 0, "1/100 point", "deviation of the ledger score from its start, see decide.ledger")

ENROLLED = 1
"""Value of `persons.enrolled` for those who take part."""


class LedgerParams(Parameters):
    """What defines a ledger."""

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


def deviation(stored: Any, month: int, recovery: int) -> np.ndarray:
    """Give the deviation from the start, 1/100 point, at a month, from the stored column."""
    value = np.asarray(stored).astype(np.int64)
    return np.where(value < 0, np.minimum(0, value + recovery * month), value) if recovery else value


def stored_form(value: np.ndarray, month: int, recovery: int) -> np.ndarray:
    """Give the stored column of a deviation reached at a month: the inverse of `deviation`."""
    return np.where(value < 0, value - recovery * month, value) if recovery else value


def grade_of(value: np.ndarray, p: Any) -> np.ndarray:
    """Give the index of the grade of a deviation; 0 is the lowest."""
    return np.maximum(np.searchsorted(p.grades[1], value + p.start, side="right") - 1, 0).astype(np.uint8)


def counted(rows: Any, cols: Any, p: Any) -> np.ndarray:
    """List the rows that move a score: of a kind with points, of a person who has a score."""
    counts = p.per_record[rows.kind] != 0
    return np.flatnonzero(counts & (cols.persons.enrolled[rows.subject] == ENROLLED) if p.enrolled_only else counts)


def awarded(rows: Any, cols: Any, p: Any) -> np.ndarray:
    """List the rows of `awards` that move a score: those of persons who have one."""
    return np.flatnonzero(cols.persons.enrolled[rows.subject] == ENROLLED) if p.enrolled_only else np.arange(len(rows))
