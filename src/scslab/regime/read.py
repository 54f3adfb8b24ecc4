"""Reading one regime or reform file into a draft: checked against the catalogue, not yet merged with its parent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from scslab.base.errors import nearest
from scslab.base.months import month_text
from scslab.base.parameters import Parameters
from scslab.base.periods import PERIODS
from scslab.base.strict_yaml import Node

from .clauses import STATUSES, Catalogue, Clause
from .model import ESTIMANDS, KINDS
from .rules import read_status
from .values import Reader, read_param

TOP = (
    "schema", "name", "title", "kind", "period", "extends", "as_of", "scope", "estimand", "warm_up_months", "status", "notes", "about",
    "documented", "disputed", "myth", "references", "mechanisms", "remove", "cases", "lineage", "reforms",
)  # fmt: skip
REFORM_TOP = (
    "schema", "name", "title", "kind", "safeguard", "claim", "price", "status", "notes", "about", "documented", "disputed",
    "myth", "references", "applies_to", "set", "add", "remove",
)  # fmt: skip
ABOUT = ("documented", "disputed", "myth")
SCOPE = ("jurisdiction", "from", "until", "ages", "residence_months", "consent", "worlds", "subjects", "note")
REFERENCE = ("title", "url", "accessed", "fact", "note", "author", "publisher", "date", "number", "confidence")
CASE = ("name", "date", "given", "expect", "note")
CLAUSE = ("in_force", "status", "note")
INSTANCE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*(:[a-z0-9][a-z0-9_-]*)?")
NAME = re.compile(r"[a-z0-9][a-z0-9_.+-]*")
HALF_OPEN = re.compile(r"\[\s*([^,\s]+)\s*,\s*([^,\s]+)\s*\)")


@dataclass
class Draft:
    """A file as read: fields by name, clauses or patches by instance or pattern."""

    name: str = ""
    kind: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    references: dict[str, dict[str, Any]] = field(default_factory=dict)
    clauses: dict[str, Clause] = field(default_factory=dict)
    patches: dict[str, Clause] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    applies_to: tuple[str, ...] = ()


def read_draft(root: Node, reader: Reader, catalogue: Catalogue, inherited: Iterable[str] = ()) -> Draft:
    """Read a regime or reform document.

    Args:
        root: the document.
        reader: collects problems.
        catalogue: parameters by mechanism name.
        inherited: reference names the parent defines.
    """
    draft = Draft()
    top = reader.mapping(root, "a regime file")
    if not top:
        return draft
    draft.kind = reader.text(top.get("kind"), "kind", (*KINDS, "reform"))
    is_reform = draft.kind == "reform"
    reader.known(top, REFORM_TOP if is_reform else TOP, "the reform" if is_reform else "the regime")
    _head(reader, root, top, draft)
    draft.references = {name: _reference(reader, name, node) for name, node in reader.mapping(top.get("references"), "references").items()}
    names = (*draft.references, *inherited)
    draft.clauses = _clauses(reader, top.get("add" if is_reform else "mechanisms"), catalogue, names)
    draft.remove = reader.texts(top.get("remove"), "remove")
    if is_reform:
        draft.patches = read_patches(reader, top.get("set"), catalogue, names)
        draft.applies_to = reader.texts(top.get("applies_to"), "applies_to")
        if not reader.flag(top.get("safeguard"), "safeguard"):
            why = "reforms are safeguards only; a tightening is a regime of its own, graded invented"
            reader.problem(top.get("safeguard", root), "a reform must state safeguard: true", why)
    else:
        draft.fields["cases"] = tuple(_cases(reader, top.get("cases")))
        draft.fields["scope"] = _scope(reader, top.get("scope"))
    return draft


def _head(reader: Reader, root: Node, top: Mapping[str, Node], draft: Draft) -> None:
    if "schema" not in top or top["schema"].value != 1:
        reader.problem(top.get("schema", root), "schema must be 1", fix="Write schema: 1")
    for required in ("name", "kind"):
        if required not in top:
            reader.problem(root, f"'{required}' is missing", fix="Kinds: " + ", ".join(KINDS) if required == "kind" else "")
    draft.name = reader.text(top.get("name"), "name")
    if draft.name and not NAME.fullmatch(draft.name):
        reader.problem(top["name"], f"'{draft.name}' is not a name", "small letters, digits and hyphens")
    fields = draft.fields
    for key in ("title", "claim", "price"):
        fields[key] = reader.text(top.get(key), key)
    fields["notes"], fields["status"] = _prose(reader, top.get("notes"), "notes"), read_status(reader, top.get("status"))
    about = {key: top[key] for key in ABOUT if key in top}
    inside = reader.mapping(top.get("about"), "about")
    reader.known(inside, ABOUT, "about")
    fields["about"] = {key: _prose(reader, node, key) for key, node in {**inside, **about}.items()}
    fields["estimand"] = reader.text(top.get("estimand"), "estimand", ESTIMANDS)
    fields["period"] = reader.text(top.get("period"), "period", tuple(PERIODS))
    fields["warm_up_months"] = reader.whole(top.get("warm_up_months"), "warm_up_months", 0, 1200)
    fields["as_of"] = reader.month(top.get("as_of"), "as_of")
    for key in ("lineage", "reforms"):
        fields[key] = reader.texts(top.get(key), key)


def _prose(reader: Reader, node: Node | None, what: str) -> Any:
    """Return a text, a list of texts, or a table of texts."""
    if node is None:
        return ""
    if isinstance(node.value, dict):
        return {key: _prose(reader, child, f"{what} {key}") for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [reader.text(child, what) for child in node.value]
    return reader.text(node, what)


def _reference(reader: Reader, name: str, node: Node) -> dict[str, Any]:
    entries = reader.mapping(node, f"reference {name}")
    reader.known(entries, REFERENCE, f"reference {name}")
    if "title" not in entries and isinstance(node.value, dict):
        reader.problem(node, f"reference {name} has no title")
    made: dict[str, Any] = {key: reader.text(child, f"{name} {key}") for key, child in entries.items() if key != "fact"}
    if "fact" in entries:
        made["fact"] = list(reader.texts(entries["fact"], f"{name} fact"))
    return made


def _scope(reader: Reader, node: Node | None) -> dict[str, Any]:
    entries = reader.mapping(node, "scope")
    reader.known(entries, SCOPE, "scope")
    made: dict[str, Any] = {}
    for key, child in entries.items():
        if key in ("from", "until"):
            month = reader.month(child, f"scope {key}")
            made[key] = None if month is None else month_text(month)
        elif key == "consent":
            made[key] = reader.flag(child, "scope consent")
        elif key == "residence_months":
            made[key] = reader.whole(child, "scope residence_months", 0, 1200)
        elif key == "worlds":
            made[key] = list(reader.texts(child, "scope worlds"))
        elif key == "ages":
            items = child.value if isinstance(child.value, list) else []
            ages = [reader.whole(item, "an age", 0, 150) for item in items]
            if len(ages) != 2 or (None not in ages and ages[0] > ages[1]):  # type: ignore[operator]
                reader.problem(child, "ages is [youngest, oldest]")
            made[key] = ages
        elif key in ("jurisdiction", "subjects", "note"):
            made[key] = reader.text(child, f"scope {key}")
    first, last = made.get("from"), made.get("until")
    if first and last and first >= last:
        reader.problem(entries["until"], f"scope until {last} is not after from {first}", fix="Until is the first month no longer in force")
    return made


def _cases(reader: Reader, node: Node | None) -> Iterable[dict[str, Any]]:
    if node is None:
        return
    if not isinstance(node.value, list):
        reader.problem(node, "cases must be a list")
        return
    for item in node.value:
        entries = reader.mapping(item, "a case")
        reader.known(entries, CASE, "the case")
        for key in ("name", "date", "given", "expect"):
            if key not in entries and isinstance(item.value, dict):
                reader.problem(item, f"the case has no '{key}'")
        date = reader.month(entries.get("date"), "case date")
        made: dict[str, Any] = {"name": reader.text(entries.get("name"), "case name")}
        made["date"] = "" if date is None else month_text(date)
        for key in ("given", "expect"):
            made[key] = {name: child.to_python() for name, child in reader.mapping(entries.get(key), f"case {key}").items()}
        if "note" in entries:
            made["note"] = reader.text(entries["note"], "case note")
        yield made


def _clauses(reader: Reader, node: Node | None, catalogue: Catalogue, references: tuple[str, ...]) -> dict[str, Clause]:
    found: dict[str, Clause] = {}
    for instance, child in reader.mapping(node, "mechanisms").items():
        mechanism = instance.partition(":")[0]
        if not INSTANCE.fullmatch(instance):
            reader.problem(child.key or child, f"'{instance}' is not phase.mechanism or phase.mechanism:label")
        elif mechanism not in catalogue:
            reader.problem(child.key or child, f"unknown mechanism '{mechanism}'", fix=nearest(mechanism, catalogue))
        else:
            found[instance] = _clause(reader, instance, child, catalogue[mechanism], references)
    return found


def named_mechanisms(pattern: str, catalogue: Catalogue) -> list[str]:
    """List the mechanisms that a pattern of instances names."""
    mechanism = pattern.partition(":")[0]
    return [name for name in sorted(catalogue) if fnmatchcase(name, mechanism)]


def read_patches(reader: Reader, node: Node | None, catalogue: Catalogue, references: tuple[str, ...]) -> dict[str, Clause]:
    """Read parameters to set, by pattern of instance."""
    found: dict[str, Clause] = {}
    for pattern, child in reader.mapping(node, "set").items():
        mechanism, named = pattern.partition(":")[0], named_mechanisms(pattern, catalogue)
        if not named:
            reader.problem(child.key or child, f"no mechanism is called '{mechanism}'", fix=nearest(mechanism, catalogue))
            continue
        wanted = set(reader.mapping(child, pattern)) - set(CLAUSE)
        fits = [name for name in named if wanted <= set(catalogue[name].fields())]
        found[pattern] = _clause(reader, pattern, child, catalogue[(fits or named)[0]], references)
    return found


def _clause(reader: Reader, instance: str, node: Node, parameters: type[Parameters], references: tuple[str, ...]) -> Clause:
    entries = {} if node.value is None else reader.mapping(node, instance)
    fields = parameters.fields()
    params = {}
    for key, child in entries.items():
        if key in fields:
            stated = read_param(reader, child, fields[key], references, f"{instance} {key}")
            if stated is not None:
                params[key] = stated
        elif key not in CLAUSE:
            options = (*fields, *CLAUSE)
            reader.problem(child.key or child, f"{instance} has no parameter '{key}'", fix=nearest(key, options))
    reader.failed |= {(instance, key) for key in entries if key in fields and key not in params}
    return Clause(
        instance,
        params,
        _in_force(reader, entries.get("in_force"), instance),
        reader.text(entries.get("status"), "status", STATUSES),
        reader.text(entries.get("note"), f"{instance} note"),
        reader.place(node.key or node),
    )


def _in_force(reader: Reader, node: Node | None, instance: str) -> tuple[int | None, int | None] | None:
    if node is None:
        return None
    value = node.value
    match = HALF_OPEN.fullmatch(value) if isinstance(value, str) else None
    if match:
        ends = [Node(None if text == "null" else text, node.line, node.column) for text in match.groups()]
    elif isinstance(value, list) and len(value) == 2:
        ends = value
    elif isinstance(value, dict):
        reader.known(value, ("from", "until"), f"{instance} in_force")
        ends = [value.get("from", Node(None, node.line, node.column)), value.get("until", Node(None, node.line, node.column))]
    else:
        reader.problem(node, f"{instance} in_force is [first month, first month no longer]", fix="For example [2014-01, null]")
        return None
    start, end = (reader.month(item, f"{instance} in_force") for item in ends)
    if start is not None and end is not None and start >= end:
        reader.problem(node, f"{instance} in_force ends before it starts", fix="The end is the first month no longer in force")
    return start, end
