"""Declared, typed parameters of a mechanism: plain dated values in, integers a kernel may compare out.

A class body lists parameters; `compile` turns one month's plain values (numbers, text, mappings of names) into an
immutable instance. Probabilities become thresholds (`word < threshold`), points 1/100 points, factors and weights
numerators over 2^16, months integers. Values keyed by a `Domain` become int64 arrays indexed by code. Numbers never
have defaults; only structural choices (which form, which kinds) may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from . import luck, months
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
        raise ValueError(f"{_shown(value)} is not a number")
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f"{number} is not a finite number")
    if number and not -30 <= number.adjusted() <= 18:
        raise ValueError(f"{_shown(value)} is too {'large' if number.adjusted() > 0 else 'small'} to be meant")
    return Fraction(number)


def _shown(value: object) -> str:
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


class Parameter:
    """One declared parameter; made by the functions below, never directly.

    Attributes:
        doc: what it means, in words.
        unit: the unit its values must state in a regime file; empty for structural parameters.
        by: the domains that key its values, at most two.
        structural: plain and undated (a choice of form), not a dated number.
    """

    kind: ClassVar[str] = "parameter"
    structural: ClassVar[bool] = False
    is_open: ClassVar[bool] = False
    name: str = ""

    def __init__(self, doc: str, unit: str = "", default: Any = REQUIRED) -> None:
        if default is not REQUIRED and not self.structural:
            raise TypeError("numbers have no defaults: a regime states them or does not load")
        self.doc, self.unit, self.default, self.by = doc, unit, default, ()

    @property
    def required(self) -> bool:
        """Whether a regime must state it."""
        return self.default is REQUIRED

    def compile(self, plain: Any) -> Any:
        """Turn one month's plain value into its compiled form, or raise ValueError."""
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the plain value."""
        raise NotImplementedError


class Number(Parameter):
    """A number, or numbers by one or two domains: checked exactly, compiled to integers."""

    def __init__(
        self, kind: str, convert: Callable[[Fraction], int], doc: str, unit: str, *, low: Any = None, high: Any = None,
        whole: bool = False, by: Domain | tuple[Domain, ...] | None = None, partial: Any = REQUIRED, allow_none: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(doc, unit)
        self.kind, self.convert, self.low, self.high = kind, convert, low, high  # type: ignore[misc]
        self.whole, self.partial, self.allow_none = whole, partial, allow_none
        self.by = () if by is None else (by,) if isinstance(by, Domain) else tuple(by)
        if len(self.by) > 2 or not all(isinstance(domain, Domain) for domain in self.by):
            raise TypeError("by= takes a Domain or two")
        if allow_none and kind != "duration":
            raise TypeError("only a duration may be null, for 'never'")
        if partial is not REQUIRED and not self.by:
            raise TypeError("partial= needs by=")

    def check(self, plain: Any) -> Fraction | None:
        """Check one number of the parameter and return it exactly; None stands for 'never'.

        Raises:
            ValueError: when it is not a number, not whole, or out of range.
        """
        if plain is None:
            if self.allow_none:
                return None
            raise ValueError("null is not a value here; write a number")
        value = exact(plain)
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            top = " or more" if self.high is None else f" to {self.high}"
            raise ValueError(f"{_shown(plain)} is out of range: a {self.kind} lies in {self.low}{top}")
        if self.whole and value.denominator != 1:
            raise ValueError(f"{_shown(plain)} is not a whole number of {self.unit}")
        if self.kind == "points" and QUANTUM % value.denominator:
            raise ValueError(f"{_shown(plain)} is finer than 1/{QUANTUM} point")
        return value

    def one(self, plain: Any) -> int:
        """Compile one number."""
        value = self.check(plain)
        return months.NEVER if value is None else self.convert(value)

    def leaves(self, plain: Any) -> dict[tuple[str, ...], Any]:
        """List the numbers of a plain value by their path of keys; a plain number has the empty path.

        Raises:
            ValueError: for an unknown key, or a table nested too deep.
        """
        found: dict[tuple[str, ...], Any] = {}

        def walk(value: Any, path: tuple[str, ...]) -> None:
            if not isinstance(value, Mapping):
                found[path] = value
                return
            if len(path) == len(self.by):
                raise ValueError("a table is not a number" if not self.by else "this table is nested too deep")
            for key, below in value.items():
                if key != OTHERS:
                    self.by[len(path)].code(key)
                walk(below, (*path, key))

        walk(plain, ())
        return found

    def compile(self, plain: Any) -> Any:
        """Compile a number to an int, or a table to an int64 array indexed by the codes of its domains."""
        leaves = self.leaves(plain)
        if not self.by:
            return self.one(plain)
        numbers = {path: self.one(value) for path, value in leaves.items()}
        shape = tuple(len(domain) for domain in self.by)
        table, missing = np.zeros(shape, dtype=np.int64), []
        for index in np.ndindex(shape):
            path = tuple(domain.names[code] for domain, code in zip(self.by, index, strict=True))
            found = self._find(numbers, path)
            if found is None:
                missing.append(" ".join(path))
            else:
                table[index] = found
        if missing:
            shown = ", ".join(missing[:8]) + (f" and {len(missing) - 8} more" if len(missing) > 8 else "")
            raise ValueError(f"no value for {shown}; state it, or '{OTHERS}' for all that are not listed")
        return frozen(table)

    def _find(self, numbers: Mapping[tuple[str, ...], int], path: tuple[str, ...]) -> int | None:
        """Find the number of a path: listed, by 'others', by a shorter path, or by `partial`."""
        ways: list[tuple[str, ...]] = [()]
        for depth, key in enumerate(path):
            ways = [longer for way in ways for longer in (((*way, key), (*way, OTHERS), way) if len(way) == depth else (way,))]
        for way in ways:
            if way in numbers:
                return numbers[way]
        return None if self.partial is REQUIRED else self.one(self.partial)

    def number_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of one number."""
        result: dict[str, Any] = {"type": "integer" if self.whole else "number"}
        if self.low is not None:
            result["minimum"] = self.low
        if self.high is not None:
            result["maximum"] = self.high
        return {"anyOf": [result, {"type": "null"}]} if self.allow_none else result

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the plain value: a number, or a table of numbers."""
        result = self.number_schema()
        for domain in reversed(self.by):
            properties = dict.fromkeys((*domain.names, OTHERS), result)
            table = {"type": "object", "properties": properties, "additionalProperties": False}
            result = {"anyOf": [self.number_schema(), table]}
        return {"description": self.doc, **result}


class Table(Number):
    """Numbers by names the regime chooses; compiled to (names, int64 array)."""

    is_open: ClassVar[bool] = True

    def __init__(self, number: Number, ascending: bool) -> None:
        self.__dict__.update(number.__dict__)
        self.kind, self.ascending = ("steps" if ascending else "table"), ascending  # type: ignore[misc]
        self._number = number

    def check(self, plain: Any) -> Fraction | None:
        """Check one number of the table."""
        return self._number.check(plain)

    def leaves(self, plain: Any) -> dict[tuple[str, ...], Any]:
        """List the numbers of the table by name."""
        if not isinstance(plain, Mapping) or not plain:
            raise ValueError("a table of names and numbers is needed here")
        for name, value in plain.items():
            if isinstance(value, Mapping):
                raise ValueError(f"'{name}' holds a table; a number is needed")
        return {(str(name),): value for name, value in plain.items()}

    def compile(self, plain: Any) -> tuple[tuple[str, ...], np.ndarray]:
        """Compile to names and numbers: ascending by number for steps, by name otherwise."""
        pairs = sorted((path[0], self.one(value)) for path, value in self.leaves(plain).items())
        if self.ascending:
            pairs.sort(key=lambda pair: pair[1])
            for (first, cut), (second, other) in pairwise(pairs):
                if cut == other:
                    raise ValueError(f"{first} and {second} start at the same {self.unit}")
        return tuple(name for name, _ in pairs), frozen(np.array([cut for _, cut in pairs], dtype=np.int64))

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the table."""
        table = {"type": "object", "additionalProperties": self._number.number_schema(), "minProperties": 1}
        return {"description": self.doc, **table}


class Structural(Parameter):
    """A plain, undated choice of form: a flag, a text, one of several, a list of names."""

    structural: ClassVar[bool] = True

    def __init__(
        self, kind: str, doc: str, default: Any, options: tuple[str, ...] = (), domain: Domain | None = None, codes: bool = False
    ) -> None:
        super().__init__(doc, "", default)
        self.kind, self.options, self.domain, self.codes = kind, options, domain, codes  # type: ignore[misc]
        if default is not REQUIRED:
            self.compile(default)

    def compile(self, plain: Any) -> Any:
        """Check the plain value and return it: bool, text, tuple of names, or int64 array of codes."""
        if self.kind == "flag":
            if not isinstance(plain, bool):
                raise ValueError(f"{_shown(plain)} is neither true nor false")
            return plain
        if self.kind == "names":
            return self._names(plain)
        if not isinstance(plain, str):
            raise ValueError(f"{_shown(plain)} is not text")
        if self.options and plain not in self.options:
            raise ValueError(f"'{plain}' is not one of {', '.join(self.options)}. {nearest(plain, self.options)}")
        return plain

    def _names(self, plain: Any) -> Any:
        if isinstance(plain, str) or not isinstance(plain, Iterable) or isinstance(plain, Mapping):
            raise ValueError(f"{_shown(plain)} is not a list of names")
        names = tuple(plain)
        for name in names:
            if not isinstance(name, str):
                raise ValueError(f"{_shown(name)} is not a name")
            if self.domain is not None:
                self.domain.code(name)
        if len(set(names)) != len(names):
            raise ValueError(f"{', '.join(names)} names something twice")
        return self.domain.codes(names) if self.codes and self.domain is not None else names

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the plain value."""
        if self.kind == "flag":
            return {"description": self.doc, "type": "boolean"}
        options = self.domain.names if self.domain is not None else self.options
        word: dict[str, Any] = {"type": "string", "enum": list(options)} if options else {"type": "string"}
        if self.kind == "names":
            word = {"type": "array", "items": word, "uniqueItems": True}
        return {"description": self.doc, **word}


_Kind = tuple[str, str, Callable[[Fraction], int], dict[str, Any]]


def _scaled(scale: int) -> Callable[[Fraction], int]:
    return lambda value: nearest_integer(value * scale)


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
    return Number(kind, convert, doc, unit or own_unit, **limits, **options)


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
