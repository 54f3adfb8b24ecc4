"""What merchants give to those with a high platform score: each has its own threshold (`enforce.perks:PLATFORM`)."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, table
from ...engine.declare import Rows, mechanism
from ..kinds import MEASURE
from ..tables_platform import WORTH

assert WORTH


class Params(Parameters):
    thresholds = table("lowest score with which a merchant gives a perk, named MERCHANT.perk", unit="points")
    worth = table("what the perk is worth a month to a customer, named MERCHANT.perk", unit="yuan")

    @classmethod
    def compile(cls, plain):
        """Compile, and check that both tables name the same perks."""
        made = super().compile(plain)
        if made.thresholds[0] != made.worth[0]:
            odd = sorted(set(made.thresholds[0]) ^ set(made.worth[0]))
            raise ValueError(f"thresholds and worth name different perks: {', '.join(odd)}")
        for name in made.worth[0]:
            merchant, _, perk = name.partition(".")
            if not merchant or perk not in MEASURE:
                raise ValueError(f"'{name}' is not of the form MERCHANT.perk with a perk of {', '.join(MEASURE.names)}")
        return made


@mechanism(
    "enforce.perks",
    on=(Rows("platform_scores", match="list"), Rows("platform_exits", match="list")),
    params=Params,
    stores=("burdens",),
    emits=("impositions", "platform_worth"),
    lagged=("burdens",),
)
def perks(batch, cols, p, luck):
    """A member has the perks of all merchants whose threshold the score reaches; whoever leaves has none.

    The perks are imposed where the book of measures holds others for this label. Every changed score tells what its perks are worth, and what all are.
    """
    made, full = [], int(p.worth[1].sum())
    for rows, stays in ((batch.platform_scores, True), (batch.platform_exits, False)):
        mask, worth = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
        for name, cut, value in zip(*p.thresholds, p.worth[1], strict=True) if stays else ():
            reached = rows.score >= cut
            mask |= reached.astype(np.int64) << MEASURE.code(name.partition(".")[2])
            worth += np.where(reached, value, 0)
        held = cols.stores.burdens.find(rows.subject, cols.label)
        before = cols.stores.burdens.value("mask", held)
        new = np.flatnonzero(mask != before)
        made.append(rows.emit("impositions", parent=new, list=cols.label, mask=mask[new], spill=0))
        if stays:
            made.append(rows.emit("platform_worth", list=cols.label, worth=worth, full=full))
    return made
