"""Ordinary penalties: what the statute attaches to an act by itself, without any list or score."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, names, yuan
from ...engine.declare import Rows, mechanism
from ..kinds import KIND


class Params(Parameters):
    kinds = names("kinds of records that are penalised", KIND, codes=True)
    fine = yuan("fine per record, by kind; 0 = a warning, an order or a takedown without money", by=KIND, partial=0)


@mechanism("decide.penalties", on=Rows("records", kinds="kinds"), params=Params, emits=("penalties",))
def penalties(records, cols, p, luck):
    """Each record of a penalised kind draws its statutory fine or warning.

    The fine is that of the kind; points 0.
    """
    everything = np.arange(len(records))
    return records.emit("penalties", parent=everything, amount=p.fine[records.kind], points=0)
