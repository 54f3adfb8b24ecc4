"""Signals of creditworthiness: a bureau reads of each adult high or low, and is now and then mistaken, for as long as the signal stands."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability
from ...engine.declare import Column, Sweep, mechanism
from ..common import ALIVE, lasting, living
from ..network_scores import HIGH, LOW, is_high


class Params(Parameters):
    error = probability("chance that a signal says the contrary")


@mechanism(
    "observe.credit_signals",
    on=Sweep(),
    params=Params,
    reads=(*ALIVE, "persons.means"),
    writes=(Column("persons.credit_signal", "uint8", 0, "", "signal of creditworthiness that a bureau holds: 0 none, 1 low, 2 high"),),
    draws=("error",),
)
def credit_signals(everybody, cols, p, luck):
    """Each adult gives one signal, which lasts.

    Adults without one give it: high if `means` is 128 or more, the contrary if the lasting word `error` is below error.
    """
    who = np.arange(everybody.lo, everybody.hi)
    who = who[living(cols, who) & (cols.persons.credit_signal[who] == 0)]
    if len(who):
        wrong = lasting(luck, "error", who) < p.error
        cols.persons.credit_signal[who] = np.where(is_high(cols.persons.means[who]) ^ wrong, HIGH, LOW)
