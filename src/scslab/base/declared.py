"""What one declared parameter checks and compiles: numbers, tables by names, structural choices."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from . import months
from .errors import nearest
from .exact import OTHERS, QUANTUM, REQUIRED, Domain, exact, frozen, shown


class Parameter(ABC):
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

    @abstractmethod
    def compile(self, plain: Any) -> Any:
        """Turn one month's plain value into its compiled form, or raise ValueError."""

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the plain value."""


class Number(Parameter):
    """A number, or numbers by one or two domains: checked exactly, compiled to integers.

    Attributes:
        neutral: compiled value at which rules have no effect upon people by this number; None where its kind or phase tells (docs/contract.md).
        errorless: compiled value at which nobody errs by this number; None where it is no rate of errors.
    """

    def __init__(
        self, kind: str, convert: Callable[[Fraction], int], doc: str, unit: str, *, low: Any = None, high: Any = None,
        whole: bool = False, by: Domain | tuple[Domain, ...] | None = None, partial: Any = REQUIRED, allow_none: bool = False,
        neutral: int | None = None, errorless: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__(doc, unit)
        self.neutral, self.errorless = neutral, errorless
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
            raise ValueError(f"{shown(plain)} is out of range: a {self.kind} lies in {self.low}{top}")
        if self.whole and value.denominator != 1:
            raise ValueError(f"{shown(plain)} is not a whole number of {self.unit}")
        if self.kind == "points" and QUANTUM % value.denominator:
            raise ValueError(f"{shown(plain)} is finer than 1/{QUANTUM} point")
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
        vars(self).update(vars(number))
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
                raise ValueError(f"{shown(plain)} is neither true nor false")
            return plain
        if self.kind == "names":
            return self._names(plain)
        if not isinstance(plain, str):
            raise ValueError(f"{shown(plain)} is not text")
        if self.options and plain not in self.options:
            raise ValueError(f"'{plain}' is not one of {', '.join(self.options)}. {nearest(plain, self.options)}")
        return plain

    def _names(self, plain: Any) -> Any:
        if isinstance(plain, str) or not isinstance(plain, Iterable) or isinstance(plain, Mapping):
            raise ValueError(f"{shown(plain)} is not a list of names")
        names = tuple(plain)
        for name in names:
            if not isinstance(name, str):
                raise ValueError(f"{shown(name)} is not a name")
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
