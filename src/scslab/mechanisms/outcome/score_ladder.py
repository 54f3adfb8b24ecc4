"""Loans that move scores: who repays climbs, who defaults falls, and who is refused stays where he is.

The lending problems of Liu and others (2018) and of D'Amour and others (2020). A score says how likely its holder repays and nothing else
does; the lender's cut may differ by group (bit 8 of `persons.role`, a neutral label drawn at synthesis), repayment may not. Everybody
applies each month, or one person of each place at a time.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import Domain, Parameters, check_same_names, choice, count, points, steps, table
from ...engine.declare import Column, Sweep, mechanism
from ..sites import whole_places

GROUP = Domain("group", ("unmarked", "marked"))
MARKED = 8
"""Bit of `persons.role`: the made-up minority label."""


class Params(Parameters):
    applicants = choice("who applies: everybody once a month, or one person of each place at a time", ("everybody", "one"), default="everybody")
    applications = count("applications a month in each place, one after the other (one)", unit="applications")
    low = points("lowest score")
    high = points("highest score")
    bands = steps("lowest scores of the bands of repayment", unit="points")
    repays = table("chance that a loan is repaid, by band", unit="probability")
    cut = points("lowest score with which a loan is granted", by=GROUP)
    up = points("points gained by repaying")
    down = points("points lost by a default")

    @classmethod
    def compile(cls, plain):
        """Compile, and check that each band has a chance."""
        made = super().compile(plain)
        check_same_names(made.bands[0], made.repays[0], "bands and chances name different bands")
        return made


@mechanism(
    "outcome.score_ladder",
    on=Sweep(),
    params=Params,
    reads=("persons.role", "places.start"),
    writes=(
        Column("persons.loan_score", "int32", 0, "1/100 point", "score that loans move"),
        Column("persons.loans_granted", "int32", 0, "loans", "loans granted so far"),
        Column("persons.loans_repaid", "int32", 0, "loans", "loans repaid so far"),
    ),
    draws=("applicant", "repay"),
)
def score_ladder(everybody, cols, p, luck):
    """The lender grants a loan from the cut on; it is repaid or not, and the score climbs or falls.

    `everybody`: each person applies, with the word `repay` of the person's number. `one`: in each place, so many times a month, the person that the word
    `applicant` of the place's number (the application, from 0, as ordinal) falls upon, spread evenly; with the word `repay` of the same. The score, kept within
    low..high, must reach the cut of the group (bit 8 of the role). The loan is repaid when the word is below the chance of the highest band whose cut-off the
    score reaches, or of the lowest; the score then changes by `up` or `down`, within low..high.
    """
    chance = dict(zip(*p.repays, strict=True))
    chances = np.array([chance[name] for name in p.bands[0]], np.int64)
    if p.applicants == "everybody":
        who = np.arange(everybody.lo, everybody.hi)
        _lend(who, luck.at("repay", who), cols, p, chances)
        return
    place, start, stop = whole_places(cols, everybody)
    for application in range(p.applications):
        word = luck.at("applicant", place, application).astype(np.int64)
        who = start + (word * (stop - start) >> 31)
        _lend(who, luck.at("repay", place, application), cols, p, chances)


def _lend(who, words, cols, p, chances):
    """Decide one application each."""
    persons = cols.persons
    score = np.clip(persons.loan_score[who].astype(np.int64), p.low, p.high)
    granted = score >= p.cut[(persons.role[who] & MARKED) // MARKED]
    who, score = who[granted], score[granted]
    band = np.maximum(np.searchsorted(p.bands[1], score, side="right") - 1, 0)
    repaid = words[granted] < np.minimum(chances[band], ONE)
    persons.loans_granted[who] += 1
    persons.loans_repaid[who] += repaid
    persons.loan_score[who] = np.clip(np.where(repaid, score + p.up, score - p.down), p.low, p.high)
