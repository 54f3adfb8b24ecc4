"""Points that come and go by many small records: their sum in a period is normally distributed about nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...base.parameters import Parameters, choice, points
from ...engine.declare import Sweep, mechanism
from ..common import ALIVE, living
from ..kinds import KIND
from ..normal import SHIFT, normal


class Params(Parameters):
    """How much it is."""

    spread = points("standard deviation of a person's sum in a period")
    named_as = choice("kind of record that it is posted as", KIND.names, default="passing")

    @classmethod
    def compile(cls, plain: Any) -> Any:
        """Compile, and refuse a negative spread."""
        made = super().compile(plain)
        if made.spread < 0:
            raise ValueError("spread: a standard deviation is not negative")
        return made


@mechanism("record.small_change", on=Sweep(), params=Params, reads=ALIVE, draws=("sum",), emits=("awards",))
def small_change(everybody: Any, cols: Any, p: Params, luck: Any) -> Any:
    """Everybody's points move a little, up or down, for many small things.

    An adult's amount is `normal.normal` of this month's word `sum`, by person, times spread, rounded, halves up; none is not posted. The word's lowest bit
    is the sign; the next 12 from the top choose a cell between knots, even quantiles of the absolute value, the other 18 the way through it. The last of
    the 4,096 cells is cut again by 12 more bits, its end being 2^-31 from certainty.
    """
    if not p.spread:
        return None
    subject = everybody.subject
    able = np.flatnonzero(living(cols, subject))
    moved = (normal(luck.at("sum", subject[able])) * p.spread + (1 << (SHIFT - 1))) >> SHIFT
    some = np.flatnonzero(moved)
    return everybody.emit("awards", parent=able[some], kind=KIND.code(p.named_as), points=moved[some])
