"""Replacing assumed numbers inside their ranges, for joint draws of assumptions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from scslab.base.errors import InputError, Problem, nearest
from scslab.base.parameters import Number

from .clauses import Clause, Path, Plain, Series

NumberKey = tuple[str, str, str]


def redrawn(
    title: str, rules: Mapping[str, Clause], number_of: Callable[[Clause, str], Number], values: Mapping[NumberKey, Decimal]
) -> dict[str, Clause]:
    """Return clauses with some numbers replaced; see `Regime.with_values`."""
    clauses, used, problems = dict(rules), set[NumberKey](), list[Problem]()
    for instance in {key[0] for key in values} & set(clauses):
        clause = clauses[instance]
        params = dict(clause.params)
        for name, stated in clause.params.items():
            if isinstance(stated, Plain):
                continue
            wanted = {tuple(key[2].split("/")) if key[2] else (): key for key in values if key[:2] == (instance, name)}
            made = []
            for series in stated:
                for path in {path for _, leaves in series.dates for path, value in leaves if value is not None}:
                    if path in wanted:
                        used.add(wanted[path])
                        new = Decimal(values[wanted[path]])
                        problems += _refused(instance, name, path, new, series, number_of(clause, name))
                        series = _moved(series, path, new, number_of(clause, name))
                made.append(series)
            params[name] = tuple(made)
        clauses[instance] = replace(clause, params=params)
    unknown = sorted(set(values) - used)
    known = _names(clauses) if unknown else []
    for key in unknown:
        name = " ".join(key).strip()
        problems.append(Problem(f"{title} has no number '{name}'", fix=nearest(name, known)))
    if problems:
        raise InputError(*problems)
    return clauses


def _names(clauses: Mapping[str, Clause]) -> list[str]:
    return [
        " ".join((instance, name, "/".join(path))).strip()
        for instance, clause in sorted(clauses.items())
        for name, series in clause.series()
        for _, leaves in series.dates
        for path, _ in leaves
    ]


def _refused(instance: str, name: str, path: Path, new: Decimal, series: Series, number: Number) -> list[Problem]:
    label = f"{instance} {'.'.join((name, *path))}"
    bounds = series.range_of(path)
    if bounds and not bounds[0] <= new <= bounds[1]:
        return [Problem(f"{label}: {new} is outside its range {bounds[0]} to {bounds[1]}", str(series.place))]
    try:
        number.check(new)
    except ValueError as error:
        return [Problem(f"{label}: {error}", str(series.place))]
    return []


def _moved(series: Series, path: Path, new: Decimal, number: Number) -> Series:
    dated = [Fraction(value) for _, leaves in series.dates for found, value in leaves if found == path and value is not None]
    base, target = dated[-1], Fraction(new)
    bounds = series.range_of(path)
    low, high = (Fraction(bounds[0]), Fraction(bounds[1])) if bounds else (min(dated), max(dated))

    def move(value: Decimal | None) -> Decimal | None:
        if value is None or value == base:
            return None if value is None else new
        old = Fraction(value)
        end = high if target >= base else low
        span = end - base
        moved = old + (end - old) * (target - base) / span if span else old
        digits = 0 if number.whole else 2 if number.unit == "points" else 12
        scaled = round(moved * 10**digits)
        return Decimal(scaled).scaleb(-digits)

    dates = tuple(
        (month, tuple((found, move(value) if found == path else value) for found, value in leaves)) for month, leaves in series.dates
    )
    return replace(series, dates=dates)
