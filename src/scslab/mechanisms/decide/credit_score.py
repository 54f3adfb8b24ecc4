"""A credit score for one purpose, lending: a card of points over what a bureau holds, with a cut and a price by band.

It scores those about whom a lender asks, when a lender asks; the store keeps the last score of each. Who has no file and no other data
gets none, and the lender falls back on the file.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, check_same_names, points, steps, table
from ...engine.declare import Rows, Store, mechanism

MIDDLE = 128
"""The median of a scale of 255: reads as 0 points."""


class Params(Parameters):
    low = points("lowest score")
    high = points("highest score")
    base = points("score of an applicant of median character and means without a file")
    file = points("points for having a file")
    character = points("points between the median and the most reliable reading; as many are lost downwards")
    capacity = points("points between the median and the largest means; as many are lost downwards")
    record = points("points taken off while the bureau shows a bad record")
    overdue = points("points taken off for a debt overdue now")
    cut = points("lowest score with which a loan is granted")
    bands = steps("lowest scores of the price bands", unit="points")
    prices = table("interest in percent a year, by band", unit="points")

    @classmethod
    def compile(cls, plain):
        """Compile, and check that each band has a price."""
        made = super().compile(plain)
        check_same_names(made.bands[0], made.prices[0], "bands and prices name different bands")
        return made


@mechanism(
    "decide.credit_score",
    on=Rows("credit_queries"),
    params=Params,
    owns=(
        Store("credit_scores", {"score": "int32", "rate": "int16", "fit": "uint8", "month": "int16"}, {},
              "Last credit scores, 1/100 point; rate in 1/100 percent a year; fit = the lender would lend"),
    ),
    stores=("bureau", "debts"),
)  # fmt: skip
def credit_score(queries, cols, p, luck):
    """The bureau scores the applicants about whom lenders ask, and the lender's cut and price follow from the score.

    Of several queries about a person in a month the first counts. Points for character and capacity are weight x (reading - 128) over 128, rounded down. A
    bad record is shown until after this month; a debt overdue is one in the book of debts.
    """
    _, first = np.unique(queries.subject, return_index=True)
    who, bureau = queries.subject[first], cols.stores.bureau
    score = np.full(len(who), p.base, np.int64)
    for name, weight in (("character", p.character), ("capacity", p.capacity)):
        score += weight * (getattr(queries, name)[first].astype(np.int64) - MIDDLE) // MIDDLE
    file = bureau.find(who)
    bad = file >= 0
    score += np.where(bad, p.file, 0)
    bad[bad] = bureau.until[file[bad]] > cols.month
    score -= np.where(bad, p.record, 0) + np.where(cols.stores.debts.count(who) > 0, p.overdue, 0)
    score = np.clip(score, p.low, p.high)
    price = dict(zip(*p.prices, strict=True))
    rates = np.array([price[name] for name in p.bands[0]], np.int64)
    band = np.maximum(np.searchsorted(p.bands[1], score, side="right") - 1, 0)
    cols.stores.credit_scores.put(queries, first, score=score, rate=rates[band], fit=score >= p.cut, month=cols.month)
