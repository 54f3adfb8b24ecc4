"""Once a year: who stands where in a ledger, who moved between grades since the year before, and how scores go with means.

Not in every run: it takes the parameters of `decide.ledger`, which `scslab.measure.recorders.paired_blocks` hands over. Counted are living adults who
have not refused to take part; whoever has no record yet stands at the start. The sums of scores x (1/100 point, from the start) and means y (quantile
0..255), of xy, xx and yy by cell are whole numbers, so that a covariance over any group is exact.
"""

from __future__ import annotations

import numpy as np

from ...engine.declare import Column, Sweep, mechanism
from ..common import ALIVE, living
from ..scores import ENROLLED, LedgerParams, deviation, grade_of

REFUSED = ENROLLED + 1
"""Value of `persons.enrolled` for those who refused."""
CLASSES = ("low", "usual", "high")
"""Below, at and above the grade of people without records."""
NOBODY = 255
"""Value of `persons.grade_before` for those not counted a year ago."""


class Params(LedgerParams):
    """Those of the ledger itself."""


@mechanism(
    "measure.score_census",
    on=Sweep(every=12),
    params=Params,
    reads=(*ALIVE, "persons.enrolled", "persons.score", "persons.means"),
    writes=(Column("persons.grade_before", "uint8", NOBODY, "grades", "grade at the last census, lowest first; 255 not counted then"),),
    stores=("grade_overrides",),
    tallies=("score_people", "score_below", "score_above", "grade", "grade_start", "moves", "moved", "score_means"),
)
def score_census(everybody, cols, p, luck):
    """Count persons by grade, moves between grades since the last census, and sums for the covariance of score and means."""
    who = np.arange(everybody.lo, everybody.hi)
    counted = living(cols, who)
    if p.enrolled_only:
        counted &= cols.persons.enrolled[everybody.lo : everybody.hi] != REFUSED
    who = who[counted]
    value = deviation(cols.persons.score[who], cols.month, p.recovery)
    grade = _held_down(grade_of(value, p), who, cols)
    before = cols.persons.grade_before[who]
    cols.persons.grade_before[everybody.lo : everybody.hi] = NOBODY
    cols.persons.grade_before[who] = grade
    usual = int(grade_of(np.zeros(1, np.int64), p)[0])
    made = [everybody.tally_of(name, who[which]) for name, which in (("score_below", value < 0), ("score_above", value > 0), ("grade_start", grade == usual))]
    made += [everybody.tally_of("score_people", who)]
    made += [everybody.tally_of(f"grade.{p.grades[0][code]}", who[grade == code]) for code in np.unique(grade)]
    return made + _moves(everybody, who, before, grade, usual, p) + _sums(everybody, who, value, cols.persons.means[who].astype(np.int64))


def _held_down(grade, who, cols):
    """Apply grades set whatever the points."""
    store = cols.stores.grade_overrides
    if not len(store):
        return grade
    at = store.find(who)
    return np.where(at >= 0, np.minimum(grade, store.grade[at]), grade)


def _moves(everybody, who, before, grade, usual, p):
    """Tally moves FROM.TO by the names of grades, and between the three classes below, at and above the usual grade."""
    there = np.flatnonzero(before != NOBODY)
    who, before, grade = who[there], before[there].astype(np.int64), grade[there].astype(np.int64)
    pair, names = before * 256 + grade, p.grades[0]
    made = [everybody.tally_of(f"moves.{names[code >> 8]}.{names[code & 255]}", who[pair == code]) for code in np.unique(pair)]
    pair = 3 * (np.sign(before - usual) + 1) + np.sign(grade - usual) + 1
    return made + [everybody.tally_of(f"moved.{CLASSES[code // 3]}.{CLASSES[code % 3]}", who[pair == code]) for code in range(9)]


def _sums(everybody, who, x, y):
    """Tally n and the sums that a covariance and a correlation need."""
    made = [everybody.tally_of("score_means.n", who)]
    return made + [everybody.tally_of(f"score_means.{name}", who, value) for name, value in (("x", x), ("y", y), ("xy", x * y), ("xx", x * x), ("yy", y * y))]
