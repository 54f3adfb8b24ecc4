"""What a grade brings: perks for the high, restrictions for the low, by names chosen in the regime (`enforce.grade_measures:LABEL`)."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, names, table
from ...engine.declare import Rows, mechanism
from ..kinds import MEASURE


class Params(Parameters):
    grades = names("grades of the ledger, lowest first, as its cut-offs order them")
    execution = table("share of persons of a grade for whom a measure or perk is carried out, named GRADE.measure", unit="share")

    @classmethod
    def compile(cls, plain):
        """Compile, and check that every name is GRADE.measure."""
        made = super().compile(plain)
        for name in made.execution[0]:
            grade, _, measure = name.partition(".")
            if grade not in made.grades:
                raise ValueError(f"execution: '{name}' is not of the form GRADE.measure with a grade of {', '.join(made.grades)}")
            try:
                MEASURE.code(measure)
            except ValueError as error:
                raise ValueError(f"execution: {error}") from None
        return made


@mechanism("enforce.grade_measures", on=Rows("grades"), params=Params, draws=("execute",), emits=("impositions",))
def grade_measures(grades, cols, p, luck):
    """A new grade replaces the measures and perks of the old one.

    Of a person's last change of grade in the month: each measure of the new grade is carried out when the word `execute`, with the measure's code as
    ordinal, is below its share. There is a row even when there is none, for it replaces the old ones.
    """
    mask = np.zeros(len(grades), np.int64)
    for name, share in zip(*p.execution, strict=True):
        grade, _, measure = name.partition(".")
        code = MEASURE.code(measure)
        at = np.flatnonzero(grades.grade == p.grades.index(grade))
        hit = at if share >= 1 << 31 else at[luck.words("execute", at, code) < share]
        mask[hit] |= 1 << code
    last = np.append(grades.subject[1:] != grades.subject[:-1], True) if len(grades) else np.empty(0, bool)
    return grades.emit("impositions", parent=np.flatnonzero(last), list=cols.label, mask=mask[last], spill=0)
