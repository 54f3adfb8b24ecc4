"""What a rule says: a clause of dated, sourced numbers, and the parameters that it compiles to in a month.

Numbers are exact decimals. Months are integers since 2000-01; `None` as a month means "from the start of the clause".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from scslab.base.errors import Problem, nearest
from scslab.base.months import NEVER, month_text
from scslab.base.parameters import Parameters

GRADES = ("documented", "reported", "estimated", "assumed", "invented")
"""Evidence grades; the first two need a source, the others a range."""

SOURCED = GRADES[:2]
STATUSES = ("in force", "ended", "pilot", "proposed", "invented", "against every rule")
"""How a rule stands; the last is for practices that no rule allows, such as favours."""

EVER = -NEVER
"""A month before any horizon."""

Catalogue = Mapping[str, type[Parameters]]
Path = tuple[str, ...]


class Place(NamedTuple):
    """Where something is stated."""

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True)
class Series:
    """Dated values that share unit, evidence and source.

    Attributes:
        dates: (month or None, values by path of keys), ascending; the last at or before a month is in force.
        ranges: (low, high) by path; the empty path holds for all paths.
        places: where each (month, path) is stated.
    """

    dates: tuple[tuple[int | None, tuple[tuple[Path, Decimal | None], ...]], ...]
    unit: str
    evidence: str
    disputed: bool = False
    source: tuple[str, ...] = ()
    at: str = ""
    note: str = ""
    ranges: tuple[tuple[Path, tuple[Decimal, Decimal]], ...] = ()
    prefix: Path = ()
    place: Place = field(default=Place(), compare=False)
    places: Mapping[tuple[int | None, Path], Place] = field(default_factory=dict, compare=False, repr=False, hash=False)

    def range_of(self, path: Path) -> tuple[Decimal, Decimal] | None:
        """Return the range of one number."""
        found = dict(self.ranges)
        return found.get(path, found.get(()))

    def values_at(self, month: int) -> dict[Path, Decimal | None] | None:
        """Return the values in force in a month, or None before the first date."""
        current = None
        for date, values in self.dates:
            if date is not None and date > month:
                break
            current = values
        return None if current is None else dict(current)


@dataclass(frozen=True)
class Plain:
    """A structural parameter's undated value."""

    value: Any
    place: Place = field(default=Place(), compare=False)


Stated = tuple[Series, ...] | Plain


@dataclass(frozen=True)
class Clause:
    """One mechanism instance as the rules state it.

    Attributes:
        in_force: first month and first month no longer in force; None where open or not stated.
        status: how the rule stands, or empty when not stated.
    """

    instance: str
    params: Mapping[str, Stated]
    in_force: tuple[int | None, int | None] | None = None
    status: str = ""
    note: str = ""
    place: Place = field(default=Place(), compare=False)

    @property
    def mechanism(self) -> str:
        """The mechanism's name: the instance without its label."""
        return self.instance.partition(":")[0]

    @property
    def span(self) -> tuple[int, int]:
        """First month in force and first month no longer so."""
        start, end = self.in_force or (None, None)
        return EVER if start is None else start, NEVER if end is None else end

    def series(self) -> Iterable[tuple[str, Series]]:
        """Yield (parameter, series) for every dated parameter."""
        for name, stated in self.params.items():
            if not isinstance(stated, Plain):
                for series in stated:
                    yield name, series

    def change_months(self) -> set[int]:
        """Return the months where it starts, ends or changes a value."""
        start, end = self.span
        found = {date for _, series in self.series() for date, _ in series.dates if date is not None and start < date < end}
        return found | {month for month in (start, end) if abs(month) != NEVER}

    def plain_at(self, month: int) -> tuple[dict[str, Any], list[Problem]]:
        """Gather the plain values of a month, and a problem for each that does not exist yet."""
        plain: dict[str, Any] = {}
        problems: list[Problem] = []
        for name, stated in self.params.items():
            if isinstance(stated, Plain):
                plain[name] = stated.value
                continue
            leaves: dict[Path, Any] = {}
            for series in stated:
                values = series.values_at(month)
                if values is None:
                    problems.append(self._too_early(name, series, month))
                else:
                    leaves.update(values)
            plain[name] = nested(leaves)
        return plain, problems

    def _too_early(self, name: str, series: Series, month: int) -> Problem:
        first = series.dates[0][0]
        label = ".".join((name, *series.prefix))
        return Problem(
            f"{self.instance} {label} has no value in {month_text(month)}",
            str(series.place),
            f"its first value is dated {month_text(first if first is not None else EVER)}",
            "Date a value at or before that month, start later, or narrow in_force",
        )

    def compile(self, month: int, parameters: type[Parameters]) -> tuple[Any, list[Problem]]:
        """Compile the parameters for a month: the instance, or None and the problems."""
        plain, problems = self.plain_at(month)
        if problems:
            return None, problems
        try:
            return parameters.compile(plain), []
        except ValueError as error:
            return None, [self._problem(line) for line in str(error).splitlines()]

    def _problem(self, line: str) -> Problem:
        stated = self.params.get(line.partition(":")[0])
        place = self.place if stated is None else stated.place if isinstance(stated, Plain) else stated[0].place
        return Problem(f"{self.instance}: {line}", str(place))


def nested(leaves: Mapping[Path, Any]) -> Any:
    """Turn values by path of keys into a number or nested tables."""
    if () in leaves:
        return leaves[()]
    result: dict[str, Any] = {}
    for path, value in leaves.items():
        level = result
        for key in path[:-1]:
            level = level.setdefault(key, {})
        level[path[-1]] = value
    return result


def check_catalogue(clause: Clause, catalogue: Catalogue) -> list[Problem]:
    """Find an unknown mechanism and required parameters that no file of the lineage states."""
    if clause.mechanism not in catalogue:
        return [Problem(f"unknown mechanism '{clause.mechanism}'", str(clause.place), fix=nearest(clause.mechanism, catalogue))]
    fields = catalogue[clause.mechanism].fields()
    return [
        Problem(f"{clause.instance} lacks '{name}'", str(clause.place), declared.doc, "State it; numbers have no defaults")
        for name, declared in fields.items()
        if declared.required and name not in clause.params
    ]


def check_compiles(clause: Clause, catalogue: Catalogue) -> list[Problem]:
    """Find tables with gaps and values that do not compile, in every month where all values exist."""
    start, end = clause.span
    problems: dict[str, Problem] = {}
    for month in sorted({start, *clause.change_months()}):
        if start <= month < end and not clause.plain_at(month)[1]:
            for problem in clause.compile(month, catalogue[clause.mechanism])[1]:
                problems.setdefault(str(problem), problem)
    return list(problems.values())
