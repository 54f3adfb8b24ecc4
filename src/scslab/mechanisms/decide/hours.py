"""Points for hours with diminishing returns: the first hours of a period bring most, later ones less, up to a cap (Weihai, Fuzhou).

The points of h hours are a sum over tiers, floor(hours in the tier / hours per point) each, in 1/100 point; what a record brings is the difference
between the sum after it and the sum before, so that records in pieces and one record of the same hours bring the same points.
"""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import QUANTUM, Parameters, duration, flag, names, points, steps, table
from ...engine.declare import Rows, Store, mechanism
from ..common import first_rows
from ..kinds import KIND


class Params(Parameters):
    kinds = names("kinds of records whose amount is hours", KIND, codes=True)
    tiers = steps("hours of a period from which a tier begins; the first begins at 0", unit="count")
    hours_per_point = table("hours that bring one point, by tier", unit="count")
    whole = flag("points come whole, when the hours for one are complete", default=False)
    most = points("most points that the hours of one period can bring")
    period = duration("months after which the count of hours begins anew; null = never", allow_none=True)
    valid = duration("months until points for hours lapse; null = never", allow_none=True)

    @classmethod
    def compile(cls, plain):
        """Compile, and check that both tables name the same tiers and that the first begins at 0."""
        made = super().compile(plain)
        if set(made.tiers[0]) != set(made.hours_per_point[0]):
            raise ValueError(f"hours_per_point: its tiers are not those of tiers: {', '.join(made.tiers[0])}")
        if made.tiers[1][0] != 0:
            raise ValueError(f"tiers: the first tier, {made.tiers[0][0]}, must begin at 0 hours")
        if (made.hours_per_point[1] < 1).any():
            raise ValueError("hours_per_point: a point takes at least 1 hour")
        return made


def points_of(hours: np.ndarray, p: Params) -> np.ndarray:
    """Give the points, 1/100, of so many hours of one period."""
    lower = p.tiers[1]
    upper = np.append(lower[1:], np.iinfo(np.int64).max)
    price = dict(zip(*p.hours_per_point, strict=True))
    total = np.zeros(len(hours), np.int64)
    for name, low, high in zip(p.tiers[0], lower, upper, strict=True):
        inside = np.clip(hours - low, 0, high - low)
        total += QUANTUM * (inside // price[name]) if p.whole else QUANTUM * inside // price[name]
    return np.minimum(total, p.most)


@mechanism(
    "decide.hours",
    on=Rows("records", kinds="kinds"),
    params=Params,
    owns=(Store("hours_counted", {"hours": "int32", "period": "int16"}, {}, "Hours of good deeds counted in the current period"),),
    emits=("awards",),
)
def hours(records, cols, p, luck):
    """Hours bring points, the later ones of a period fewer, and the points lapse when their time is over.

    Records of the kinds bring hours one after the other, in the current period (month // period; none: one for ever). The points of so many hours:
    for each tier the hours that fall in it, divided by its hours per point, to 1/100 or (whole) to full points, rounded down; all together at most
    `most`. A record is awarded what its hours add to that, and where points lapse the same is taken away `valid` months (at least 1) later; nothing
    is emitted for 0.
    """
    store, who = cols.stores.hours_counted, records.subject
    period = 0 if p.period >= NEVER else cols.month // max(p.period, 1)
    first = first_rows(who)
    done = np.cumsum(records.amount.astype(np.int64))
    count = np.diff(np.append(first, len(who)))
    before_person = np.repeat(done[first] - records.amount[first], count)
    at = store.find(who[first])
    held = np.where((at >= 0) & (store.period[at] == period), store.hours[at], 0).astype(np.int64) if len(store) else np.zeros(len(first), np.int64)
    after = np.repeat(held, count) + done - before_person
    gained = points_of(after, p) - points_of(after - records.amount, p)
    last = first + count - 1
    store.put(records, last, hours=np.minimum(after[last], np.iinfo(np.int32).max), period=period)
    some = np.flatnonzero(gained)
    made = [records.emit("awards", parent=some, points=gained[some])]
    if p.valid < NEVER:
        made.append(records.emit("awards", parent=some, points=-gained[some], due=cols.month + max(p.valid, 1)))
    return made
