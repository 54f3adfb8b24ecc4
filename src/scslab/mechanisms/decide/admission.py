"""Admission by the score that is shown: from the cut on, and nobody below it. The decision sees nothing else."""

from __future__ import annotations

from ...base.parameters import Parameters, points
from ...engine.declare import Column, Sweep, mechanism


class Params(Parameters):
    cut = points("score shown from which on an applicant is admitted")


@mechanism(
    "decide.admission",
    on=Sweep(),
    params=Params,
    reads=("persons.shown_score",),
    writes=(Column("persons.admitted", "uint8", 0, "", "admitted this month"),),
)
def admission(everybody, cols, p, luck):
    """Admit those whose score shown reaches the cut.

    Everybody is looked at every month; what nobody shows is 0.
    """
    mine = slice(everybody.lo, everybody.hi)
    cols.persons.admitted[mine] = cols.persons.shown_score[mine] >= p.cut
