"""What one step of time is: a month in every realistic world; a day or a round of no length in abstract ones.

Steps are whole numbers whatever they are called. A rate per year is divided by the periods of a year (a round has none: its rates are per
round), and lengths of time are stated in the period's own unit, so that nobody reads days as months.
"""

from __future__ import annotations

import copy
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, cast

from .declared import Number, Table
from .exact import monthly_threshold
from .parameters import Parameters

Made = TypeVar("Made", bound=Parameters)


class Period(NamedTuple):
    """A step of time: how many make a year, and the units in which lengths and rates are stated."""

    per_year: int
    unit: str
    rate_unit: str


PERIODS = {"month": Period(12, "months", "per year"), "day": Period(365, "days", "per year"), "round": Period(1, "rounds", "per round")}
"""Periods by name; a regime and an abstract world state one, and mean the month when they do not."""


@lru_cache(maxsize=1024)
def in_period(parameters: type[Made], period: str) -> type[Made]:
    """Give the parameters of a mechanism as a regime of another period states them.

    Example:
        >>> from scslab.base.parameters import duration
        >>> class Params(Parameters):
        ...     term = duration("how long")
        >>> in_period(Params, "day").fields()["term"].unit
        'days'
    """
    if period == "month":
        return parameters
    renewed = {name: _renewed(declared, PERIODS[period]) for name, declared in parameters.fields().items() if isinstance(declared, Number)}
    own: Any = {"__doc__": parameters.__doc__, **{name: made for name, made in renewed.items() if made is not None}}
    return cast("type[Made]", type(parameters.__name__, (parameters,), own))


def _renewed(declared: Number, period: Period) -> Number | None:
    """Copy a length of time or a yearly rate into the period; None for what does not depend on it."""
    plain: Any = declared._number if isinstance(declared, Table) else declared
    if plain.kind not in ("duration", "yearly rate"):
        return None
    made: Any = copy.copy(declared)
    made.unit = period.unit if declared.unit == "months" else period.rate_unit if declared.unit == "per year" else declared.unit
    if plain.kind == "yearly rate":
        made.convert = lambda rate: monthly_threshold(rate * Fraction(12, period.per_year))
    if isinstance(declared, Table):
        inner = _renewed(plain, period)
        assert inner is not None
        made._number, made.convert = inner, inner.convert
    return made
