"""The token bank: account holders, tokens held, tokens handed in."""

from __future__ import annotations

import numpy as np

from ...base.parameters import QUANTUM
from ...engine.declare import Each, Rows, mechanism


@mechanism(
    "measure.tokens",
    on=(Rows("redemptions"), Each("tokens")),
    tallies=("token_holders", "tokens_held", "tokens_spent", "goods_taken"),
)
def tokens(batch, cols, p, luck):
    """Count holders and whole tokens held at each month's end, goods taken and tokens handed in for them."""
    spent, held, made = batch.redemptions, batch.tokens, []
    if len(spent):
        made += [spent.tally("goods_taken"), spent.tally("tokens_spent", None, spent.points.astype(np.int64) // QUANTUM)]
    if len(held):
        made += [held.tally("token_holders"), held.tally("tokens_held", None, held.balance.astype(np.int64) // QUANTUM)]
    return made
