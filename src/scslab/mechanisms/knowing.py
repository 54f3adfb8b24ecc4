"""Who knows of the regime: the bits of `persons.aware`, shared by the mechanisms of the respond phase."""

from __future__ import annotations

import numpy as np

ASKED, HEARSAY, EXPERIENCE = 1, 2, 4
"""Bits: the person's lasting word was compared with the share; knows by hearsay; knows by experience."""


def is_aware(aware: np.ndarray) -> np.ndarray:
    """Tell from values of `persons.aware` who knows of the regime.

    Example:
        >>> is_aware(np.array([0, 1, 3, 5], np.uint8)).tolist()
        [False, False, True, True]
    """
    return np.asarray(aware) > ASKED
