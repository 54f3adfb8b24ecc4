"""W7, out of proportion: what an own unlawful act costs under measures, against the statutory penalty, by nexus, and whether it was punished twice.

Each listing or grade that an own unlawful act brought is followed until its measures end, at most two years. Not in every run: it takes the
weights of `measure.burden_yuan` and the fines of `decide.penalties`, which `scslab.measure.recorders.paired_blocks` hands over. A list that
is the statutory penalty itself (a suspended licence) is left out. It is a distribution: counts by class of size, never a count alone.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters
from ...engine.declare import Each, Rows, Store, mechanism
from ..kinds import MEASURE, PERKS
from ..nexus import RELATED, SIXTEENTHS, size_class
from ..wrongfulness import wrong_class

HORIZON = 24
PERK_BITS = int(sum(1 << MEASURE.code(name) for name in PERKS))


class Params(Parameters):
    """None of its own: the yardstick is handed over."""


@mechanism(
    "measure.proportion",
    on=(Rows("impositions"), Each("weighed")),
    params=Params,
    owns=(
        Store(
            "weighed", {"list": "uint16", "kind": "uint8", "since": "int16", "yuan": "int32", "bits": "int32", "apart": "int32"}, {},
            "Burdens that an own unlawful act brought, and what they came to so far", by_label=True,
        ),
    ),
    stores=("burdens",),
    lagged=("weighed",),
    tallies=("weighed", "weighed_yuan", "weighed_times", "weighed_apart", "weighed_double", "weighed_bits", "weighed_bits_apart"),
)  # fmt: skip
def proportion(batch, cols, p, luck):
    """Add up what own unlawful acts cost under measures, and class what came to an end."""
    store, old, made = cols.stores.weighed, batch.weighed, []
    if len(old):
        burdens = cols.stores.burdens
        at = burdens.find(old.subject, old.list)
        mask = burdens.value("mask", at) & ~PERK_BITS
        over = (mask == 0) | (cols.month - old.since >= HORIZON)
        on = np.flatnonzero(~over)
        store.set(old.at[on], **{name: getattr(old, name)[on] + value for name, value in _weights(mask[on], old.kind[on], p).items()})
        store.drop(old.at[over])
        made += _classed(old, np.flatnonzero(over), p)
    new = batch.impositions
    if len(new):
        at = np.flatnonzero((new.kind != 0) & (wrong_class(new) == 0) & (new.mask & ~PERK_BITS != 0) & ~np.isin(new.list, cols.codes(p.statutory)))
        at = at[np.unique(new.subject[at] << 16 | new.list[at], return_index=True)[1]]
        at = at[~store.has(new.subject[at], new.list[at])]
        store.put(new, at, sub=new.list[at], since=cols.month, **_weights(new.mask[at] & ~PERK_BITS, new.kind[at], p))
    return made


def _weights(mask, kind, p):
    """Give what a month under these measures comes to: yuan, measures, and measures without nexus to the kind of act."""
    return {"yuan": _bits(mask) @ p.month, "bits": _bits(mask).sum(axis=1), "apart": _bits(mask & ~RELATED[kind]).sum(axis=1)}


def _bits(mask):
    """Spread masks into a table of 0 and 1, a column a measure."""
    return (mask[:, None] >> np.arange(len(MEASURE))) & 1


def _classed(rows, at, p):
    """Tally ended burdens by size in yuan, in times the statutory fine, by the share without nexus, and the doubly punished."""
    yuan, fine, bits = rows.yuan[at].astype(np.int64), p.fine[rows.kind[at]], rows.bits[at].astype(np.int64)
    fined, apart = fine > 0, rows.apart[at].astype(np.int64)
    tenth = -(-10 * apart // np.maximum(bits, 1))
    made = [rows.tally("weighed", at), rows.tally("weighed_double", at[fined])]
    made += [rows.tally("weighed_bits", at, bits), rows.tally("weighed_bits_apart", at, apart)]
    for name, size, which in (
        ("weighed_yuan", size_class(yuan), np.ones(len(at), bool)),
        ("weighed_times", size_class(yuan * SIXTEENTHS // np.maximum(fine, 1)), fined),
        ("weighed_apart", tenth, np.ones(len(at), bool)),
    ):
        made += [rows.tally(f"{name}.b{k}", at[which & (size == k)]) for k in np.unique(size[which])]
    return made
