"""Who wants more points: people who know of a ledger and stand below a mark. Shared by the mechanisms that buy or work for points."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base.luck import ONE
from ..base.parameters import Parameters, duration, points, share
from .knowing import is_aware
from .scores import deviation

READS = ("persons.aware", "persons.score")
"""What `wants_points` reads."""


class WantingParams(Parameters):
    """Who wants points."""

    wanted = points("people want points while their score is not more than this above its start; negative: below it")
    recovery = points("points a month by which a score below the start recovers, as in the ledger (0 where there is none)")


class BuyingParams(WantingParams):
    """Who wants points and can pay for them."""

    purse = share("share of a year's own income that people would pay for points at once")
    valid = duration("months until what was bought lapses; null = never", allow_none=True)


def wants_points(cols: Any, who: np.ndarray, p: Any) -> np.ndarray:
    """Tell who knows of the ledger and stands low enough to want points."""
    return is_aware(cols.persons.aware[who]) & (deviation(cols.persons.score[who], cols.month, p.recovery) <= p.wanted)


def can_pay(cols: Any, who: np.ndarray, price: int, p: Any) -> np.ndarray:
    """Tell who would pay a price in yuan; reads `persons.income`."""
    return cols.persons.income[who].astype(np.int64) * p.purse >= price * ONE
