"""Correction of records: people who see a wrong record ask the registry to delete it; it checks, with error.

This is the remedy of ledgers, where every record counts and no list need exist. A deleted record gives its points back.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, duration, names, probability
from ...engine.declare import Rows, mechanism
from ..kinds import FAULT, GROUND, KIND, UNSOUND_FAULTS

UNSOUND = FAULT.codes(UNSOUND_FAULTS)
CORRECTED = GROUND.code("corrected")


class Params(Parameters):
    kinds = names("kinds of records that can be contested", KIND, codes=True)
    told = probability("share of persons who learn of a new record on them")
    files_if_wrong = probability("share of those told who contest a wrong record")
    files_if_right = probability("share of those told who contest a right record")
    grants_wrong = probability("share of contested records deleted when they are wrong")
    grants_right = probability("share of contested records deleted when they are right")
    delay = duration("months from record to deletion")


@mechanism(
    "review.correction",
    on=Rows("records", kinds="kinds"),
    params=Params,
    draws=("tell", "file", "grant"),
    emits=("record_orders",),
    evidence=("fault",),
)
def correction(records, cols, p, luck):
    """Some of those who learn of a wrong record have it deleted.

    Told by the word `tell`; files when the evidence `fault` by the word `file` says so (files_if_wrong for any fault, else files_if_right); granted
    when the evidence by the word `grant` does (grants_wrong, grants_right). The order names the record by its parent, the observation, and is due
    after `delay`.
    """
    at = np.flatnonzero(luck.below("tell", p.told))
    at = at[records.evidence("fault", UNSOUND, luck, "file", p.files_if_wrong, p.files_if_right, at)]
    at = at[records.evidence("fault", UNSOUND, luck, "grant", p.grants_wrong, p.grants_right, at)]
    return records.emit("record_orders", parent=at, record=records.parent[at], ground=CORRECTED, due=cols.month + p.delay)
