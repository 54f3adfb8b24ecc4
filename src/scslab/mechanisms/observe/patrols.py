"""An inspectorate of a few places decides by what it knows of them where to look next: the urn of Ensign and others (2018).

A visit goes to a place with a chance in proportion to the incidents known there, and makes more of them known; reports from places nobody
visits can count beside. With the correction an update counts the less often, the more its place is visited. Places are numbered; an
inspectorate has `sites` of them in a row. (`observe.inspection` is the same idea among firms whose breaches are real.)
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import FACTOR_ONE, Parameters, count, factor, probability
from ...engine.declare import Column, Sweep, mechanism
from ..sites import SITE, inspectorates

POWERS = 1 << np.arange(31, 63)
"""Sums from the first of these on are cut to 31 bits, one bit for each that they reach."""


class Params(Parameters):
    sites = count("places in the charge of one inspectorate", unit="places")
    visits = count("visits a month by each inspectorate", unit="visits")
    found = factor("incidents that a visit makes known, by place of the inspectorate", unit="incidents", by=SITE, partial=0)
    start = count("incidents known at first, by place of the inspectorate", unit="incidents", by=SITE, partial=1)
    reported = factor("weight of the incidents of places not visited, which are reported, beside those found")
    correction = probability("share of updates that are subject to the correction")


@mechanism(
    "observe.patrols",
    on=Sweep(),
    params=Params,
    reads=("places.start",),
    writes=(
        Column("places.known_incidents", "int64", 0, "1/65536 incident", "what an inspectorate came to know of a place, beside the start"),
        Column("places.patrol_visits", "int32", 0, "visits", "visits to the place"),
    ),
    draws=("visit", "corrected", "accept"),
)
def patrols(everybody, cols, p, luck):
    """Each inspectorate visits one of its places at a time, the likelier the more is known there, and learns by it.

    Words are by the inspectorate's first place, of the visit's number as ordinal. A visit goes where the word `visit` times the sum of what is known over
    2^31 falls; sums of 2^31 or more are cut to 31 bits with their parts. What is found counts there, and that of each other place times reported, over
    2^16, too. If the word `corrected` is below correction, the update counts only if the word `accept` times the most known beside any one place, over
    2^31, is below what is known beside the one visited.
    """
    office = inspectorates(cols, everybody, p.sites)
    if not len(office):
        return
    sites = office.shape[1]
    code = np.arange(sites) % len(SITE)
    known = cols.places.known_incidents[office] + p.start[code] * FACTOR_ONE
    visited = cols.places.patrol_visits[office].astype(np.int64)
    learned = np.where(np.eye(sites, dtype=bool), p.found[code], p.found[code] * p.reported >> 16)
    rows = np.arange(len(office))
    for visit in range(p.visits):
        shift = np.searchsorted(POWERS, known.sum(axis=1), side="right")[:, None]  # of each by itself: nobody else moves its luck
        cut = np.cumsum(known >> shift, axis=1)
        total = cut[:, -1]
        where = (cut <= (luck.at("visit", office[:, 0], visit).astype(np.int64) * total >> 31)[:, None]).sum(axis=1)
        where = np.minimum(where, sites - 1)  # nothing is known anywhere
        visited[rows, where] += 1
        update = learned[where]
        if p.correction:
            update = np.where(_accepted(known >> shift, where, total, office, p, luck, visit)[:, None], update, 0)
        known += update
    cols.places.known_incidents[office] = known - p.start[code] * FACTOR_ONE
    cols.places.patrol_visits[office] = visited


def _accepted(known, where, total, office, p, luck, visit):
    """Accept an update as often as its place is not visited, beside the place that is visited least."""
    rest = total - known[np.arange(len(where)), where]
    most = total - known.min(axis=1)
    spared = luck.at("corrected", office[:, 0], visit) >= p.correction if p.correction < ONE else np.zeros(len(where), bool)
    return spared | ((luck.at("accept", office[:, 0], visit).astype(np.int64) * most >> 31) < rest)
