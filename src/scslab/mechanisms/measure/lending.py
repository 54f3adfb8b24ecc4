"""Lending: loans paid out, what will not be repaid, and what borrowers pay for them where a score sets the price."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, mechanism


@mechanism("measure.lending", on=Rows("lent"), tallies=("loans_paid_out", "loans_failed", "lent_yuan", "failed_yuan", "priced_yuan", "interest_yuan"))
def lending(lent, cols, p, luck):
    """Count loans paid out and those that will fail, in number and yuan, in the month they are made; and a year's interest on priced ones."""
    amount, fails, priced = lent.amount.astype(np.int64), lent.cause > 0, lent.rate > 0
    return [
        lent.tally("loans_paid_out"),
        lent.tally("loans_failed", fails),
        lent.tally("lent_yuan", None, amount),
        lent.tally("failed_yuan", fails, amount[fails]),
        lent.tally("priced_yuan", priced, amount[priced]),
        lent.tally("interest_yuan", priced, amount[priced] * lent.rate[priced] // 10_000),
    ]
