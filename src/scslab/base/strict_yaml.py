"""Strict YAML: the 1.2 core schema without anchors, aliases, tags, merge keys or duplicate keys, capped in size.

PyYAML parses the syntax; the meaning of scalars is ours, because PyYAML reads YAML 1.1 (there a bare `NO` is false). Every
node knows its line and column, so that errors can point at the offending text. Any bytes give a tree or an `InputError`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from .errors import InputError, Problem

MAX_BYTES = 1 << 20
MAX_DEPTH = 24
MAX_NODES = 200_000
MAX_PROBLEMS = 100
MAX_DIGITS = 40

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+|0o[0-7]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*|[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a document and its place.

    Attributes:
        value: None, bool, int, Decimal, text, a list of nodes, or a dict of nodes by text.
        line, column: where it starts, counted from 1.
        key: of a value in a mapping, the node of its key.
    """

    value: Any
    line: int
    column: int
    key: Node | None = field(default=None, repr=False, compare=False)

    def where(self, file: str) -> str:
        """Return `file:line:column`."""
        return f"{file}:{self.line}:{self.column}"

    def to_python(self) -> Any:
        """Return plain dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: child.to_python() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.to_python() for child in self.value]
        return self.value


class _Stop(Exception):
    """Nothing further can be read."""


class _Composer:
    """Turns parser events into nodes, collecting problems."""

    def __init__(self, file: str) -> None:
        self.file, self.count, self.problems = file, 0, list[Problem]()

    def problem(self, mark: Any, what: str, why: str = "", fix: str = "") -> None:
        """Note a problem at a place."""
        where = f"{self.file}:{mark.line + 1}:{mark.column + 1}" if mark is not None else self.file
        self.problems.append(Problem(what, where, why, fix))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _Stop

    def document(self, events: Iterator[Any]) -> Node:
        """Compose the only document of a stream."""
        root = Node(None, 1, 1)
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.problem(event.start_mark, "a second document starts here", fix="Keep one document per file")
                    raise _Stop
                if event.version or event.tags:
                    self.problem(event.start_mark, "a % directive is not allowed", fix="Delete the line")
            elif not isinstance(event, (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentEndEvent)):
                root = self.node(event, events, 1)
        return root

    def node(self, event: Any, events: Iterator[Any], depth: int, key: Node | None = None) -> Node:
        """Compose one node from its first event."""
        mark = event.start_mark
        self.count += 1
        if self.count > MAX_NODES:
            self.problem(mark, f"more than {MAX_NODES:,} values", fix="Split the file")
            raise _Stop
        if depth > MAX_DEPTH:
            self.problem(mark, f"nested more than {MAX_DEPTH} levels deep", fix="Flatten it")
            raise _Stop
        line, column = mark.line + 1, mark.column + 1
        if isinstance(event, yaml.AliasEvent):
            self.problem(mark, f"the alias *{_short(event.anchor)} is not allowed", fix="Write the value out")
            return Node(None, line, column, key)
        if event.anchor:
            self.problem(mark, f"the anchor &{_short(event.anchor)} is not allowed", fix="Delete it and write values out")
        if event.tag:
            self.problem(mark, f"the tag {_short(event.tag)} is not allowed", fix="Delete it; quote the value if it is text")
        if isinstance(event, yaml.ScalarEvent):
            return Node(self.scalar(event), line, column, key)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                items.append(self.node(event, events, depth + 1))
            return Node(items, line, column, key)
        return Node(self.mapping(events, depth), line, column, key)

    def mapping(self, events: Iterator[Any], depth: int) -> dict[str, Node]:
        """Compose the entries of a mapping; a repeated key is a problem and the first one stays."""
        children: dict[str, Node] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            mark = event.start_mark
            is_text = isinstance(event, yaml.ScalarEvent)
            node = self.node(event, events, depth + 1)
            name = event.value if is_text else ""
            key = Node(name, node.line, node.column)
            if not is_text and not isinstance(event, yaml.AliasEvent):
                self.problem(mark, "a key must be a single word or text, not a list or table")
            elif is_text and name == "<<" and not event.style:
                self.problem(mark, "the merge key << is not allowed", fix="Write the entries out")
            elif is_text and not name:
                self.problem(mark, "a key is empty")
            elif name in children:
                first = children[name].key
                self.problem(mark, f"'{_short(name)}' is stated twice", f"first on line {first.line if first else 0}", "Keep one of them")
            child = self.node(next(events), events, depth + 1, key)
            children.setdefault(name, child)
        return children

    def scalar(self, event: Any) -> Any:
        """Resolve a scalar by the YAML 1.2 core schema; quoted ones are text."""
        text: str = event.value
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            self.problem(event.start_mark, "a surrogate escape is not a character")
            return ""
        if event.style or event.tag:
            return text
        if text in _NULL:
            return None
        if text in _BOOL:
            return _BOOL[text]
        if not _FLOAT.fullmatch(text) and not _HEX.fullmatch(text):
            if _NOT_FINITE.fullmatch(text):
                self.problem(event.start_mark, f"'{text}' is not a finite number", fix="Use null for 'never', where allowed")
            return text
        return self.number(event)

    def number(self, event: Any) -> Any:
        """Read a number exactly, refusing absurd lengths and exponents."""
        text: str = event.value
        mantissa, _, exponent = text.lower().partition("e") if not text.startswith("0x") else (text, "", "")
        if len(mantissa) > MAX_DIGITS or len(exponent) > 4 or abs(int(exponent or 0)) > MAX_DIGITS:
            self.problem(event.start_mark, f"the number {_short(text)} is too long to be meant", fix="Quote it if it is text")
            return 0
        if _HEX.fullmatch(text):
            return int(text, 0)
        return int(text) if _INT.fullmatch(text) else Decimal(text)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


def parse(data: bytes | str, file: str = "text") -> Node:
    """Read one strict YAML document.

    Args:
        data: UTF-8 bytes, or text.
        file: the name errors show.

    Returns:
        The root node; an empty document is a node of None.

    Raises:
        InputError: with every problem found.

    Example:
        >>> parse("country: NO\\nfrom: 2014-01\\nshare: 0.10").to_python()
        {'country': 'NO', 'from': '2014-01', 'share': Decimal('0.10')}
    """
    raw = b""
    try:
        raw = data if isinstance(data, bytes) else data.encode("utf-8")
        if len(raw) > MAX_BYTES:
            raise InputError(Problem(f"the file is larger than {MAX_BYTES:,} bytes", file, fix="Split it"))
        text = raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        before = raw[:at]
        where = f"{file}:{before.count(10) + 1}:{len(before[before.rfind(10) + 1:].decode(errors='replace')) + 1}"
        raise InputError(Problem("this is not UTF-8 text", where, fix="Save the file as UTF-8")) from None
    composer = _Composer(file)
    root = Node(None, 1, 1)
    try:
        root = composer.document(yaml.parse(text, Loader=_LOADER))
    except (_Stop, StopIteration):
        pass
    except yaml.MarkedYAMLError as error:
        about = " ".join(str(part) for part in (error.problem, error.context) if part)
        _last(composer, error.problem_mark or error.context_mark, f"this is not YAML: {about}")
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        first = (str(error).splitlines() or ["unreadable"])[0]
        _last(composer, None, f"this is not YAML: {first}")
    if composer.problems:
        raise InputError(*composer.problems)
    return root


def _last(composer: _Composer, mark: Any, what: str) -> None:
    fix = "Check brackets, quotes, colons and indentation there; indent with spaces"
    try:
        composer.problem(mark, what, fix=fix)
    except _Stop:
        return


def read(path: str | Path, file: str = "") -> Node:
    """Read a strict YAML file.

    Args:
        path: the file.
        file: the name errors show; the path by default.

    Raises:
        InputError: when it cannot be read, with every problem found.
    """
    shown = file or str(path)
    try:
        with open(path, "rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(Problem(f"cannot read the file: {reason}", shown)) from None
    return parse(data, shown)


def dump(value: Any, indent: int = 0) -> str:
    """Write plain dicts, lists and scalars so that `parse` reads the same back.

    Args:
        value: nested mappings with text keys, lists, text, bool, None, int, Decimal.
        indent: spaces before each line.

    Example:
        >>> print(dump({"a": [1, "NO"], "b": {"c": "true"}}), end="")
        a: [1, NO]
        b: {c: "true"}
    """
    if not isinstance(value, Mapping) or not value:
        return " " * indent + _flow(value) + "\n"
    lines: list[str] = []
    for key, child in value.items():
        head = " " * indent + _scalar(str(key)) + ":"
        if isinstance(child, Mapping) and child:
            inline = _flow(child)
            if len(head) + len(inline) < 110 and not any(isinstance(below, Mapping) for below in child.values()):
                lines.append(f"{head} {inline}\n")
            else:
                lines.append(f"{head}\n{dump(child, indent + 2)}")
        elif isinstance(child, (list, tuple)) and any(isinstance(item, Mapping) for item in child):
            lines.append(f"{head}\n")
            lines.extend(f"{' ' * (indent + 2)}- {_flow(item)}\n" for item in child)
        else:
            lines.append(f"{head} {_flow(child)}\n")
    return "".join(lines)


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(str(key))}: {_flow(child)}" for key, child in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return number_text(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text not in _NULL and text not in _BOOL:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def number_text(value: Decimal | int) -> str:
    """Write a number exactly and in one way: no exponent, no trailing zeros.

    Example:
        >>> number_text(Decimal("0.350")), number_text(Decimal("1E+2"))
        ('0.35', '100')
    """
    text = format(Decimal(value), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
