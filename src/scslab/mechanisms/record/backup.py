"""Backups: records that somebody erased are found missing, sooner or later, and entered again."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability
from ...engine.declare import Each, Rows, Store, mechanism
from ...engine.rows import SUBJECT_SHIFT
from ..tables import TRUTH

LOW_BITS = SUBJECT_SHIFT

LOST = Store(
    "lost_records",
    {"kind": "uint8", "sensor": "uint8", "amount": "int32"},
    TRUTH,
    "Erased records that nobody has missed yet",
    sub_bits=LOW_BITS,
)


class Params(Parameters):
    restored = probability("share of erased records that a comparison with the backup restores, a month")


@mechanism(
    "record.backup",
    on=(Rows("erased_records"), Each("lost_records")),
    params=Params,
    owns=(LOST,),
    draws=("restore",),
    emits=("observations",),
)
def backup(batch, cols, p, luck):
    """Compare the registry with its backup and enter again what is missing.

    An erased record is missed from the month after, by the low 28 bits of its id; each month it comes back if the word `restore` is below restored.
    """
    erased, lost, store = batch.erased_records, batch.lost_records, cols.stores.lost_records
    if len(erased):
        store.put(erased, np.arange(len(erased)), sub=erased.id & ((1 << LOW_BITS) - 1))
    if not len(lost):
        return None
    found = np.flatnonzero(luck.of(lost).below("restore", p.restored))
    store.drop(lost.at[found])
    return lost.emit("observations", parent=found)
