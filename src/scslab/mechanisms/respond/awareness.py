"""Who knows that the regime exists: a lasting share by hearsay, and those it touched.

`persons.aware` holds bits: 1 = asked (the person's lasting word was compared with the share), 2 = knows by hearsay,
4 = knows by experience. A person is aware when the value is above 1.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, share
from ...engine import kernels
from ...engine.declare import Column, Sweep, mechanism
from ..knowing import ASKED, EXPERIENCE, HEARSAY


class Params(Parameters):
    share = share("share of people who know of the regime without having met it")


@mechanism(
    "respond.awareness",
    on=Sweep(),
    params=Params,
    writes=(Column("persons.aware", "uint8", 0, "bits", "1 asked, 2 knows of the regime by hearsay, 4 by experience; aware when above 1"),),
    stores=("experienced",),
    draws=("hearsay",),
)
def awareness(everybody, cols, p, luck):
    """A lasting share of people know of the regime by hearsay; others know it once they met it.

    Bit 2 when the person's lasting word `hearsay` is below the share; bit 4 when the person is in `experienced`; bit 1 always, from the first month.
    """
    lo, hi = everybody.lo, everybody.hi
    part, met = cols.persons.aware[lo:hi], cols.stores.experienced
    if everybody.month % 12 == 0 or not part.all():  # once a person, and each January, because the share may have moved
        _hearsay(part, lo, hi, p.share, luck)
    if len(met):
        a, b = np.searchsorted(met.subject, [lo, hi])
        part[met.subject[a:b] - lo] |= np.uint8(EXPERIENCE)


def _hearsay(part, lo, hi, share, luck):
    """Compare each person's lasting word (month 0) with the share."""
    knows = np.zeros(hi - lo, bool)
    if share > 0:
        word = np.empty(hi - lo, np.uint32)
        k0, k1 = luck.key("hearsay")
        kernels.philox_ids(np.arange(lo, hi), np.uint64(0), np.uint64(0), k0, k1, word)
        knows = word < share
    np.bitwise_and(part, np.uint8(255 - HEARSAY), out=part)
    np.bitwise_or(part, np.where(knows, np.uint8(ASKED | HEARSAY), np.uint8(ASKED)), out=part)

