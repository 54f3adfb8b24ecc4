"""What a regime is: clauses under one name; immutable, content-hashed, compiled for a month.

A `Clause` is one mechanism instance as the rules state it; a `Block` is the same compiled for one month.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from scslab.base.errors import InputError, Problem
from scslab.base.months import month_text
from scslab.base.parameters import Number
from scslab.base.strict_yaml import dump

from .canon import clause_data, hash_of
from .clauses import EVER, GRADES, Catalogue, Clause
from .draws import redrawn

KINDS = ("comparator", "regime", "society")
ESTIMANDS = ("introduction", "reform", "abolition")


class Block(NamedTuple):
    """One mechanism instance compiled for a month."""

    mechanism: str
    params: Any


class NumberRow(NamedTuple):
    """One number of a regime with its provenance."""

    instance: str
    param: str
    key: str
    month: str
    value: Decimal | None
    unit: str
    evidence: str
    disputed: bool
    source: str
    at: str
    range: tuple[Decimal, Decimal] | None
    file: str
    line: int


@dataclass(frozen=True)
class Regime:
    """An immutable set of rules; see `load_regime`.

    Attributes:
        parent: the resolved regime it extends, for combining; its content is already merged in.
        lineage: names it was built from, nearest first.
        period: what one step of time is (`base.periods`); `catalogue` holds the parameters as that period states them.
    """

    name: str
    kind: str
    catalogue: Catalogue = field(compare=False, repr=False)
    title: str = ""
    clauses: Mapping[str, Clause] = field(default_factory=dict, repr=False)
    references: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    scope: Mapping[str, Any] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict, repr=False)
    notes: Any = field(default="", repr=False)
    status: Any = field(default="", repr=False)
    estimand: str = ""
    warm_up_months: int | None = None
    as_of: int | None = None
    period: str = "month"
    cases: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    lineage: tuple[str, ...] = ()
    reforms: tuple[str, ...] = ()
    file: str = field(default="", compare=False)
    parent: Regime | None = field(default=None, compare=False, repr=False)
    _compiled: dict[int, dict[str, Block]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __hash__(self) -> int:
        return hash(self.hash)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the content, free of file, order and layout."""
        return hash_of(self.canonical())

    def canonical(self) -> dict[str, Any]:
        """Return the content as plain data, complete and without its parent; `load_regime` reads it back."""
        made: dict[str, Any] = {"schema": 1, "name": self.name, "title": self.title, "kind": self.kind}
        made["period"] = self.period if self.period != "month" else ""
        made["lineage"], made["reforms"] = list(self.lineage), list(self.reforms)
        made["as_of"] = None if self.as_of is None else month_text(self.as_of)
        made["estimand"], made["warm_up_months"] = self.estimand, self.warm_up_months
        made["scope"], made["status"], made["notes"] = dict(self.scope), self.status, self.notes
        made["about"] = dict(self.about)
        made["references"] = {name: dict(about) for name, about in sorted(self.references.items())}
        made["mechanisms"] = {name: clause_data(clause) for name, clause in sorted(self.clauses.items())}
        made["cases"] = [dict(case) for case in self.cases]
        return {key: value for key, value in made.items() if value not in (None, "", [], {}) or key == "mechanisms"}

    def to_yaml(self) -> str:
        """Write it whole, with its parent and reforms merged in; loading the text gives the same hash.

        Example:
            >>> from scslab.study.library import load_regime
            >>> load_regime("court-list").to_yaml().splitlines()[1]
            'name: court-list'
        """
        return dump(self.canonical())

    @cached_property
    def _changes(self) -> tuple[int, ...]:
        return tuple(sorted(set().union(*(clause.change_months() for clause in self.clauses.values()), {EVER})))

    def change_months(self, start: int, end: int) -> list[int]:
        """List the months in (start, end) where some value or block changes.

        Args:
            start, end: first month of the horizon and the month after its last.
        """
        return [month for month in self._changes if start < month < end]

    def at(self, month: int) -> dict[str, Block]:
        """Compile the rules of a month.

        Args:
            month: months since 2000-01.

        Returns:
            Blocks by instance name, sorted by name; absent when not in force. Shared by months alike: do not change it.

        Raises:
            InputError: when a block is in force but a value does not exist yet.

        Example:
            >>> from scslab.base.months import month
            >>> from scslab.study.library import load_regime
            >>> load_regime("rongcheng-2016").at(month("2016-05"))["decide.ledger"].params.start
            100000
        """
        segment = max(change for change in self._changes if change <= month)
        if segment in self._compiled:
            return self._compiled[segment]
        blocks: dict[str, Block] = {}
        problems: list[Problem] = []
        for instance, clause in sorted(self.clauses.items()):
            start, end = clause.span
            if start <= month < end:
                params, found = clause.compile(month, self.catalogue[clause.mechanism])
                problems += found
                blocks[instance] = Block(clause.mechanism, params)
        if problems:
            raise InputError(*problems)
        self._compiled[segment] = blocks
        return blocks

    def check_horizon(self, start: int, end: int) -> None:
        """Check that every value exists in every month of a horizon in which its block is in force.

        Args:
            start, end: first month and the month after the last.

        Raises:
            InputError: with every value that is missing.
        """
        problems: dict[str, Problem] = {}
        for month in (start, *self.change_months(start, end)):
            try:
                self.at(month)
            except InputError as error:
                for problem in error.problems:
                    problems.setdefault(problem.where + problem.what.partition(" in ")[0], problem)
        if problems:
            raise InputError(*problems.values())

    def numbers(self) -> list[NumberRow]:
        """List every number with date, unit, evidence, source, range and place."""
        rows = []
        for instance, clause in sorted(self.clauses.items()):
            for name, series in clause.series():
                for date, values in series.dates:
                    for path, value in values:
                        place = series.places.get((date, path), series.place)
                        rows.append(
                            NumberRow(
                                instance, name, "/".join(path), "" if date is None else month_text(date), value, series.unit,
                                series.evidence, series.disputed, ", ".join(series.source), series.at, series.range_of(path),
                                place.file, place.line,
                            )
                        )  # fmt: skip
        return rows

    def evidence_counts(self) -> dict[str, int]:
        """Count the numbers of each evidence grade, and those disputed."""
        counts: dict[str, int] = {grade: 0 for grade in (*GRADES, "disputed")}  # noqa: C420 (typed keys)
        for row in self.numbers():
            counts[row.evidence] += 1
            counts["disputed"] += row.disputed
        return counts

    def assumed_numbers(self) -> list[NumberRow]:
        """List the numbers to draw in assumption runs: not documented, with a range of some width.

        A number with several dates is listed once, by its last value; see `with_values`.
        """
        last: dict[tuple[str, str, str], NumberRow] = {}
        for row in self.numbers():
            if row.evidence != "documented" and row.range and row.range[0] < row.range[1] and row.value is not None:
                last[row.instance, row.param, row.key] = row
        return list(last.values())

    def with_values(self, values: Mapping[tuple[str, str, str], Decimal]) -> Regime:
        """Replace numbers, for draws of assumptions.

        Args:
            values: new last value by (instance, parameter, key). Earlier values of a dated number move by the same share of
                their distance to the end of the range, so order in time and range are kept.

        Raises:
            InputError: for a number that does not exist or a value its type or range refuses.
        """
        return replace(self, clauses=redrawn(self.name, self.clauses, self.number_of, values))

    def number_of(self, clause: Clause, param: str) -> Number:
        """Return the declaration of a dated parameter."""
        declared = self.catalogue[clause.mechanism].fields()[param]
        assert isinstance(declared, Number)
        return declared
