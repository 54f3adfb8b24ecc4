"""Deterrence: people who perceive a risk of being caught commit fewer acts of the watched kinds.

Three forms, of about the same size on average where risk is small: `gradual` lets everybody act less often, by exp(-strength * risk);
`cutoff` lets those refrain altogether whose boldness (0 to 1) is below strength * risk, and does not touch the others; `gain` lets everybody
weigh each occasion by itself (Becker 1968): what it brings is even between nothing and the most, and who expects to lose more refrains,
which leaves the share 1 - strength * risk, where strength is the sanction over the largest gain.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from functools import lru_cache

import numpy as np

from ...base.exact import frozen
from ...base.parameters import FACTOR_ONE, Parameters, choice, names, weight
from ...engine.declare import Modifies, mechanism
from ..common import FACTOR_SHIFT, rising
from ..kinds import KIND
from ..knowing import is_aware
from ..restraint import DETERRABLE

LEVELS = 256
SHIFT = 8
"""2^16 = LEVELS * 2^SHIFT."""


class Params(Parameters):
    form = choice(
        "how perceived risk deters: everybody a little, the less bold altogether, or where the gain of the occasion is too small",
        ("gradual", "cutoff", "gain"), default="gradual",
    )  # fmt: skip
    kinds = names("kinds of acts that people believe are watched", KIND, codes=True)
    known = weight("perceived risk of a person who knows of the regime and has no experience of it")
    strength = weight("fall of watched acts with perceived risk (gradual: acts times exp(-strength * risk); gain: times 1 - strength * risk); 0 = none")


@lru_cache(maxsize=64)
def factors(strength):
    """Tabulate exp(-strength * risk) over 2^16 for risks 0, 1/256, ..., 1 in exact arithmetic; risk 0 gives exactly 1.

    Args:
        strength: numerator over 2^16.
    """
    with localcontext() as context:
        context.prec = 40
        rate = Decimal(strength) / FACTOR_ONE / LEVELS
        return frozen(np.array([int((-rate * k).exp() * FACTOR_ONE) for k in range(LEVELS + 1)], np.int64))


@mechanism(
    "respond.deterrence",
    on=Modifies(DETERRABLE, lowers=True),
    params=Params,
    reads=("persons.aware", "persons.boldness"),
    stores=("perceived_risk",),
)
def deterrence(quantity, subjects, cols, p):
    """People who perceive a risk of being caught commit fewer acts of the kinds they believe are watched.

    Only kinds named. The risk is `known` for who is aware, or the stored perceived risk where that is higher, from 0 to 1; the factor is
    exp(-strength x risk), with the risk rounded down to 1/256 and the factor to 1/2^16. Form cutoff: 0 for who has a boldness (rising) below strength
    x risk, else 1. Form gain: 1 less strength x risk, at least 0. These two do not round the risk, and round strength x risk down to 1/2^16.
    """
    if p.strength == 0 or not len(subjects) or KIND.code(quantity.partition(".")[2]) not in p.kinds:
        return None
    believed = np.where(is_aware(np.arange(256)), min(p.known, FACTOR_ONE), 0)
    risk = believed[cols.persons.aware[subjects]]
    store = cols.stores.perceived_risk
    if len(store):
        at = store.find(subjects)
        met = np.flatnonzero(at >= 0)
        risk[met] = np.minimum(np.maximum(risk[met], store.risk[at[met]]), FACTOR_ONE)
    if p.form == "cutoff":
        return np.where(p.strength * risk >> FACTOR_SHIFT > rising(cols.persons.boldness[subjects]), 0, FACTOR_ONE)
    if p.form == "gain":
        return np.maximum(FACTOR_ONE - (p.strength * risk >> FACTOR_SHIFT), 0)
    return factors(p.strength)[risk >> SHIFT]
