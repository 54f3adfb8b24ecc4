"""Pretext: after protected conduct somebody in office has the critic sued, or fined, on another ground.

The critic is sued for defamation or damages, or fined under some rule that is otherwise not enforced. Either way a claim is adjudged, and from there on
it is a debt like any other: reported by the court when it stays unpaid, and listed. Nothing on the face of the record tells it from other debts; the truth
column `cause` says `pretext` all along the chain, so that measures find its root (class W5a). A suit that fails leaves nothing.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, duration, names, probability, share, yuan
from ...engine.declare import Rows, mechanism
from ..common import ALIVE, between, living
from ..kinds import CAUSE, KIND, PROTECTED
from ..tables_pretext import WAY

PRETEXT, CLAIM, MISSED = CAUSE.code("pretext"), KIND.code("pretext_claim"), KIND.code("missed_payment")
SUIT, FINE = WAY.code("suit"), WAY.code("fine")


class Params(Parameters):
    kinds = names("protected conduct that is answered so", KIND, codes=True, default=PROTECTED)
    answered = probability("share of such acts seen by a sensor that are answered with a claim on another ground", neutral=0)
    sued = share("share of those answers that are civil suits; the others are fines")
    stands = probability("share of claims that a court upholds, by way", by=WAY)
    low = yuan("smallest claim, by way", by=WAY)
    high = yuan("largest claim, by way", by=WAY)
    delay = duration("months from the act to the judgment, or until the fine is final")

    @classmethod
    def compile(cls, plain):
        """Compile, and check that the smallest claim is not above the largest."""
        made = super().compile(plain)
        if (made.low > made.high).any():
            raise ValueError("low: the smallest claim must not lie above the largest (high)")
        return made


@mechanism(
    "observe.pretext",
    on=(Rows("observations", kinds="kinds"), Rows("debts", kinds=("pretext_claim",))),
    params=Params,
    reads=ALIVE,
    draws=("answer", "way", "stand", "size"),
    emits=("pretexts", "debts", "judgments"),
    lagged=("debts",),
)
def pretext(batch, cols, p, luck):
    """Some protected acts that were seen are answered with a suit or fine on another ground; what is adjudged is a debt.

    What a living adult was seen doing is answered if the word `answer` is below answered, by a suit if `way` is below sued, else by a fine; it stands if
    `stand` is below stands; the sum is spread over low..high by `size`. What stands becomes a debt after the delay; when that debt comes by, it is judged a
    month later.
    """
    made, seen, claims = [], batch.observations, batch.debts
    if len(claims):
        # A month later, because a judgment finds its debt only once that stands in the book of debts.
        made.append(claims.emit("judgments", parent=np.arange(len(claims)), kind=MISSED, able=1, due=cols.month + 1))
    at = np.flatnonzero(luck.of(seen).below("answer", p.answered) & living(cols, seen.subject)) if len(seen) else np.empty(0, np.int64)
    if not len(at):
        return made
    drawn = luck.of(seen)
    way = np.where(drawn.below("way", p.sued, at), SUIT, FINE)
    stands = drawn.below("stand", p.stands[way], at)
    amount = between(drawn.words("size", at), p.low[way], p.high[way])
    made.append(seen.emit("pretexts", parent=at, way=way, stands=stands, amount=amount))
    held = at[stands]
    return [*made, seen.emit("debts", parent=held, kind=CLAIM, amount=amount[stands], cause=PRETEXT, due=cols.month + p.delay)]
