"""Scores moved, and grades lowered, for somebody else's record."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, flag
from ...engine.declare import Rows, mechanism


class Params(Parameters):
    own = flag("count also what comes back to the person whose record it was", default=False)


@mechanism(
    "measure.association",
    on=(Rows("postings", kinds=("association",)), Rows("grades", kinds=("association",))),
    params=Params,
    tallies=("association_points", "association_falls"),
)
def association(batch, cols, p, luck):
    """Count postings and lowered grades for the sake of others."""
    points, grades = batch.postings, batch.grades
    others = np.ones(len(points), bool) if p.own else points.true_actor != points.subject
    fell = grades.grade < grades.previous
    fell &= p.own | (grades.true_actor != grades.subject)
    return [points.tally("association_points", np.flatnonzero(others)), grades.tally("association_falls", np.flatnonzero(fell))]
