"""Files of agencies that are no part of the local registry: banks, hospitals, platforms (`observe.agency_files:AGENCY`).

Nothing happens to anybody by a file alone; the master database (`record.master`) may take it in.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, choice, names, probability
from ...engine.declare import Rows, mechanism
from ..kinds import KIND, SENSOR


class Params(Parameters):
    kinds = names("kinds of acts, debts and misfortunes that the agency files", KIND, codes=True)
    filed = probability("share of them that are filed, by kind", by=KIND, partial=0)
    sensor = choice("which agency it is, as written on the file", SENSOR.names)
    source = choice("what it sees: what its clients do, what they owe, or what befalls them", ("acts", "debts", "shocks"))


@mechanism(
    "observe.agency_files",
    on=(Rows("acts", kinds="kinds"), Rows("debts", kinds="kinds"), Rows("shocks", kinds="kinds")),
    params=Params,
    draws=("file",),
    emits=("files",),
)
def agency_files(batch, cols, p, luck):
    """An agency keeps files on some of what its clients do, owe or suffer, each under the right name.

    Each row of the table it sees, of these kinds, is filed if the word `file` is below filed by kind.
    """
    rows = getattr(batch, p.source)
    at = np.flatnonzero(luck.of(rows).below("file", p.filed[rows.kind]))
    return rows.emit("files", parent=at, sensor=SENSOR.code(p.sensor), true_actor=rows.subject[at], fault=0)
