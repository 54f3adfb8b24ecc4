"""Takedown: what is on file as written is removed."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, duration, names
from ...engine.declare import Rows, mechanism
from ..kinds import KIND


class Params(Parameters):
    kinds = names("kinds of records that lead to a takedown", KIND, codes=True)
    delay = duration("months until it is taken down")


@mechanism("decide.takedown", on=Rows("records", kinds="kinds"), params=Params, emits=("takedowns",))
def takedown(records, cols, p, luck):
    """What was found is taken down.

    Due after `delay`.
    """
    return records.emit("takedowns", parent=np.arange(len(records)), due=cols.month + p.delay)
