"""The files of agencies: each keeps its own findings, late, and now and then under the name of somebody else (`record.agency:LABEL`).

Counter lists and paper forms carry names, not always numbers; so a namesake may get the entry. What is filed here are ordinary records:
lists, ledgers and the master database read them as they read those of the local registry.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, duration, names, probability
from ...engine.declare import Rows, mechanism
from ..common import of_place
from ..kinds import FAULT, KIND

MISLINKED = FAULT.code("mislinked")


class Params(Parameters):
    kinds = names("kinds of findings that the agencies file", KIND, codes=True)
    filed = probability("share of findings that are filed, by kind", by=KIND, partial=0)
    namesake = probability("share of files under the name of another person of the place", errorless=0)
    delay = duration("months from finding to file")


@mechanism(
    "record.agency",
    on=Rows("observations", kinds="kinds"),
    params=Params,
    reads=("persons.place", "places.start"),
    draws=("file", "namesake", "victim"),
    emits=("records",),
)
def agency(observations, cols, p, luck):
    """Agencies file their findings, a few of them under the wrong name.

    A finding is filed if the word `file` is below filed by kind; under the name of another person of the place (word `victim`) if `namesake` is below
    namesake.
    """
    filed = np.flatnonzero(luck.below("file", p.filed[observations.kind]))
    wrong = luck.below("namesake", p.namesake, filed)
    subject, at = observations.subject[filed].copy(), np.flatnonzero(wrong)
    if len(at):
        subject[at] = cols.pick(*of_place(cols, subject[at]), luck.key("victim"), observations.id[filed[at]], subject[at])
    fault = np.where(wrong, MISLINKED, observations.fault[filed])
    kept = subject >= 0
    return observations.emit("records", subject=subject[kept], parent=filed[kept], due=cols.month + p.delay, fault=fault[kept])
