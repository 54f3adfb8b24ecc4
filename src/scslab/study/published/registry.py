"""What a published model declares, and how a result is judged. Every module of `models/` registers itself by calling `published`."""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

STANDARD_ERRORS = 4.0
"""So many standard errors, the publication's and the run's together, a result may be off: one luck in 16,000 is further."""

KINDS = {
    "SE": "within four standard errors of the target, the publication's and the run's own joined",
    "band": "inside the interval",
    "sign": "on the side of zero that the publication found, by more than four standard errors of the run",
    "exact": "within the tolerance, which is absolute",
    "report": "nothing published to compare with; printed because it helps to understand the others",
}
"""How a result can be compared with a target."""


@dataclass(frozen=True)
class Measured:
    """What a run gives for one target.

    Args:
        value: the result; error: its standard error over the runs made, 0 when it has none.
    """

    value: float
    error: float = 0.0


@dataclass(frozen=True)
class Target:
    """One number of a publication that a run must meet.

    Args:
        name: what is measured, unique within the model.
        value: the published value; for `band` the interval; for `sign` any number of that sign; for `report` anything.
        kind: one of `KINDS`.
        tolerance: for `SE` the standard error of the published value; for `exact` the greatest difference.
        note: anything a reader must know to compare the two.
        miss: why the lab is known to miss it. A miss that is declared is printed and published, and does not fail the command.
    """

    name: str
    value: float | tuple[float, float]
    kind: str = "SE"
    tolerance: float = 0.0
    note: str = ""
    miss: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"'{self.kind}' is not a kind of target")
        if (self.kind == "band") != isinstance(self.value, tuple):
            raise ValueError(f"'{self.name}': a band is an interval, and nothing else is")

    def passes(self, found: Measured) -> bool:
        """Tell whether a result meets the target.

        Example:
            >>> Target("share", 0.5, tolerance=0.01).passes(Measured(0.53))
            True
        """
        value = found.value
        if not math.isfinite(value):
            return False
        if self.kind == "report":
            return True
        if isinstance(self.value, tuple):
            return self.value[0] <= value <= self.value[1]
        if self.kind == "sign":
            return value * self.value > 0 and abs(value) > STANDARD_ERRORS * found.error
        if self.kind == "exact":
            return abs(value - self.value) <= self.tolerance
        return abs(value - self.value) <= STANDARD_ERRORS * math.hypot(self.tolerance, found.error)

    def margin(self, found: Measured) -> float | None:
        """Give how far off a result may be, as the kind says; None where there is no such number."""
        return {"SE": STANDARD_ERRORS * math.hypot(self.tolerance, found.error), "exact": self.tolerance}.get(self.kind)


@dataclass(frozen=True)
class Deviation:
    """Where the lab does not do what the publication did, and why."""

    what: str
    cause: str


@dataclass(frozen=True)
class Model:
    """A published model: what it is, how the lab expresses it, what it must give, and how it is run.

    Args:
        name: on the command line.
        source: the publication.
        equations: its rules, a sentence each.
        expressed: which mechanisms and which world the lab uses.
        run: takes a seed, gives a result for the name of each target.
    """

    name: str
    title: str
    source: str
    equations: tuple[str, ...]
    expressed: str
    targets: tuple[Target, ...]
    run: Callable[[int], Mapping[str, Measured | float]]
    deviations: tuple[Deviation, ...] = ()

    def measure(self, seed: int) -> dict[str, Measured]:
        """Run the model.

        Raises:
            ValueError: when results and targets differ in their names, which is a fault of the model's file.
        """
        found = {name: value if isinstance(value, Measured) else Measured(float(value)) for name, value in self.run(seed).items()}
        odd = set(found) ^ {target.name for target in self.targets}
        if odd:
            raise ValueError(f"model '{self.name}': targets and results differ in {', '.join(sorted(odd))}")
        return found


_MODELS: dict[str, Model] = {}


def published(
    name: str,
    *,
    title: str,
    source: str,
    equations: tuple[str, ...],
    expressed: str,
    targets: tuple[Target, ...],
    deviations: tuple[Deviation, ...] = (),
) -> Callable[[Callable[[int], Mapping[str, Measured | float]]], Model]:
    """Register a published model; decorates the function that runs it."""

    def register(run: Callable[[int], Mapping[str, Measured | float]]) -> Model:
        if name in _MODELS:
            raise ValueError(f"the published model '{name}' is registered twice")
        if len({target.name for target in targets}) < len(targets):
            raise ValueError(f"model '{name}' has two targets of one name")
        _MODELS[name] = Model(name, title, source, equations, expressed, targets, run, deviations)
        return _MODELS[name]

    return register


@cache
def _load() -> None:
    package = importlib.import_module(f"{__package__}.models")
    for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"{package.__name__}.{module}")


def registered() -> dict[str, Model]:
    """Give every published model by name."""
    _load()
    return dict(sorted(_MODELS.items()))


def model_names() -> list[str]:
    """List the published models."""
    return list(registered())
