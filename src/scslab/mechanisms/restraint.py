"""Which conduct can be held back, and the one formula by which a level between 0 and 1 thins it. Used by modifiers of the respond phase."""

from __future__ import annotations

import numpy as np

from ..base.parameters import FACTOR_ONE
from .kinds import GOOD_DEEDS, KIND

DETERRABLE = tuple(f"conduct.{name}" for name in KIND.names[1:] if name not in GOOD_DEEDS)
"""Quantities of acts that a threat can thin."""

CAUTIOUS = tuple(f"caution.{name}" for name in KIND.names[1:] if name not in GOOD_DEEDS)
"""What the sight of punishment alone leaves of them: asked by `respond.displacement`."""

GOOD = tuple(f"conduct.{name}" for name in GOOD_DEEDS)
"""Quantities of good deeds."""

LEAST = 64
"""Below this, about 0.1 % (over 2^16), a level is forgotten."""


def kind_of(quantity: str) -> int:
    """Give the code of the kind that a quantity is about."""
    return KIND.code(quantity.partition(".")[2])


def left_by(level: np.ndarray, strength: int) -> np.ndarray:
    """Give the factor (over 2^16) that a level (over 2^16) leaves, when the full level takes away the share `strength` (over 2^31).

    Example:
        >>> left_by(np.array([0, FACTOR_ONE // 2, FACTOR_ONE]), 1 << 30).tolist()
        [65536, 49152, 32768]
    """
    return FACTOR_ONE - (np.asarray(level, np.int64) * strength >> 31)


def raised(level: np.ndarray, step: int) -> np.ndarray:
    """Move levels (over 2^16) towards 1 by the share `step` (over 2^16) of the distance."""
    return level + ((FACTOR_ONE - level) * step >> 16)
