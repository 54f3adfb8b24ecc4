"""A score that goes back to its baseline by a fixed share of the distance each period: what was long ago counts ever less.

A ledger with `recovery` goes back by as many points whatever the distance, and only upwards; this one from both sides, without floor or cap.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...base.luck import ONE
from ...base.parameters import Parameters, share
from ...engine.declare import Column, Rows, Sweep, mechanism


class Params(Parameters):
    """How fast it fades."""

    left = share("share of the distance from the baseline that is left a period later")


@mechanism(
    "decide.fading_score",
    on=(Rows("awards"), Sweep()),
    params=Params,
    writes=(Column("persons.fading_score", "int32", 0, "1/100 point", "distance of the fading score from its baseline"),),
)
def fading_score(batch: Any, cols: Any, p: Params, luck: Any) -> Any:
    """Every score loses a share of its distance from the baseline; then this period's points are added.

    A distance becomes distance x left over 2^31, rounded, halves up.
    """
    score, everybody, awards = cols.persons.fading_score, batch.everybody, batch.awards
    if len(everybody):
        mine = slice(everybody.lo, everybody.hi)
        score[mine] = (score[mine].astype(np.int64) * p.left + ONE // 2) >> 31
    if len(awards):
        np.add.at(score, awards.subject, awards.points)
