"""Declared, typed parameters of a mechanism: plain dated values in, integers a kernel may compare out.

A class body lists parameters; `compile` turns one month's plain values (numbers, text, mappings of names) into an
immutable instance. Probabilities become thresholds (`word < threshold`), points 1/100 points, factors and weights
numerators over 2^16, months integers. Values keyed by a `Domain` become int64 arrays indexed by code. Numbers never
have defaults; only structural choices (which form, which kinds) may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from . import luck, months
from .declared import Number, Parameter, Structural, Table
from .errors import nearest
from .exact import FACTOR_ONE, QUANTUM, REQUIRED, Domain, monthly_threshold, nearest_integer


def _scaled(scale: int) -> Callable[[Fraction], int]:
    return lambda value: nearest_integer(value * scale)


_Kind = tuple[str, str, Callable[[Fraction], int], dict[str, Any]]

_KINDS: dict[str, _Kind] = {
    "probability": ("probability", "probability", luck.threshold, {"low": 0, "high": 1}),
    "share": ("share", "share", luck.threshold, {"low": 0, "high": 1}),
    "per year": ("yearly rate", "per year", monthly_threshold, {"low": 0, "high": 1200}),
    "points": ("points", "points", _scaled(QUANTUM), {"low": -20_000_000, "high": 20_000_000}),
    "months": ("duration", "months", int, {"low": 0, "high": months.NEVER - 1, "whole": True}),
    "yuan": ("sum", "yuan", int, {"low": 0, "high": 10**12, "whole": True}),
    "factor": ("factor", "factor", _scaled(FACTOR_ONE), {"low": 0, "high": 1 << 15}),
    "weight": ("weight", "weight", _scaled(FACTOR_ONE), {"low": -(1 << 15), "high": 1 << 15}),
    "count": ("count", "count", int, {"low": 0, "high": (1 << 31) - 1, "whole": True}),
}

UNITS = tuple(_KINDS)
"""The units parameters are made of; `unit=` may rename one for readers (a count of persons)."""


def _number(base: str, doc: str, unit: str, options: dict[str, Any]) -> Any:
    kind, own_unit, convert, limits = _KINDS[base]
    return Number(kind, convert, doc, unit or own_unit, **{**limits, **options})


def probability(doc: str, *, unit: str = "", **options: Any) -> Any:
    """Declare a probability in [0, 1], compiled to a threshold in [0, 2^31]; `by=` and `partial=` make it a table."""
    return _number("probability", doc, unit, options)


def share(doc: str, *, unit: str = "", **options: Any) -> Any:
    """Declare a share in [0, 1], compiled like a probability."""
    return _number("share", doc, unit, options)


def yearly_rate(doc: str, *, unit: str = "", **options: Any) -> Any:
    """Declare occasions per year, compiled to the threshold of at least one in a month."""
    return _number("per year", doc, unit, options)


def points(doc: str, *, unit: str = "", **options: Any) -> Any:
    """Declare signed points, compiled to 1/100 points."""
    return _number("points", doc, unit, options)


def duration(doc: str, *, unit: str = "", allow_none: bool = False, **options: Any) -> Any:
    """Declare whole months; with `allow_none` a YAML null means never (32767)."""
    return _number("months", doc, unit, {"allow_none": allow_none, **options})


def yuan(doc: str, *, unit: str = "", **options: Any) -> Any:
    """Declare whole yuan, not negative."""
    return _number("yuan", doc, unit, options)


def factor(doc: str, *, unit: str = "", **options: Any) -> Any:
    """Declare a factor, not negative, compiled to a numerator over 2^16."""
    return _number("factor", doc, unit, options)


def weight(doc: str, *, unit: str = "", **options: Any) -> Any:
    """Declare a signed weight, compiled to a numerator over 2^16."""
    return _number("weight", doc, unit, options)


def count(doc: str, *, unit: str = "", **options: Any) -> Any:
    """Declare a whole number, not negative; `unit=` may name what is counted."""
    return _number("count", doc, unit, options)


def steps(doc: str, *, unit: str) -> Any:
    """Declare ordered names with their lower cut-offs, compiled to (names, ascending int64 cuts) in the unit's fixed point."""
    return Table(_number(unit, doc, "", {}), ascending=True)


def table(doc: str, *, unit: str) -> Any:
    """Declare numbers by names the regime chooses, compiled to (sorted names, int64 numbers) in the unit's fixed point."""
    return Table(_number(unit, doc, "", {}), ascending=False)


def names(doc: str, domain: Domain | None = None, *, codes: bool = False, default: Any = REQUIRED) -> Any:
    """Declare a list of names, of a domain or free; with `codes` compiled to an int64 array."""
    return Structural("names", doc, default, domain=domain, codes=codes)


def choice(doc: str, options: Iterable[str], *, default: Any = REQUIRED) -> Any:
    """Declare one of several forms, by name."""
    return Structural("choice", doc, default, options=tuple(options))


def flag(doc: str, *, default: Any = REQUIRED) -> Any:
    """Declare a yes-or-no choice of form."""
    return Structural("flag", doc, default)


def text(doc: str, *, default: Any = REQUIRED) -> Any:
    """Declare a text."""
    return Structural("text", doc, default)


def check_same_names(one: Iterable[str], other: Iterable[str], words: str) -> None:
    """Refuse two tables of which one has a name that the other has not; `words` tells what they are.

    Raises:
        ValueError: naming what only one of them has.

    Example:
        >>> check_same_names(("low", "high"), ("high", "low"), "bands and prices name different bands")
    """
    odd = sorted({*one} ^ {*other})
    if odd:
        raise ValueError(f"{words}: {', '.join(odd)}")


def alike(one: Any, other: Any) -> bool:
    """Tell whether two compiled values say the same: parameters, or what they hold (numbers, names, arrays, tuples of these).

    Example:
        >>> class Params(Parameters):
        ...     seen = table("share seen, by name", unit="share")
        >>> one, other = (Params.compile({"seen": {"a": 0.5, "b": share}}) for share in (0.1, 0.2))
        >>> alike(one, one), alike(one, other)
        (True, False)
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, Parameters):
        return all(alike(getattr(one, name), getattr(other, name)) for name in one._fields)
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(np.array_equal(one, other))


class Parameters:
    """Base of a mechanism's `Params`: declarations in the class body, compiled values on the instance.

    Example:
        >>> class Params(Parameters):
        ...     blame = probability("share blamed on another person")
        >>> Params.compile({"blame": 0.5}).blame == luck.ONE // 2
        True
    """

    _fields: ClassVar[dict[str, Parameter]] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        found = {name: value for base in reversed(cls.__mro__[1:]) for name, value in getattr(base, "_fields", {}).items()}
        for name, value in vars(cls).items():
            if isinstance(value, Parameter):
                if name in ("fields", "compile", "describe", "plain") or name.startswith("_"):
                    raise TypeError(f"a parameter cannot be called '{name}'")
                value.name = name
                found[name] = value
        cls._fields = found

    @classmethod
    def fields(cls) -> dict[str, Parameter]:
        """Return the declarations by name, in the order written."""
        return dict(cls._fields)

    @classmethod
    def compile(cls, plain: Mapping[str, object]) -> Any:
        """Turn one month's plain values into an immutable instance.

        Args:
            plain: value by parameter name; numbers as int, Decimal, Fraction or float; tables as mappings.

        Raises:
            ValueError: naming every unknown, missing or bad parameter, one a line.
        """
        problems: list[str] = []
        compiled: dict[str, Any] = {}
        for name in plain:
            if name not in cls._fields:
                problems.append(f"'{name}' is not a parameter. {nearest(str(name), cls._fields)}")
        for name, parameter in cls._fields.items():
            if name not in plain and parameter.required:
                problems.append(f"{name} is missing: {parameter.doc}")
                continue
            try:
                compiled[name] = parameter.compile(plain.get(name, parameter.default))
            except ValueError as error:
                problems.append(f"{name}: {error}")
        if problems:
            raise ValueError("\n".join(problems))
        made = object.__new__(cls)
        made.__dict__.update(compiled)
        return made

    @classmethod
    def describe(cls) -> list[dict[str, Any]]:
        """List the parameters for the docs: name, type, unit, by, default, doc."""
        return [
            {
                "name": name,
                "type": parameter.kind,
                "unit": parameter.unit,
                "by": " x ".join(domain.name for domain in parameter.by),
                "default": "required" if parameter.required else str(parameter.default),
                "doc": parameter.doc,
            }
            for name, parameter in cls._fields.items()
        ]

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"parameters are immutable: '{name}' cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"parameters are immutable: '{name}' cannot be deleted")

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._fields)
        return f"{type(self).__name__}({inside})"
