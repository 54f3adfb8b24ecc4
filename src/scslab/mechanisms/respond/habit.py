"""Habit (`respond.habit:RULE`): what people got used to while a rule was enforced they go on doing after its repeal."""

from __future__ import annotations

from ...base.parameters import Parameters, names, share
from ...engine.declare import Modifies, mechanism
from ..kinds import KIND
from ..restraint import DETERRABLE, kind_of, left_by


class Params(Parameters):
    kinds = names("kinds of acts that people lose the habit of", KIND, codes=True)
    strength = share("fall of those acts with a full habit; 0 = none")


@mechanism("respond.habit", on=Modifies(DETERRABLE, lowers=True), params=Params, reads=("persons.practice",))
def habit(quantity, subjects, cols, p):
    """People commit fewer acts of a kind that they got out of the habit of.

    1 - strength x persons.practice (over 2^16), the product rounded down; only kinds named.
    """
    if not p.strength or not len(subjects) or kind_of(quantity) not in p.kinds:
        return None
    return left_by(cols.persons.practice[subjects], p.strength)
