"""A what-if about one made-up person: acts of some kinds are forbidden to that person, who then never commits them.

It is the banned person of tests of shared luck: whoever has no causal path from the acts forbidden lives the same life to the last bit.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, count, names
from ...engine.declare import REGISTRY, Modifies, mechanism
from ..kinds import KIND
from ..restraint import kind_of


class Params(Parameters):
    person = count("the person to whom the acts are forbidden", unit="id", neutral=-1)
    kinds = names("kinds of acts that are forbidden to that person", KIND, codes=True)

    @classmethod
    def compile(cls, plain):
        """Compile, and refuse kinds that no conduct asks about: forbidding them would do nothing."""
        made = super().compile(plain)
        asked = {quantity for one in REGISTRY.values() for quantity in one.quantities}
        odd = [KIND.names[code] for code in made.kinds if f"conduct.{KIND.names[code]}" not in asked]
        if odd:
            raise ValueError(f"kinds: nothing asks whether {', '.join(odd)} happens, so it cannot be forbidden")
        return made


@mechanism("respond.forbidden", on=Modifies(tuple(f"conduct.{name}" for name in KIND.names[1:]), lowers=True), params=Params)
def forbidden(quantity, subjects, cols, p):
    """One person does not do what is forbidden to that person.

    The factor is 0 for that person and a kind named, else 1.
    """
    if kind_of(quantity) not in p.kinds:
        return None
    return np.where(subjects == p.person, 0, FACTOR_ONE)
