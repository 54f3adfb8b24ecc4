"""Snooping: people with access look up somebody they have no business with."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, probability, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, alive
from ..files_held import attributes, shown
from ..tables_registry import VIEW

SNOOPING = VIEW.code("snooping")


class Params(Parameters):
    lookups = yearly_rate("occasions to look somebody up without need, per person looked up")
    deterred = probability("share of those occasions that come to nothing because access is logged and checked")
    basic = count("attributes held on everybody: name, number, address, telephone, household", unit="attributes")


@mechanism(
    "outcome.snooping",
    on=Occasions("snooping", rate="lookups", able=alive),
    params=Params,
    reads=ALIVE,
    stores=("records_held", "national_copies"),
    draws=("deter",),
    emits=("disclosures", "file_views"),
)
def snooping(rows, cols, p, luck):
    """Somebody with access reads a person's whole file; nothing in it changes.

    Any living person's. The word `deter` below `deterred` prevents it. What is on the file, and what is disclosed: as in `outcome.leaks`, to one party; the
    view is `snooping`.
    """
    at = np.flatnonzero(~luck.below("deter", p.deterred))
    return shown(rows, at, attributes(cols, rows.subject[at], p.basic), 1, SNOOPING)
