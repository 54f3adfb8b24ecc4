"""What a list brings: each measure is carried out for some of the listed, and some measures reach kin (`enforce.measures:LIST`).

When the measures of a list change, those on it already are reached too: a ban on fast trains that is added to a list holds for everybody listed.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability
from ...engine.declare import Revised, Rows, mechanism
from ...engine.rows import pack_ids
from ..common import running_number, word_then
from ..kinds import MEASURE


class Params(Parameters):
    execution = probability("share of listings for which the measure is carried out, by measure", by=MEASURE, partial=0)
    spill = probability(
        "share of listings for which the measure is carried out against kin, by measure (who: `enforce.kin`)", by=MEASURE, partial=0
    )


@mechanism(
    "enforce.measures",
    on=(Rows("listings", match="list"), Revised("listings")),
    params=Params,
    stores=("burdens",),
    draws=("execute", "spill"),
    emits=("impositions",),
    lagged=("burdens",),
)
def measures(batch, cols, p, luck):
    """Each listing brings those measures that are carried out in its case; when the measures change, so do those of listings in force.

    A measure is carried out when the word `execute` of the listing, with the measure's code as ordinal, is below its share; against kin, likewise
    with `spill`. One row with both masks (bit = code of the measure) where any measure is. In a month whose numbers are not those of the month
    before, or in which the rule comes into force, listings of the list from earlier months are looked at again with the words of the month in which
    they began (of their row then, numbered among the person's listings still in force of that kind and month, in order of the entries' ids), and
    there is a row where a mask is not the one in the book.
    """
    new, made = batch.listings, []
    if len(new):
        everything = np.arange(len(new))
        mask, spill = _masks(p, len(new), lambda draw, measure: luck.of(new).words(draw, everything, measure))
        some = np.flatnonzero((mask | spill) != 0)
        made.append(new.emit("impositions", parent=some, mask=mask[some], spill=spill[some]))
    if len(batch.revised):
        made.append(_revise(batch.revised, cols, p, luck))
    return made


def _masks(p, rows, words):
    """Give the masks of measures carried out, on the listed and against kin; `words` draws by name of the draw and code of the measure."""
    masks = [np.zeros(rows, np.int64) for _ in range(2)]
    for mask, draw, share in zip(masks, ("execute", "spill"), (p.execution, p.spill), strict=True):
        for measure in np.flatnonzero(share):
            hit = np.full(rows, True) if share[measure] >= 1 << 31 else words(draw, int(measure)) < share[measure]
            mask |= hit.astype(np.int64) << measure
    return masks


def _revise(held, cols, p, luck):
    """Look again at listings in force: the same words against the new shares, so that a measure whose share stays is carried out for the same listings."""
    then = pack_ids(held.subject, held.since.astype(np.int64), held.kind)
    order = np.lexsort((held.id, then))
    then[order] += running_number(then[order])
    mine = np.flatnonzero((held.list == cols.label) & (held.since < cols.month))
    mask, spill = _masks(p, len(mine), lambda draw, measure: word_then(luck, draw, then[mine], held.since[mine], measure))
    book = cols.stores.burdens
    at = book.find(held.subject[mine], held.list[mine])
    other = np.flatnonzero((mask != book.value("mask", at)) | (spill != book.value("spill", at)))
    return held.emit("impositions", parent=mine[other], mask=mask[other], spill=spill[other])


assert len(MEASURE) < 63, "masks hold 62 measures"
