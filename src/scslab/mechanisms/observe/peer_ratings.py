"""Everybody sees what a person did and judges it by one norm: a public verdict, right or mistaken."""

from __future__ import annotations

from ...base.parameters import Parameters, choice, probability
from ...engine.declare import Rows, mechanism
from ..peers import NORM_NAMES, judged_good


class Params(Parameters):
    norm = choice("by which norm people judge", NORM_NAMES)
    errs = probability("chance that the verdict is mistaken")


@mechanism(
    "observe.peer_ratings",
    on=Rows("encounters"),
    params=Params,
    reads=("persons.standing",),
    draws=("err",),
    emits=("peer_ratings",),
)
def peer_ratings(met, cols, p, luck):
    """Peers judge each encounter by what was done and to whom, and now and then mistake it.

    The verdict by the norm, given whether help was given and whether the other's standing is good, is turned round if the word `err` is below errs.
    """
    good = judged_good(p.norm, met.helped > 0, cols.persons.standing[met.other] > 0)
    return met.emit("peer_ratings", good=good ^ luck.below("err", p.errs))
