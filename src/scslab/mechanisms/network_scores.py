"""The arithmetic of scores that read friends (Wei, Yildirim, Van den Bulte, Dellarocas 2016, Marketing Science 35): who is of the high type?

Two types, as many of each; ties across types are `mixing` times as likely as ties within one; each person gives a signal that is wrong with
chance `error`. A friend's signal then tells something of oneself, by the factor `pull`.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import numpy as np

from ..base.exact import nearest_integer
from ..base.luck import ONE

LOW, HIGH = 1, 2
"""Values of `persons.credit_signal`."""

MIDDLE = 128
"""Quantile of `persons.means` from which a person is of the high type."""


def is_high(means: np.ndarray) -> np.ndarray:
    """Tell who is of the high type."""
    return np.asarray(means) >= MIDDLE


def pull(error, mixing):
    """Give the factor by which a friend's high signal raises the odds of being of the high type, and a low one lowers them.

    Example:
        >>> pull(Fraction(1, 5), Fraction(2, 5))
        Fraction(22, 13)
    """
    return (error * mixing + 1 - error) / (error + (1 - error) * mixing)


def posterior(own: int, high: int, low: int, error, mixing):
    """Give the chance that a person is of the high type, exact in whatever numbers it is given (float, Fraction).

    Args:
        own: own signal: 1 high, -1 low, 0 none. high, low: friends with a high and with a low signal.
        error: chance that a signal is wrong, above 0 and below 1; mixing: likelihood of a tie across types over that of one within.

    Example:
        >>> posterior(1, 3, 1, Fraction(1, 5), Fraction(2, 5))
        Fraction(1936, 2105)
    """
    odds_against = (error / (1 - error)) ** own * pull(error, mixing) ** (low - high)
    return 1 / (1 + odds_against)


@lru_cache(maxsize=4096)
def score_of(own: int, balance: int, error: int, mixing: int, scale: int) -> int:
    """Give the posterior in whole parts of a scale; `balance` is friends with a high signal less those with a low one, error and mixing over 2^31."""
    e, m = Fraction(error, ONE), Fraction(mixing, ONE)
    return nearest_integer(posterior(own, max(balance, 0), max(-balance, 0), e, m) * scale)
