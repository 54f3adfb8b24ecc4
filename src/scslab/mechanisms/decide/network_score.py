"""A score that reads friends: the chance, as a bureau computes it, that a person is creditworthy, from the own signal and from friends' signals.

`form: alone` reads the own signal only. Hidden friendships are not read.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import Parameters, choice, points, probability
from ...engine.declare import Sweep, mechanism
from ..network_scores import HIGH, LOW, score_of
from ..scores import SCORE
from ..ties import friends_now


class Params(Parameters):
    form = choice("what the score reads: the own signal and those of friends, or the own signal alone", ("friends", "alone"), default="friends")
    error = probability("chance of a wrong signal, as the bureau believes; above 0 and below 1")
    mixing = probability("how much rarer ties across types are than ties within one, as the bureau believes: 0 none at all, 1 as likely")
    scale = points("score of a person who is certainly creditworthy; 0 for one who certainly is not, half of it where nothing is known")

    @classmethod
    def compile(cls, plain):
        """Compile, and refuse signals that are always right or always wrong: they leave nothing to weigh."""
        made = super().compile(plain)
        if not 0 < made.error < ONE:
            raise ValueError("error must be above 0 and below 1")
        return made


@mechanism(
    "decide.network_score",
    on=Sweep(),
    params=Params,
    reads=("persons.credit_signal",),
    writes=(SCORE,),
    stores=("tie_changes",),
    networks=("friends",),
    touches=("score",),
)
def network_score(everybody, cols, p, luck):
    """Friends with good signals raise a score, friends with bad ones lower it; it is kept as the deviation from one half, as where nothing is known.

    With error e and mixing m the chance is 1 / (1 + (e / (1 - e))^own x pull^-(high - low friends)), own being 1, -1 or 0, and pull (e m + 1 - e) / (e + (1
    - e) m), in exact fractions; times scale, rounded, halves up, less half the scale, rounded down. A score that changes is announced.
    """
    who = np.arange(everybody.lo, everybody.hi)
    signal = cols.persons.credit_signal
    own, balance = (signal[who] == HIGH).astype(np.int64) - (signal[who] == LOW), np.zeros(len(who), np.int64)
    if p.form == "friends":
        source, friend = friends_now(cols, who, shown=True)
        for value, sign in ((HIGH, 1), (LOW, -1)):
            balance += sign * np.bincount(source[signal[friend] == value], minlength=len(who))
    least = int(balance.min(initial=0))
    code, inverse = np.unique((balance - least) * 3 + own + 1, return_inverse=True)
    scores = np.array([score_of(int(c) % 3 - 1, int(c) // 3 + least, p.error, p.mixing, p.scale) for c in code], np.int64)
    score = scores[inverse] - p.scale // 2
    changed = np.flatnonzero(cols.persons.score[who] != score)
    cols.persons.score[who[changed]] = score[changed]
    cols.touch("score", who[changed])
