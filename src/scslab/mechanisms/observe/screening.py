"""A test of everybody: it flags most of those who did something, and some of those who did nothing.

The two rates of a test, and nothing else: where few did anything, most of the flagged did not (base rates). Both words are a person's own in
the period, so that a higher rate flags more people and spares nobody who was flagged before.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...base.parameters import Parameters, choice, names, probability
from ...engine.declare import Rows, Sweep, mechanism
from ..common import ALIVE, first_rows, living
from ..kinds import FAULT, KIND, SENSOR

SOUND, FABRICATED = FAULT.code("sound"), FAULT.code("fabricated")


class Params(Parameters):
    """The rates of a test."""

    kinds = names("kinds of acts that the test looks for", KIND, codes=True)
    true_positives = probability("share flagged of those who did such an act in the period")
    false_positives = probability("share flagged of those who did not", errorless=0)
    named_as = choice("kind of act that the test reports of those who did nothing", KIND.names)
    sensor = choice("who runs the test, as written on the file", SENSOR.names, default="camera")


@mechanism(
    "observe.screening",
    on=(Rows("acts", kinds="kinds"), Sweep()),
    params=Params,
    reads=ALIVE,
    draws=("hit", "alarm"),
    emits=("observations",),
)
def screening(batch: Any, cols: Any, p: Params, luck: Any) -> Any:
    """A test flags some of those who acted, and some who did not.

    The first act of each person is flagged if its word `hit` is below true_positives. An adult without such an act among those that came is flagged if this
    month's word `alarm` is below false_positives: a fabricated observation of the person.
    """
    acts, everybody, sensor = batch.acts, batch.everybody, SENSOR.code(p.sensor)
    first = first_rows(acts.subject) if len(acts) else np.empty(0, np.int64)
    hit = first[luck.of(acts).below("hit", p.true_positives, first)] if len(first) else first
    made = [acts.emit("observations", parent=hit, sensor=sensor, true_actor=acts.subject[hit], fault=SOUND)] if len(hit) else []
    if not p.false_positives or not len(everybody):
        return made
    word = luck.of(everybody).alarm
    at = np.flatnonzero(word < p.false_positives)
    at = at[living(cols, everybody.subject[at])]
    at = at[~np.isin(everybody.subject[at], acts.subject)] if len(acts) else at
    who = everybody.subject[at]
    return [*made, everybody.emit("observations", parent=at, kind=KIND.code(p.named_as), sensor=sensor, true_actor=who, fault=FABRICATED)]
