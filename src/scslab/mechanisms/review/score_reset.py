"""A list may set the ledger score of those who leave it (`review.score_reset:LIST`)."""

from __future__ import annotations

from ...base.parameters import Parameters, points
from ...engine.declare import Rows, mechanism


class Params(Parameters):
    score = points("score that a person gets on leaving the list")


@mechanism("review.score_reset", on=Rows("listing_ends", match="list"), params=Params, emits=("score_orders",))
def score_reset(ends, cols, p, luck):
    """Whoever leaves the list gets a fixed score at the end of the month.

    One order for each listing of this list that ends.
    """
    return ends.emit("score_orders", points=p.score)
