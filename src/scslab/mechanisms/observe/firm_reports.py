"""Breaches that come to light without a visit: registers see what was not filed, the public complains; some complaints are false."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, choice, names, probability, yearly_rate
from ...engine.declare import Each, Occasions, mechanism
from ..firms import BREACH, FIRST, breach_of, in_business
from ..kinds import FAULT, SENSOR

FABRICATED = FAULT.code("fabricated")


class Params(Parameters):
    comes_to_light = probability("chance a month that a breach comes to light", by=BREACH, partial=0)
    false_reports = yearly_rate("reports of what did not happen, per firm", errorless=0)
    false_kinds = names("kinds of breaches that such reports name", BREACH, codes=True, default=())
    sensor = choice("who reports, as written in the finding", SENSOR.names, default="informer")


@mechanism(
    "observe.firm_reports",
    on=(Each("open_breaches"), Occasions("firm_rumour", rate="false_reports", of="firms")),
    params=Params,
    reads=("firms.closed",),
    draws=("light", "which"),
    emits=("firm_findings",),
)
def firm_reports(batch, cols, p, luck):
    """Some breaches come to light by themselves or by complaint; some complaints are about nothing.

    A breach of a firm in business comes to light if the word `light` is below comes_to_light. A firm in business that meets the occasion is said to have
    breached one of false_kinds, in order of code, by the word `which`: a fabricated finding, since this month.
    """
    rows, rumours, made = batch.open_breaches, batch.firm_rumour, []
    sensor = SENSOR.code(p.sensor)
    if len(rows):
        seen = np.flatnonzero(luck.of(rows).below("light", p.comes_to_light[breach_of(rows.kind)]) & in_business(cols, rows.subject))
        made.append(rows.emit("firm_findings", parent=seen, sensor=sensor, true_firm=rows.subject[seen], fault=0))
    if len(rumours) and len(p.false_kinds):
        at = np.flatnonzero(in_business(cols, rumours.subject))
        which = (luck.of(rumours).words("which", at).astype(np.int64) * len(p.false_kinds)) >> 31
        kind = FIRST + p.false_kinds[which]
        at_firm = {"true_firm": rumours.subject[at], "fault": FABRICATED, "since": cols.month}
        made.append(rumours.emit("firm_findings", parent=at, kind=kind, sensor=sensor, **at_firm))
    return made
