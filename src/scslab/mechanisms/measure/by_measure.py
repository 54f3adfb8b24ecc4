"""The burden and the rewards measure by measure: person-months under each, what it cost or was worth."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, names
from ...engine.declare import Each, Rows, mechanism
from ..common import bits_in, first_rows, has_bit, masks
from ..kinds import MEASURE


class Params(Parameters):
    measures = names("measures and perks to be counted one by one", MEASURE, codes=True)


@mechanism(
    "measure.by_measure",
    on=(Each("burdens"), Each("kin_burdens"), Rows("losses"), Rows("perk_uses")),
    params=Params,
    tallies=("months_under", "loss_of", "worth_of", "losses_yuan", "perks_yuan", "perks_used"),
)
def by_measure(batch, cols, p, luck):
    """Count person-months under each measure, on one's own or for others' sake, and the yuan it cost or was worth."""
    made = []
    for rows, store in ((batch.burdens, cols.stores.burdens), (batch.kin_burdens, cols.stores.kin_burdens)):
        if not len(rows):
            continue
        at = first_rows(rows.subject)
        mask = masks(store, rows.subject[at])
        if rows is batch.kin_burdens:
            mask &= ~masks(cols.stores.burdens, rows.subject[at])
        made += [rows.tally(f"months_under.{MEASURE.names[bit]}", at[has_bit(mask, bit)]) for bit in bits_in(mask) if bit in p.measures]
    for rows, one, all_of in ((batch.losses, "loss_of", "losses_yuan"), (batch.perk_uses, "worth_of", "perks_yuan")):
        if len(rows):
            amount = rows.amount.astype(np.int64)
            made.append(rows.tally(all_of, None, amount))
            for bit in np.intersect1d(rows.measure, p.measures):
                hit = np.flatnonzero(rows.measure == bit)
                made.append(rows.tally(f"{one}.{MEASURE.names[bit]}", hit, amount[hit]))
    return [*made, batch.perk_uses.tally("perks_used")] if len(batch.perk_uses) else made
