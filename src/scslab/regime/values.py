"""Reading one parameter of a clause: dated values with unit, evidence, and source or range."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from scslab.base.errors import InputError, Problem, nearest
from scslab.base.months import month as month_index
from scslab.base.parameters import Number, Parameter, Table
from scslab.base.strict_yaml import Node

from .clauses import GRADES, SOURCED, Path, Place, Plain, Series, Stated

SHARED = ("unit", "evidence", "disputed", "source", "at", "note", "range")
"""What may stand beside `values`, `value` or `by`; beside `by` it holds for every entry that does not state its own."""


class Reader:
    """Collects the problems of one file and knows its name."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.failed: set[tuple[str, str]] = set()

    def problem(self, node: Node | None, what: str, why: str = "", fix: str = "") -> None:
        """Note a problem at a node."""
        self.problems.append(Problem(what, node.where(self.file) if node is not None else self.file, why, fix))

    def place(self, node: Node) -> Place:
        """Return where a node stands."""
        return Place(self.file, node.line, node.column)

    def mapping(self, node: Node | None, what: str) -> dict[str, Node]:
        """Return the entries of a table, or note a problem and return none."""
        if node is None:
            return {}
        if isinstance(node.value, dict):
            return node.value
        self.problem(node, f"{what} must be a table of names and values")
        return {}

    def known(self, entries: Mapping[str, Node], allowed: Iterable[str], what: str) -> None:
        """Note every key that is not allowed, with the nearest that is."""
        options = tuple(allowed)
        for key, child in entries.items():
            if key not in options:
                self.problem(child.key or child, f"unknown key '{key}' in {what}", fix=nearest(key, options))

    def text(self, node: Node | None, what: str, options: tuple[str, ...] = ()) -> str:
        """Return a text, one of the options if given; numbers are taken as written only when they are whole."""
        if node is None:
            return ""
        value = node.value
        if isinstance(value, int) and not isinstance(value, bool) and not options:
            return str(value)
        if not isinstance(value, str):
            self.problem(node, f"{what} must be text", fix="Quote it")
            return ""
        if options and value not in options:
            self.problem(node, f"unknown {what} '{value}'", f"one of {', '.join(options)}", nearest(value, options))
            return ""
        return value

    def flag(self, node: Node | None, what: str) -> bool:
        """Return true or false."""
        if node is not None and not isinstance(node.value, bool):
            self.problem(node, f"{what} must be true or false")
            return False
        return bool(node is not None and node.value)

    def month(self, node: Node | None, what: str) -> int | None:
        """Return a month; null or nothing gives None."""
        if node is None or node.value is None:
            return None
        try:
            return month_index(str(node.value), node.where(self.file))
        except InputError as error:
            self.problem(node, f"{what}: {error.problems[0].what}", fix=error.problems[0].fix)
            return None

    def whole(self, node: Node | None, what: str, low: int, high: int) -> int | None:
        """Return a whole number in a range."""
        if node is None:
            return None
        if isinstance(node.value, bool) or not isinstance(node.value, int) or not low <= node.value <= high:
            self.problem(node, f"{what} must be a whole number from {low} to {high}")
            return None
        return node.value

    def texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        """Return a text or a list of texts as a tuple."""
        if node is None:
            return ()
        items = node.value if isinstance(node.value, list) else [node]
        return tuple(self.text(item, what) for item in items)


def read_param(reader: Reader, node: Node, declared: Parameter, references: Iterable[str], label: str) -> Stated | None:
    """Read what a clause states for one parameter.

    Args:
        reader: collects problems.
        node: the value.
        declared: the mechanism's declaration.
        references: names a source may have.
        label: instance and parameter, for errors.

    Returns:
        A plain value or series; None when problems were noted.
    """
    before = len(reader.problems)
    if isinstance(declared, Number):
        found = _series(reader, node, declared, tuple(references), label, (), {})
        return tuple(found) if len(reader.problems) == before else None
    plain = node.to_python()
    if isinstance(plain, dict):
        reader.problem(node, f"{label} is a choice of form and takes no dates", fix="Write the value alone")
        return None
    plain = tuple(plain) if isinstance(plain, list) else plain
    try:
        declared.compile(plain)
    except ValueError as error:
        reader.problem(node, f"{label}: {error}")
        return None
    return Plain(plain, reader.place(node))


def _series(
    reader: Reader, node: Node, declared: Number, references: tuple[str, ...], label: str, prefix: Path, shared: Mapping[str, Node]
) -> list[Series]:
    if not isinstance(node.value, dict):
        example = f"{{value: {node.value}, unit: {declared.unit}, evidence: assumed, range: [low, high]}}"
        reader.problem(node, f"{label} is a bare value", "every number has unit, evidence, and source or range", f"Write {example}")
        return []
    entries = node.value
    shape = [key for key in ("values", "value", "by") if key in entries]
    reader.known(entries, ("values", "value", "by", *SHARED), label)
    if len(shape) != 1:
        found = " and ".join(shape) or "none"
        reader.problem(node, f"{label} needs one of values, value or by; it has {found}")
        return []
    facts = {**shared, **{key: entries[key] for key in SHARED if key in entries}}
    if shape == ["by"]:
        if "range" in entries and isinstance(entries["range"].value, dict):
            reader.problem(entries["range"], f"{label}: a range by key stands inside each entry of 'by'")
            return []
        return _by(reader, entries["by"], declared, references, label, prefix, facts)
    dates = _dates(reader, entries[shape[0]], declared, label, prefix, dated=shape == ["values"])
    made = _facts(reader, node, facts, declared, references, label)
    values = tuple((month, tuple(sorted((path, value) for path, (value, _) in leaves.items()))) for month, leaves in dates)
    places = {(month, path): reader.place(at) for month, leaves in dates for path, (_, at) in leaves.items()}
    ranges = _ranges(reader, facts.get("range"), prefix, label)
    _check_ranges(reader, dates, ranges, label, required=bool(made.get("evidence")) and made["evidence"] not in SOURCED, node=node)
    return [Series(dates=values, ranges=ranges, prefix=prefix, place=reader.place(node), places=places, **made)]


def _by(
    reader: Reader, node: Node, declared: Number, references: tuple[str, ...], label: str, prefix: Path, shared: Mapping[str, Node]
) -> list[Series]:
    found: list[Series] = []
    if not declared.by and not isinstance(declared, Table):
        reader.problem(node, f"{label} is one number; it has no 'by'")
        return []
    for key, child in reader.mapping(node, f"{label} by").items():
        path = (*prefix, key)
        try:
            declared.leaves(_wrapped(path, 0))
        except ValueError as error:
            reader.problem(child.key or child, f"{label}: {error}")
            continue
        found += _series(reader, child, declared, references, f"{label}.{key}", path, shared)
    return found


def _wrapped(path: Path, value: Any) -> Any:
    for key in reversed(path):
        value = {key: value}
    return value


Leaves = dict[Path, tuple[Decimal | None, Node]]


def _dates(reader: Reader, node: Node, declared: Number, label: str, prefix: Path, dated: bool) -> list[tuple[int | None, Leaves]]:
    if not dated:
        return [(None, _leaves(reader, node, declared, label, prefix))]
    found: dict[int, Leaves] = {}
    entries = reader.mapping(node, f"{label} values")
    if not entries and isinstance(node.value, dict):
        reader.problem(node, f"{label} values is empty")
    for key, child in entries.items():
        if not key[:4].isdigit() or "-" not in key:
            reader.problem(child.key or child, f"{label}: '{key}' is not a month", fix="Values are dated: {2014-01: 0.35, 2018-01: 0.60}")
            continue
        month = reader.month(Node(key, *_at(child)), label)
        if month is not None and month in found:
            reader.problem(child.key or child, f"{label} states two values for one month")
        if month is not None:
            found[month] = _leaves(reader, child, declared, label, prefix)
    return [(month, found[month]) for month in sorted(found)]


def _at(node: Node) -> tuple[int, int]:
    at = node.key or node
    return at.line, at.column


def _leaves(reader: Reader, node: Node, declared: Number, label: str, prefix: Path) -> Leaves:
    found: Leaves = {}

    def walk(at: Node, path: Path) -> None:
        if isinstance(at.value, dict):
            if not at.value:
                reader.problem(at, f"{label}: this table is empty")
            for key, child in at.value.items():
                walk(child, (*path, key))
            return
        if isinstance(at.value, list):
            reader.problem(at, f"{label}: a list is not a number")
            return
        try:
            declared.leaves(_wrapped(path, at.value))
        except ValueError as error:
            reader.problem(at.key or at if path != prefix else at, f"{label}: {error}")
            return
        try:
            declared.check(at.value)
        except ValueError as error:
            reader.problem(at, f"{label}: {error}")
            return
        found[path] = (None if at.value is None else Decimal(at.value), at)

    walk(node, prefix)
    return found


def _facts(
    reader: Reader, node: Node, facts: Mapping[str, Node], declared: Number, references: tuple[str, ...], label: str
) -> dict[str, Any]:
    unit, evidence = facts.get("unit"), facts.get("evidence")
    if unit is None:
        reader.problem(node, f"{label} has no unit", fix=f"Add unit: {declared.unit}")
    elif unit.value != declared.unit:
        reader.problem(unit, f"{label} has the unit '{unit.value}'", fix=f"It is measured in: {declared.unit}")
    if evidence is None:
        reader.problem(node, f"{label} has no evidence grade", fix=f"Add evidence: one of {', '.join(GRADES)}")
    grade = reader.text(evidence, "evidence grade", GRADES)
    sources = reader.texts(facts.get("source"), f"{label} source")
    for name in sources:
        if name and name not in references:
            reader.problem(
                facts["source"], f"{label}: unknown reference '{name}'", fix=nearest(name, references) or "List it under references"
            )
    if grade in SOURCED and not sources:
        reader.problem(node, f"{label} is {grade} but names no source", fix="Add source: a name from references")
    return {
        "unit": declared.unit,
        "evidence": grade,
        "disputed": reader.flag(facts.get("disputed"), f"{label} disputed"),
        "source": sources,
        "at": reader.text(facts.get("at"), f"{label} at"),
        "note": reader.text(facts.get("note"), f"{label} note"),
    }


def _ranges(reader: Reader, node: Node | None, prefix: Path, label: str) -> tuple[tuple[Path, tuple[Decimal, Decimal]], ...]:
    found: dict[Path, tuple[Decimal, Decimal]] = {}

    def walk(at: Node, path: Path) -> None:
        if isinstance(at.value, dict):
            for key, child in at.value.items():
                walk(child, (*(path or prefix), key))
            return
        items = [item.value for item in at.value] if isinstance(at.value, list) else []
        numbers = [Decimal(item) for item in items if isinstance(item, (int, Decimal)) and not isinstance(item, bool)]
        if len(items) != 2 or len(numbers) != 2 or numbers[0] > numbers[1]:
            reader.problem(at, f"{label}: a range is [low, high], low first")
            return
        found[path] = (numbers[0], numbers[1])

    if node is not None:
        walk(node, ())
    return tuple(sorted(found.items()))


def _check_ranges(
    reader: Reader, dates: list[tuple[int | None, Leaves]], ranges: tuple[Any, ...], label: str, required: bool, node: Node
) -> None:
    known = dict(ranges)
    missing: set[str] = set()
    spare = {path for path in known if path}
    for _, leaves in dates:
        for path, (value, at) in leaves.items():
            bounds = known.get(path, known.get(()))
            spare.discard(path)
            if bounds is None:
                missing.add("/".join(path))
            elif value is not None and not bounds[0] <= value <= bounds[1]:
                reader.problem(at, f"{label}: {value} is outside its range {bounds[0]} to {bounds[1]}")
    for path in sorted(spare):
        what = f"{label} has a range for '{'/'.join(path)}' but no value"
        reader.problem(node, what, fix=nearest("/".join(path), ["/".join(key) for _, leaves in dates for key in leaves]))
    if required and missing:
        of = ", ".join(sorted(name for name in missing if name)[:6])
        why = "only documented and reported numbers may do without"
        reader.problem(node, f"{label} has no range{' for ' + of if of else ''}", why, "Add range: [low, high]")
