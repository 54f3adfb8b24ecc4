"""What a module of cases declares: how a case is measured, its formula, and how its parameters are drawn. Also the usual estimates."""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import numpy as np

from ...base.errors import Problem, ScslabError
from .table import closed_forms

Inputs = Mapping[str, Any]
Function = TypeVar("Function", bound=Callable[..., Any])
LEAST, MOST = 20_000, 5_000_000
"""At freshly drawn parameters: size tried first where the case recommends less, and at which raising it ends, unless a case says otherwise."""


@dataclass(frozen=True)
class Measured:
    """What a scenario gave: the value, its standard error (0 for an exact case), and whether what must be exactly so was so."""

    value: float
    error: float = 0.0
    note: str = ""
    holds: bool = True


@dataclass(frozen=True)
class Measurement:
    """How a case is measured."""

    run: Callable[[Inputs, int, int], Measured]
    most: int = MOST
    least: int = LEAST


MEASUREMENTS: dict[str, Measurement] = {}
FORMULAS: dict[str, Callable[[Inputs], float]] = {}
DRAWS: dict[str, Callable[[np.random.Generator], dict[str, Any]]] = {}


def _enter(register: dict[str, Any], name: str, what: str, value: Any) -> None:
    if name not in closed_forms():
        raise ScslabError(Problem(f"{what} of '{name}': there is no such case"))
    if name in register:
        raise ScslabError(Problem(f"{what} of '{name}' is declared twice"))
    register[name] = value


def case(*names: str, most: int = MOST, least: int = LEAST) -> Callable[[Function], Function]:
    """Declare how cases are measured: a function `(inputs, size, seed) -> Measured`."""

    def register(function: Function) -> Function:
        for name in names:
            _enter(MEASUREMENTS, name, "a measurement", Measurement(function, most, least))
        return function

    return register


def formula(*names: str) -> Callable[[Function], Function]:
    """Declare the closed form of cases: a function `(inputs) -> float`, which no measurement may call."""

    def register(function: Function) -> Function:
        for name in names:
            _enter(FORMULAS, name, "a formula", function)
        return function

    return register


def drawn(*names: str) -> Callable[[Function], Function]:
    """Declare how parameters of cases are drawn: a function `(rng) -> inputs`, with the keys of the case's own inputs."""

    def register(function: Function) -> Function:
        for name in names:
            _enter(DRAWS, name, "a draw", function)
        return function

    return register


@cache
def load_cases() -> None:
    """Import every module of cases once."""
    package = importlib.import_module(f"{__package__}.cases")

    for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"{package.__name__}.{module}")


def share(hits: int, trials: int, note: str = "") -> Measured:
    """Estimate a chance from independent trials.

    Example:
        >>> share(25, 100).value
        0.25
    """
    p = hits / trials
    within = min(max(p, 1 / (trials + 2)), 1 - 1 / (trials + 2))
    return Measured(p, math.sqrt(within * (1 - within) / trials), note)


def mean(values: Any, note: str = "", holds: bool = True) -> Measured:
    """Estimate a mean from independent values."""
    found = np.asarray(values, float)
    return Measured(float(found.mean()), float(found.std(ddof=1) / math.sqrt(len(found))), note, holds)


def variance(values: Any, note: str = "") -> Measured:
    """Estimate a variance from independent values; its error from the fourth moment."""
    found = np.asarray(values, float)
    squares = (found - found.mean()) ** 2
    return Measured(float(found.var(ddof=1)), float(squares.std(ddof=1) / math.sqrt(len(found))), note)


def ratio(above: Any, below: Any, note: str = "") -> Measured:
    """Estimate a ratio of sums over independent pairs; its error by linearisation."""
    a, b = np.asarray(above, float), np.asarray(below, float)
    value = a.sum() / b.sum()
    spread = (a - value * b).std(ddof=1) * math.sqrt(len(a)) / abs(b.sum())
    return Measured(float(value), float(spread), note)
