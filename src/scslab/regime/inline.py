"""Plain numbers laid over a regime without a file of their own: each becomes a parameter of grade invented, checked like any other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from scslab.base.parameters import Number
from scslab.base.strict_yaml import Node

from .clauses import Catalogue
from .overlay import Reform
from .read import named_mechanisms, read_patches
from .values import Reader

SHAPES = ("value", "values", "by")


def read_inline(reader: Reader, node: Node | None, catalogue: Catalogue) -> list[Reform]:
    """Read `{instance or pattern: {parameter: plain value}}` into overlays that `apply_reforms` lays over a regime.

    A plain number holds for every entry of a table; a table replaces the one stated, whole. A choice of form is written alone. What is written
    with `value`, `values` or `by` keeps what it says and gets the unit, the grade and the range it lacks.

    Args:
        reader: collects problems; node: the table; catalogue: parameters by mechanism name.

    Returns:
        One overlay per pattern, so that one that fits nothing is said.
    """
    entries = reader.mapping(node, "set")
    made = {pattern: _stated(reader, pattern, child, catalogue) for pattern, child in entries.items()}
    patches = read_patches(reader, None if node is None else replace(node, value=made), catalogue, ())
    return [Reform("set", patches={pattern: clause}, file=str(clause.place)) for pattern, clause in patches.items()]


def _stated(reader: Reader, pattern: str, node: Node, catalogue: Catalogue) -> Node:
    """Write out the numbers of one pattern as a regime file would; what is no parameter is left for the reader to refuse."""
    entries = reader.mapping(node, pattern)
    fields = {name: declared for mechanism in named_mechanisms(pattern, catalogue) for name, declared in catalogue[mechanism].fields().items()}
    found = {}
    for name, child in entries.items():
        declared = fields.get(name)
        found[name] = _number(child, declared) if isinstance(declared, Number) else child
    return replace(node, value=found)


def _number(node: Node, declared: Number) -> Node:
    stated = node.value if isinstance(node.value, dict) and any(shape in node.value for shape in SHAPES) else {"value": node}
    numbers = list(_numbers(stated.get("value") or stated.get("values") or Node(None, node.line, node.column))) or [Decimal(0)]
    limits = Node([Node(min(numbers), node.line, node.column), Node(max(numbers), node.line, node.column)], node.line, node.column)
    facts = {"unit": Node(declared.unit, node.line, node.column), "evidence": Node("invented", node.line, node.column), "range": limits}
    if "by" in stated:
        facts.pop("range")
    return replace(node, value={**facts, **stated})


def _numbers(node: Node) -> Iterator[Decimal]:
    if isinstance(node.value, dict):
        for child in node.value.values():
            yield from _numbers(child)
    elif isinstance(node.value, (int, Decimal)) and not isinstance(node.value, bool):
        yield Decimal(node.value)
