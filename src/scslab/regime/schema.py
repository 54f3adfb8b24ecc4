"""What a regime file may hold, as JSON Schema for editors, and as a commented skeleton for authors."""

from __future__ import annotations

from typing import Any

from scslab.base.errors import InputError, Problem
from scslab.base.parameters import Number, Parameter, Table
from scslab.base.periods import PERIODS

from .clauses import GRADES, STATUSES, Catalogue
from .model import ESTIMANDS, KINDS
from .read import ABOUT, CASE, NAME, REFERENCE

_TEXT: dict[str, Any] = {"type": "string"}
_MONTH: dict[str, Any] = {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])(-\d{2})?$"}
_PROSE: dict[str, Any] = {"type": ["string", "array", "object"]}
_RANGE: dict[str, Any] = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}


def _closed(properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**made, "required": list(required)} if required else made


def _dated(declared: Parameter) -> dict[str, Any]:
    """Return the schema of one parameter as a regime states it."""
    plain = declared.schema()
    if not isinstance(declared, Number):
        return plain
    plain = {key: value for key, value in plain.items() if key != "description"}
    texts = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
    shared = {
        "unit": {"const": declared.unit},
        "evidence": {"enum": list(GRADES)},
        "disputed": {"type": "boolean"},
        "source": texts,
        "at": {"type": ["string", "integer"]},
        "note": _TEXT,
        "range": {"anyOf": [_RANGE, {"type": "object", "additionalProperties": _RANGE}]},
    }
    values = {"type": "object", "patternProperties": {_MONTH["pattern"]: plain}, "additionalProperties": False, "minProperties": 1}
    forms = [_closed({"values": values, **shared}, ("values",)), _closed({"value": plain, **shared}, ("value",))]
    if declared.by or isinstance(declared, Table):
        forms.append(_closed({"by": {"type": "object", "additionalProperties": {"type": "object"}}, **shared}, ("by",)))
    return {"description": f"{declared.doc} ({declared.unit})", "anyOf": forms}


def json_schema(catalogue: Catalogue) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of regime and reform files.

    Args:
        catalogue: parameters by mechanism name.

    Example:
        >>> from scslab.mechanisms.catalogue import catalogue
        >>> json_schema(catalogue())["properties"]["schema"]
        {'const': 1}
    """
    ends = {"type": "array", "items": {"anyOf": [_MONTH, {"type": "null"}]}, "minItems": 2, "maxItems": 2}
    month = {"anyOf": [_MONTH, {"type": "null"}]}
    own = {
        "in_force": {"anyOf": [ends, _closed({"from": month, "until": month}), _TEXT]},
        "status": {"enum": list(STATUSES)},
        "note": _TEXT,
    }
    definitions: dict[str, Any] = {}
    blocks: dict[str, Any] = {}
    for name, parameters in sorted(catalogue.items()):
        block = _closed({**own, **{key: _dated(declared) for key, declared in parameters.fields().items()}})
        lines = (parameters.__doc__ or "").strip().splitlines()
        definitions[name] = {"description": lines[0] if lines else name, **block}
        blocks[f"^{name.replace('.', '[.]')}(:[a-z0-9][a-z0-9_-]*)?$"] = {"$ref": f"#/$defs/{name}"}
    mechanisms = {"type": "object", "patternProperties": blocks, "additionalProperties": False}
    patterns = {"type": "object", "additionalProperties": {"type": "object"}}
    scope = {
        "jurisdiction": _TEXT, "from": month, "until": month, "ages": _RANGE, "residence_months": {"type": "integer"},
        "consent": {"type": "boolean"}, "worlds": {"type": "array", "items": _TEXT}, "subjects": _TEXT, "note": _TEXT,
    }  # fmt: skip
    properties = {
        "schema": {"const": 1}, "name": {"type": "string", "pattern": f"^{NAME.pattern}$"}, "title": _TEXT,
        "kind": {"enum": [*KINDS, "reform"]}, "period": {"enum": list(PERIODS)}, "as_of": _MONTH, "scope": _closed(scope),
        "extends": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]},
        "estimand": {"enum": list(ESTIMANDS)}, "warm_up_months": {"type": "integer", "minimum": 0},
        "status": _PROSE, "notes": _PROSE, "about": _closed(dict.fromkeys(ABOUT, _PROSE)), **dict.fromkeys(ABOUT, _PROSE),
        "references": {"type": "object", "additionalProperties": _closed({key: {} for key in REFERENCE}, ("title",))},
        "mechanisms": mechanisms, "remove": {"type": "array", "items": _TEXT},
        "cases": {"type": "array", "items": _closed({key: {} for key in CASE}, CASE[:4])},
        "lineage": {"type": "array", "items": _TEXT}, "reforms": {"type": "array", "items": _TEXT},
        "safeguard": {"const": True, "description": "reforms are safeguards only"}, "claim": _TEXT, "price": _TEXT,
        "applies_to": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}, "set": patterns, "add": mechanisms,
    }  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "scslab regime",
        **_closed(properties, ("schema", "name", "kind")),
        "$defs": definitions,
    }


_SKELETON = """\
# {name}: rules on synthetic people. Check it with: scslab regime check {name}.yaml
schema: 1
name: {name}
title: What it is, in one line
kind: regime                  # comparator | regime | society (behaviour and economy, the same in all arms)
extends: ordinary-law         # state only what differs; a parameter stated here replaces the parent's
# as_of: 2017-05              # freeze all dated values at this month
scope: {{jurisdiction: Nowhere, from: 2016-01, until: null, ages: [18, 120]}}
notes: What was left out, and why.
about:
  documented: What texts say.
  disputed: What sources disagree on.
  myth: What is often said and is not so.
references:
  text1: {{title: The text the numbers come from, url: "https://example.org", accessed: 2026-01-01}}
mechanisms:
# A block is phase.mechanism, or phase.mechanism:label to use one mechanism several times.
# Every number has a unit, an evidence grade, and a source (documented, reported) or a range (estimated, assumed, invented).
# `scslab mechanism list` names the mechanisms, `scslab mechanism show observe.camera` what one is told.
  observe.camera:
    # in_force: [2016-01, null]     # first month, first month no longer in force
    # status: in force              # or ended, pilot, proposed, invented; a status of the whole regime stands at the top
    sensitivity: {{values: {{2000-01: 0.35, 2018-01: 0.60}}, unit: probability, range: [0.2, 0.9], evidence: assumed}}
    misattribution: {{value: 0.001, unit: probability, range: [0, 0.01], evidence: assumed}}
cases: []  # worked by hand: [{{name: a ticket costs 5 points, date: 2016-05, given: {{records: [traffic_violation]}}, expect: {{points: 995}}}}]
"""


def new_regime_text(name: str) -> str:
    """Return a commented skeleton of a regime file that loads as it stands.

    Raises:
        InputError: when the name is not small letters, digits and hyphens.
    """
    if not NAME.fullmatch(name):
        raise InputError(Problem(f"'{name}' is not a name for a regime", fix="Use small letters, digits and hyphens"))
    return _SKELETON.format(name=name)
