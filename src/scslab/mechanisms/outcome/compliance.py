"""What firms work for their files: hours a year for keeping them, and hours for each visit of an inspector."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, factor
from ...engine.declare import Occasions, Rows, mechanism
from ..firms import EVERY_FIRM, OWNERSHIP, SIZE, in_business, size_of


class Params(Parameters):
    files = count("hours a year for keeping files, by size", by=SIZE, unit="hours a year")
    visit = count("hours for a visit of an inspector, by size", by=SIZE, unit="hours")
    by_ownership = factor("multiplies both, by ownership", by=OWNERSHIP)
    every = EVERY_FIRM


@mechanism(
    "outcome.compliance",
    on=(Occasions("firm_month", rate="every", of="firms"), Rows("firm_visits")),
    params=Params,
    reads=("firms.closed", "firms.size", "firms.ownership"),
    emits=("firm_hours",),
)
def compliance(batch, cols, p, luck):
    """Each firm in business works some hours a month for its files, and more when it is visited.

    In twelfths of an hour: `files` of the size x `by_ownership`, and for the visits of the month 12 x `visit` of the size x number x `by_ownership`, each cut
    to whole numbers.
    """
    firms = batch.firm_month
    at = np.flatnonzero(in_business(cols, firms.subject))
    who = firms.subject[at]
    visits = np.bincount(batch.firm_visits.subject, minlength=len(cols.firms.size))[who]
    size, by_owner = size_of(cols, who), p.by_ownership[cols.firms.ownership[who]]
    hours, more = p.files[size] * by_owner >> 16, visits * 12 * p.visit[size] * by_owner >> 16
    return firms.emit("firm_hours", parent=at, amount=hours + more, visits=more)
