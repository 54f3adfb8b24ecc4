"""Who approves: answers of the survey, stated and private, by education, by information, and by what the system brought the person."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, mechanism

DISAPPROVES, APPROVES = 0, 2
TOUCHED = ("untouched", "perk", "restricted")


@mechanism(
    "measure.approval",
    on=Rows("answers"),
    reads=("persons.education",),
    tallies=("answers", "approve_stated", "approve_private", "disapprove_stated"),
)
def approval(answers, cols, p, luck):
    """Count answers, and who approves or disapproves, for everybody and by education, information, and perk or restriction."""
    education = cols.persons.education[answers.subject]
    groups = [("", np.ones(len(answers), bool))]
    groups += [(f".education{code}", education == code) for code in np.unique(education)]
    groups += [(f".{('uninformed', 'informed')[code]}", answers.informed == code) for code in np.unique(answers.informed)]
    groups += [(f".{TOUCHED[code]}", answers.touched == code) for code in np.unique(answers.touched)]
    made = []
    for name, which in groups:
        made.append(answers.tally(f"answers{name}", which))
        made.append(answers.tally(f"approve_stated{name}", which & (answers.stated == APPROVES)))
        made.append(answers.tally(f"approve_private{name}", which & (answers.private == APPROVES)))
        made.append(answers.tally(f"disapprove_stated{name}", which & (answers.stated == DISAPPROVES)))
    return made
