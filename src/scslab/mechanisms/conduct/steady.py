"""Acts at a fixed chance: for exact cases, published models and teaching, where nobody's traits matter."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...base.luck import ONE
from ...base.parameters import Parameters, choice, probability
from ...engine.declare import Sweep, mechanism
from ...world.persons import TRAITS
from ..common import ALIVE, falling, living, thinned
from ..kinds import KIND


class Params(Parameters):
    """How often everybody acts."""

    chance = probability("chance that a person does one act of the kind in a period", by=KIND, partial=0)
    form = choice("whether kinds are drawn apart, or a person does one act a period at most, of one kind", ("apart", "one"), default="apart")
    falls_with = choice("trait with which the chance falls, to nothing at its highest; none = all act alike", ("none", *TRAITS), default="none")

    @classmethod
    def compile(cls, plain: Any) -> Any:
        """Compile, and refuse chances of one act that add up to more than certainty."""
        made = super().compile(plain)
        if made.form == "one" and int(made.chance.sum()) > ONE:
            raise ValueError("chance: the chances of all kinds add up to more than 1, and only one act is done")
        return made


@mechanism("conduct.steady", on=Sweep(), params=Params, reads=(*ALIVE, *(f"persons.{trait}" for trait in TRAITS)), draws=("act",), emits=("acts",))
def steady(everybody: Any, cols: Any, p: Params, luck: Any) -> Any:
    """All adults act alike, with a fixed chance a period for each kind of act.

    The chance is that of the kind x falling `falls_with`; who has the highest value of the trait never acts. `apart`: the word `act` of the person's
    number, the kind's code as ordinal, is below it. `one`: a single word (ordinal 0) is below the sum of the chances of the kinds up to one, in order of
    code and each sum x falling, and not below the sum before. Amount and cause are 0.
    """
    subject = everybody.subject
    able = np.flatnonzero(living(cols, subject))
    factor = None
    if p.falls_with != "none":
        quantile = getattr(cols.persons, p.falls_with)[subject[able]]
        able, quantile = able[quantile < 255], quantile[quantile < 255]
        factor = falling(quantile)
    if p.form == "one":
        return _one(everybody, able, factor, p, luck)
    made = []
    for kind in np.flatnonzero(p.chance):
        chance = int(p.chance[kind]) if factor is None else thinned(int(p.chance[kind]), factor)
        at = able if factor is None and chance >= ONE else able[luck.at("act", subject[able], int(kind)) < chance]
        made.append(everybody.emit("acts", parent=at, kind=int(kind)))
    return made


def _one(everybody: Any, able: Any, factor: Any, p: Params, luck: Any) -> Any:
    """Draw one word a person, which says whether there is an act and of which kind."""
    kinds = np.flatnonzero(p.chance)
    ends = np.cumsum(p.chance[kinds])
    word = luck.at("act", everybody.subject[able]).astype(np.int64)
    which = np.searchsorted(ends, word, side="right") if factor is None else (word[:, None] >= thinned(ends[None, :], factor[:, None])).sum(axis=1)
    acts = np.flatnonzero(which < len(kinds))
    return everybody.emit("acts", parent=able[acts], kind=kinds[which[acts]])
