"""Exact plain numbers and the domains of names that key them: what declared parameters are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from . import luck
from .errors import nearest

QUANTUM = 100
"""Fixed-point steps of one point."""

FACTOR_ONE = 1 << 16
"""The fixed-point factor or weight 1.0."""

REQUIRED: Any = object()
"""Marks a parameter that has no default."""

OTHERS = "others"
"""The key of a table by a domain that stands for every name not listed."""


@dataclass(frozen=True)
class Domain:
    """Ordered names and their integer codes.

    Example:
        >>> Domain("setting", ("rural", "urban")).code("urban")
        1
    """

    name: str
    names: tuple[str, ...]
    _codes: dict[str, int] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        names = tuple(self.names)
        if len(set(names)) != len(names):
            raise ValueError(f"domain {self.name} names something twice: {names}")
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "_codes", {name: code for code, name in enumerate(names)})

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self._codes

    def code(self, name: str) -> int:
        """Return the code of a name.

        Raises:
            ValueError: for an unknown name, offering the nearest.
        """
        try:
            return self._codes[name]
        except (KeyError, TypeError):
            raise ValueError(f"'{name}' is not a {self.name}. {nearest(str(name), self.names)}") from None

    def codes(self, names: Iterable[str]) -> np.ndarray:
        """Return the codes of several names as an int64 array."""
        return frozen(np.array([self.code(name) for name in names], dtype=np.int64))


def frozen(array: np.ndarray) -> np.ndarray:
    """Make an array read-only and return it."""
    array.setflags(write=False)
    return array


def exact(value: object) -> Fraction:
    """Turn a plain number into an exact fraction; text, truth values, NaN and infinities are not numbers.

    Raises:
        ValueError: when it is not a finite number of sensible size.

    Example:
        >>> exact(0.35)
        Fraction(7, 20)
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, np.integer, np.floating)):
        raise ValueError(f"{shown(value)} is not a number")
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f"{number} is not a finite number")
    if number and not -30 <= number.adjusted() <= 18:
        raise ValueError(f"{shown(value)} is too {'large' if number.adjusted() > 0 else 'small'} to be meant")
    return Fraction(number)


def shown(value: object) -> str:
    text = repr(value) if isinstance(value, (str, bool)) else str(value)
    text = {"True": "true", "False": "false", "None": "null"}.get(text, text)
    return text if len(text) <= 40 else text[:37] + "..."


def nearest_integer(value: Fraction) -> int:
    """Round to the nearest integer, halves up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


@lru_cache(maxsize=4096)
def monthly_threshold(rate: Fraction) -> int:
    """Turn a yearly rate into the threshold of at least one occasion in a month, 1 - exp(-rate / 12).

    Example:
        >>> monthly_threshold(Fraction(0)), monthly_threshold(Fraction(12)) / 2**31
        (0, 0.6321205589...)
    """
    with localcontext() as context:
        context.prec = 50
        chance = 1 - (-(Decimal(rate.numerator) / (12 * Decimal(rate.denominator)))).exp()
        return luck.threshold(Fraction(chance))


def places_this_month(per_10000: int, people: int, word: int) -> int:
    """Turn places per 10,000 persons (over 2^16) into a whole number; one word decides the rest, so small worlds are not cheated."""
    whole, rest = divmod(per_10000 * people, 10_000 * FACTOR_ONE)
    return whole + int(word < rest * luck.ONE // (10_000 * FACTOR_ONE))
