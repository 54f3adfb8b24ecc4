"""Alteration of the registry: intruders from outside, in the months of a breach, and insiders who sell alterations.

A forged record comes in like an observation and is treated like any other; nobody did what it says. An erased record leaves the
registry; a backup may still hold it (`record.backup`).
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, choice, names, probability, share, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, adults, among, between
from ..kinds import FAULT, GROUND, KIND, SENSOR
from ..tables_registry import BY

TAMPERED, ERASED = FAULT.code("tampered"), GROUND.code("erased")
INTRUDER, SELLER = BY.code("intruder"), BY.code("seller")


class Params(Parameters):
    outside = probability("share of persons whose file intruders alter in a month; a breach is a month in which it is not 0", errorless=0)
    inside = yearly_rate("alterations sold by insiders, per person", errorless=0)
    forged = names("kinds of records that are forged, each as often", KIND, codes=True)
    sensor = choice("what a forged record pretends to come from", SENSOR.names)
    erases_outside = share("share of alterations from outside that erase records instead of forging one")
    erases_inside = share("share of sold alterations that erase records instead of forging one")
    erasable = names("kinds of records that are erased", KIND, codes=True)


@mechanism(
    "observe.tampering",
    on=(Occasions("breach", rate="outside", able=adults), Occasions("inside_job", rate="inside", able=adults)),
    params=Params,
    reads=ALIVE,
    stores=("records_held",),
    draws=("erase", "kind"),
    emits=("observations", "alterations", "record_orders", "erased_records"),
)
def tampering(batch, cols, p, luck):
    """Forge records on some persons, and erase those of others.

    Adults only. The word `erase` below erases_outside (or erases_inside) erases: each record that stands in records_held of a kind erasable is
    ordered out (ground erased), told as altered and kept as erased, with its truth. Else one record is forged, of a kind spread evenly over those
    forged by the word `kind`, as tampered; it comes as an observation.
    """
    made = []
    for rows, by, erases in ((batch.breach, INTRUDER, p.erases_outside), (batch.inside_job, SELLER, p.erases_inside)):
        erase = luck.of(rows).below("erase", erases)
        made += _forge(rows, np.flatnonzero(~erase), by, p, luck) + _erase(rows, np.flatnonzero(erase), by, cols, p)
    return made


def _forge(rows, at, by, p, luck):
    """Put a record of one of the kinds on each person."""
    if not len(at) or not len(p.forged):
        return []
    kind = p.forged[between(luck.of(rows).words("kind", at), 0, len(p.forged) - 1)]
    truth = {"kind": kind, "true_actor": rows.subject[at], "fault": TAMPERED}
    return [
        rows.emit("observations", parent=at, sensor=SENSOR.code(p.sensor), **truth),
        rows.emit("alterations", parent=at, by=by, erased=0, **truth),
    ]


def _erase(rows, at, by, cols, p):
    """Take the records of the kinds off each person's file."""
    held = cols.stores.records_held
    position, where = held.of(rows.subject[at])
    hit = np.flatnonzero(among(held.kind[where], p.erasable))
    if not len(hit):
        return []
    parent, where = at[position[hit]], where[hit]
    kind, carry = held.kind[where], (held, where)
    return [
        rows.emit("record_orders", parent=parent, kind=kind, record=held.id[where], ground=ERASED),
        rows.emit("alterations", parent=parent, kind=kind, carry=carry, by=by, erased=1),
        rows.emit("erased_records", parent=parent, kind=kind, carry=carry),
    ]
