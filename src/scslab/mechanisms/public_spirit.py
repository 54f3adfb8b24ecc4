"""What the mechanisms of reputation share: the worth of a good cause to a person, and what taking part says of one (Benabou and Tirole 2006)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base.parameters import FACTOR_ONE
from ..engine.declare import Column, table

GAP = Column(
    "places.reputation_gap", "int32", FACTOR_ONE // 2, "over 2^16",
    "by how much those who take part are taken to care more than those who do not, as people of the place have seen it",
)  # fmt: skip

CALLS = table(
    "public_calls", {"took": "uint8", "seen": "uint8", "care": "int32"}, {},
    "A person is asked to take part in something for all: whether the person did, whether others saw it, how much the person cares (over 2^16).",
)  # fmt: skip


def care(quantile: np.ndarray, grain: np.ndarray) -> np.ndarray:
    """Refine a stored propensity 0..255 by a lasting word to a number below 2^16, even where quantiles are.

    Example:
        >>> care(np.array([0, 255], np.uint8), np.array([0, 2**31 - 1], np.uint32)).tolist()
        [0, 65535]
    """
    return (np.asarray(quantile, np.int64) << 8) | (np.asarray(grain, np.int64) >> 23)


def takes_part(cares: np.ndarray, gap: np.ndarray, p: Any) -> np.ndarray:
    """Tell who takes part: what the cause means to a person, and what being seen there says of one, outweigh the cost.

    Args:
        cares, gap: over 2^16. p: `cost`, `image` and `watched`, over 2^31.
    """
    image = (np.asarray(gap, np.int64) * p.image >> 31) * p.watched >> 31
    return (np.asarray(cares, np.int64) + image << 15) >= p.cost
