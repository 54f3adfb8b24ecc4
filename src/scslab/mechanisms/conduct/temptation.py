"""Chances to break the norm of a small group for an advantage: each with its own likelihood of being seen; the bold take the riskier ones."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count
from ...engine.declare import Sweep, mechanism
from ..common import ALIVE, living
from ..kinds import KIND
from ..norms import BOLDNESS, BREACHES, CHANCES, THRESHOLD, bold

assert BREACHES
BREACH = KIND.code("norm_breach")


class Params(Parameters):
    chances = count("chances that each person has in a generation, at most 16", high=CHANCES)


@mechanism("conduct.temptation", on=Sweep(), params=Params, reads=(*ALIVE, *BOLDNESS), draws=("open",), emits=("norm_breaches",))
def temptation(everybody, cols, p, luck):
    """Whoever's boldness exceeds the chance of being seen breaks the norm.

    Boldness and vengefulness have levels 0 to 7: what was learned, less 1, or, where nothing was (0), the eighth of the scale of `boldness` or
    `conscientiousness` in which the trait lies. Each adult has `chances`: the word `open` of the person's number, the number of the chance (from 0) as
    ordinal, is the chance of being seen by another; below level / 7 of boldness, the norm is broken.
    """
    who = np.arange(everybody.lo, everybody.hi)
    at = np.flatnonzero(living(cols, who))
    limit, made = THRESHOLD[bold(cols.persons, who[at])], []
    for chance in range(p.chances):
        seen = luck.at("open", who[at], chance).astype(np.int64)
        breaks = np.flatnonzero(seen < limit)
        made.append(everybody.emit("norm_breaches", parent=at[breaks], kind=BREACH, chance=chance, open=seen[breaks]))
    return made
