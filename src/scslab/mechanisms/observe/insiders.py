"""Officials who do favours: they write good records into a registry for themselves, their kin, and those who pay.

A share of officials do so, for life or until an audit names them. A favour is a record like any other that nobody earned.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import Parameters, choice, share, yearly_rate
from ...engine import kernels
from ...engine.declare import Occasions, Rows, Store, mechanism
from ..common import ALIVE, adults, lasting, living
from ..kinds import FAULT, KIND, SENSOR
from ..tables_registry import BY, WHOSE

OFFICIAL = 1
"""Bit of `persons.role`."""
TAMPERED, INSIDER, FAVOUR = FAULT.code("tampered"), SENSOR.code("insider"), BY.code("favour")
OWN, KIN, DONOR = (WHOSE.code(name) for name in WHOSE.names)
TRIES = 8
"""Persons of the place that an official thinks of when looking for somebody of means."""
RICHEST = 4


class Params(Parameters):
    crooked = share("share of officials who do favours")
    rate = yearly_rate("favours per such official", errorless=0)
    whose = share("for whom they are; the shares sum to 1", by=WHOSE)
    kind = choice("kind of record that a favour is", KIND.names)

    @classmethod
    def compile(cls, plain):
        """Compile, and check that the shares sum to one."""
        made = super().compile(plain)
        if abs(int(made.whose.sum()) - ONE) > len(WHOSE):
            raise ValueError("whose: the shares of own, kin and donor must sum to 1")
        return made


@mechanism(
    "observe.insiders",
    on=(
        Occasions("favour", rate="rate", trait="persons.role", share=lambda p: np.where(np.arange(256) & OFFICIAL, ONE, 0), able=adults),
        Rows("exposures"),
    ),
    params=Params,
    reads=(*ALIVE, "persons.role", "persons.place", "persons.quintile", "places.start"),
    owns=(Store("exposed_officials", {}, {}, "Officials whom an audit named: they do no more favours from the next month on"),),
    networks=("kin",),
    draws=("crooked", "whose", "relative", "donor"),
    emits=("observations", "alterations"),
)
def insiders(batch, cols, p, luck):
    """Some officials write good records for themselves, a relative or a donor.

    Officials have bit 1 of `role`. One who is an adult, whose lasting word `crooked` is below crooked, and whom no exposure named before this month, does a
    favour at each occasion: by the word `whose`, below the share of own, then of kin, else for a donor. The relative is the living adult one with the
    lowest word `relative`, by (relative << 28) + the low 28 bits of the occasion's id. The donor is the first living adult of the highest quintile among
    eight persons of the place: lasting words `donor`, by 16 x official + 0..7. Who has nobody does nothing.
    """
    rows, exposures, exposed = batch.favour, batch.exposures, cols.stores.exposed_officials
    if len(exposures):
        named = exposures.true_actor.astype(np.int64)
        is_official = np.flatnonzero(cols.persons.role[named] & OFFICIAL > 0)
        exposed.put(exposures, is_official, subject=named[is_official])
    at = np.flatnonzero((lasting(luck, "crooked", rows.subject) < p.crooked) & ~exposed.has(rows.subject))
    if not len(at):
        return None
    word = luck.of(rows).words("whose", at).astype(np.int64)
    whose = np.where(word < p.whose[OWN], OWN, np.where(word < p.whose[OWN] + p.whose[KIN], KIN, DONOR))
    who = rows.subject[at].copy()
    who[whose == KIN] = _relative(rows, at[whose == KIN], cols, luck)
    who[whose == DONOR] = _donor(rows, at[whose == DONOR], cols, luck)
    there = who >= 0
    columns = {"subject": who[there], "parent": at[there], "kind": KIND.code(p.kind), "true_actor": rows.subject[at[there]], "fault": TAMPERED}
    return [
        rows.emit("observations", sensor=INSIDER, **columns),
        rows.emit("alterations", by=FAVOUR, whose=whose[there], erased=0, **columns),
    ]


def _relative(rows, at, cols, luck):
    """Choose one living adult relative of each official, -1 where there is none."""
    source, target, _ = cols.networks.kin.expand(rows.subject[at])
    here = np.flatnonzero(living(cols, target))
    source, target = source[here], target[here].astype(np.int64)
    word = luck.at("relative", target << 28 | (rows.id[at] & ((1 << 28) - 1))[source])
    order = np.lexsort((word, source))
    first, index = np.unique(source[order], return_index=True)
    found = np.full(len(at), -1, np.int64)
    found[first] = target[order[index]]
    return found


def _donor(rows, at, cols, luck):
    """Choose the official's lasting donor: the first living adult of the richest fifth among some persons of the place."""
    official = rows.subject[at]
    place = cols.persons.place[official].astype(np.int64)
    start = cols.places.start[place].astype(np.int64)
    size = cols.places.start[place + 1].astype(np.int64) - start
    found = np.full(len(at), -1, np.int64)
    k0, k1 = luck.key("donor")
    for trial in range(TRIES):
        person = np.empty(len(at), np.int64)
        kernels.pick_members(start, size, 0, official << 4 | trial, np.uint64(0), k0, k1, official, person)
        fits = (found < 0) & (person >= 0)
        fits[fits] = (cols.persons.quintile[person[fits]] == RICHEST) & living(cols, person[fits])
        found[fits] = person[fits]
    return found
