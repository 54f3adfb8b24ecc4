"""Yearly rates of births, deaths, weddings and divorces per 1,000 persons, by calendar year, as the spec has them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base.months import NEVER
from .spec import Spec

HORIZON = 240
"""Months from the start for which demography is dated."""

FAR = NEVER
"""A month beyond the horizon: never."""


@dataclass(frozen=True)
class Period:
    """The months of one calendar year inside the horizon, or of two whose rates are the same.

    Args:
        first, last: months from the start.
        year: calendar year, the first of two.
    """

    first: int
    last: int
    year: int

    @property
    def months(self) -> int:
        """How many months it has."""
        return self.last - self.first + 1


def periods(start_month: int, settled: int = 9999) -> list[Period]:
    """Cut the horizon at each January, and from a year on at every second.

    Args:
        start_month: months since 2000-01.
        settled: year from which on rates stay as they are.

    Example:
        >>> [(p.first, p.last, p.year) for p in periods(250, 2021)][:3]
        [(1, 1, 2020), (2, 25, 2021), (26, 49, 2023)]
    """
    year = (start_month + np.arange(1, HORIZON + 1)) // 12
    year -= np.where(year >= settled - 2000, (year - settled) % 2, 0)
    found, first = np.unique(year, return_index=True)
    last = np.append(first[1:], HORIZON)
    return [Period(int(a) + 1, int(b), 2000 + int(y)) for y, a, b in zip(found, first, last, strict=True)]


def yearly_rate(spec: Spec, quantity: str, year: int) -> float | None:
    """Read the rate of a year per 1,000 persons; the first published year stands for those before, `later` for those after.

    Returns:
        None after the last published year where the spec has no `later`.

    Example:
        >>> from scslab.world import load_spec
        >>> yearly_rate(load_spec("china-2020"), "births", 2021)
        7.52
    """
    table = spec.values(f"demography.{quantity}")
    known = sorted(int(key) for key in table if key.isdigit())
    if year > known[-1]:
        return table.get("later")
    return table[str(max(year, known[0]))]


def settled_from(spec: Spec) -> int:
    """Name the first year after all those with a rate of their own, from which on rates stay.

    Example:
        >>> from scslab.world import load_spec
        >>> settled_from(load_spec("county"))
        2026
    """
    known = (key for q in ("births", "weddings", "divorces") for key in spec.number(f"demography.{q}") if key.isdigit())
    return max(int(key) for key in known) + 1


def by_age(spec: Spec, table: str, length: int = 130) -> np.ndarray:
    """Spread a table by bands of age over months of age, 0 outside all bands.

    Returns:
        float64 (12 * length,).
    """
    out = np.zeros(12 * length)
    for band, rate in spec.values(f"demography.{table}").items():
        low, high = (int(part) for part in band.split("-"))
        out[12 * low : 12 * (high + 1)] = rate
    return out
