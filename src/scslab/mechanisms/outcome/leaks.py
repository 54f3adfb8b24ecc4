"""Leaks without alteration: files are copied and sold, and stay as they were."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, probability
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, alive
from ..files_held import attributes, shown
from ..tables_registry import VIEW

LEAK = VIEW.code("leak")


class Params(Parameters):
    leaked = probability("share of persons whose file leaks in a month; a leak is a month in which it is not 0")
    buyers = count("parties that come to hold a leaked file", unit="parties")
    basic = count("attributes held on everybody: name, number, address, telephone, household", unit="attributes")


@mechanism(
    "outcome.leaks",
    on=Occasions("leak", rate="leaked", able=alive),
    params=Params,
    reads=ALIVE,
    stores=("records_held", "national_copies"),
    emits=("disclosures", "file_views"),
)
def leaks(rows, cols, p, luck):
    """A leaked file shows every attribute on it to everybody who buys it.

    A living person's file leaks with the chance `leaked`. On it are `basic` attributes, and one for each record held and each national copy. Disclosures:
    attributes x buyers, at most 65,535; the view (`leak`): attributes and parties.
    """
    return shown(rows, np.arange(len(rows)), attributes(cols, rows.subject, p.basic), p.buyers, LEAK)
