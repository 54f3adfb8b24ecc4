"""Objection: those who learn of a listing may file against it; the wrongly listed more often than the rightly (`:LIST`).

A person knows what he or she did, but not what the file says; so the chance to file depends on truth through two shares.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, duration, probability, text
from ...engine.declare import Rows, mechanism
from ..kinds import FAULT, UNSOUND_FAULTS

UNSOUND = FAULT.codes(UNSOUND_FAULTS)


class Params(Parameters):
    access = probability("share of those who learn of a listing who could file at all: in person, in time, with papers")
    files_if_wrong = probability("share of those with access who file when they are wrongly listed")
    files_if_right = probability("share of those with access who file when they are rightly listed")
    delay = duration("months from learning of the listing to filing")
    body = text("label of the `review.appeal_body` that decides")


@mechanism(
    "review.objection",
    on=(Rows("notices", match="list"), Rows("inquiries", match="list")),
    params=Params,
    draws=("access", "file"),
    emits=("appeals",),
    evidence=("fault",),
)
def objection(batch, cols, p, luck):
    """Those who learn of their listing, by notice or by asking why they were refused, may object to it.

    Notices and inquiries about this list: the evidence `fault` is asked by the word `file` with files_if_wrong (any fault) or files_if_right, and
    `access` must be below its share. The appeal is due after `delay` at the body named.
    """
    made = []
    for rows in (batch.notices, batch.inquiries):
        files = rows.evidence("fault", UNSOUND, luck, "file", p.files_if_wrong, p.files_if_right)
        at = np.flatnonzero(files & luck.of(rows).below("access", p.access))
        made.append(rows.emit("appeals", parent=at, body=cols.code(p.body), due=cols.month + p.delay))
    return made
