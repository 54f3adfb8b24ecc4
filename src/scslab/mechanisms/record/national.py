"""The national registry: takes some kinds of local records, late, and matches them to a person, sometimes to the wrong one or to nobody.

Local registries (`record.local`) emit `records`; rules of a locality read those. What a national rule reads are
`national_records`, emitted here. Chinese registries join on an 18-digit identity number, so errors are rare; they come
from mistyped numbers, old numbers and namesakes. Nothing missing becomes a clean record: it is simply not there.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, choice, duration, names, probability
from ...engine.declare import Rows, mechanism
from ..common import of_place
from ..kinds import FAULT, KIND

MISLINKED = FAULT.code("mislinked")


class Params(Parameters):
    kinds = names("kinds of local records that are passed on", KIND, codes=True)
    delay = duration("months from local to national record")
    miss = probability("share of records matched to nobody")
    mislink = probability("share of matched records that name another person", errorless=0)
    among = choice("where the wrongly named person lives", ("place", "anywhere"), default="place")


@mechanism(
    "record.national",
    on=Rows("records", kinds="kinds"),
    params=Params,
    reads=("persons.place", "places.start"),
    draws=("miss", "mislink", "victim"),
    emits=("national_records",),
)
def national(records, cols, p, luck):
    """The national registry matches local records to persons, a few to the wrong one.

    A record is lost with chance `miss`; with chance `mislink` it is put to another person of the place, or of the whole world (`victim`, drawn by the
    record's id; nobody where there is none), as mislinked. It is due after `delay`.
    """
    matched = np.flatnonzero(~luck.below("miss", p.miss))
    wrong = luck.below("mislink", p.mislink, matched)
    subject = records.subject[matched].copy()
    at = np.flatnonzero(wrong)
    if len(at):
        if p.among == "place":
            start, size = of_place(cols, subject[at])
        else:
            start, size = np.zeros(len(at), np.int64), np.full(len(at), cols.people, np.int64)
        subject[at] = cols.pick(start, size, luck.key("victim"), records.id[matched[at]], subject[at])
    fault = np.where(wrong, MISLINKED, records.fault[matched])
    kept = subject >= 0
    due = cols.month + p.delay
    return records.emit("national_records", subject=subject[kept], parent=matched[kept], due=due, fault=fault[kept])
