"""Tables of points as a currency: tokens spent, points bought, volunteering paid for."""

from __future__ import annotations

from ..engine.declare import table

REDEMPTIONS = table(
    "redemptions", {"points": "int32", "good": "uint8"}, {}, "Tokens handed in for a good, in 1/100 point; the good by its place in the list.",
    event="hands in tokens for a good",
)  # fmt: skip
PURCHASES = table(
    "purchases", {"amount": "int32", "points": "int32", "paid_to": "int32"}, {}, "Points bought: yuan paid, 1/100 point, to whom (-1 a broker).",
    event="buys points, or hours of another, for {amount}",
)  # fmt: skip
