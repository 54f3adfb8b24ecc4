"""World specs: YAML files in which every number carries unit, year, evidence grade and source or range; read strictly."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from scslab.base import strict_yaml
from scslab.base.errors import InputError, Problem, nearest
from scslab.base.months import month

ABSTRACT = ("ring", "regular", "complete", "islands", "types", "mini")
"""Worlds that need no file: exact cases, published models, teaching, the benchmark."""

GRADES = ("documented", "reported", "estimated", "assumed", "invented")
_LEAF = {"value", "unit", "year", "evidence", "source", "text", "range", "note"}
_FOLDER = Path(__file__).parent / "specs"

# The shape of a society spec: None = one number, a tuple = those numbers, "*" = any keys.
_ANY = {"*": None}
_SHAPE: dict[str, Any] = {
    "schema": "plain", "name": "plain", "title": "plain", "kind": "plain", "start": "plain", "match_country": "plain",
    "provinces": {"*": ("population", "urban_share", "sex_ratio", "share_0_14", "share_15_59", "share_60_plus", "share_65_plus",
                        "schooling_years", "minority_share")},
    "ages": {"male": _ANY, "female": _ANY},
    "oldest": _ANY,
    "places": ("people_per_place",),
    "households": {"family_households": None, "family_persons": None, "collective_households": None, "collective_persons": None,
                   "sizes": _ANY, "collective_sizes": _ANY, "compositions": {"*": _ANY}},
    "hukou": ("urban_hukou_share", "floating_persons", "population", "urban_hukou_in_rural_places", "migrants_in_rural_places",
              "rural_hukou_among_urban_migrants"),
    "kin": {**dict.fromkeys(("partner_gap", "partner_gap_spread", "mother_gap", "mother_gap_spread", "sibling_gap",
                             "single_parents_female", "spouses_apart", "parents_elsewhere", "far")),
            **dict.fromkeys(("at_home", "in_collective", "paired_without_children", "children_ever"), _ANY)},
    "education": {"totals": ("primary", "junior", "senior", "tertiary"), "bands": {"*": _ANY}, "urban_tilt": None},
    "work": {**dict.fromkeys(("employed", "in_entities", "self_employed", "unemployment", "enterprises", "micro", "small", "medium",
                              "large", "private_share", "state_owned", "foreign", "public_sector", "officials")),
             "mean_size": ("micro", "small", "medium", "large"), "sectors": _ANY, "bands": {"*": _ANY}},
    "drivers": ("licensed", "share_female", "share_26_50", "share_18_25"),
    "income": {**dict.fromkeys(("gini", "urban", "rural", "lowest", "urban_effect", "education_effect")),
               "quintiles": ("0", "1", "2", "3", "4")},
    "minority": ("persons",),
    "traits": ("means_follow_income",),
    "friends": {**dict.fromkeys(("same_place", "same_education", "least_age", "reach")), "started": _ANY},
    "demography": {**dict.fromkeys(("sex_ratio_at_birth", "marriage_age_men", "marriage_age_women", "moves", "moves_within_province",
                                    "leaves_home")),
                   **dict.fromkeys(("deaths_male", "deaths_female", "births_in_marriage", "births_by_children", "weddings_by_age",
                                    "divorces_by_age", "births", "deaths", "weddings", "divorces"), _ANY)},
}  # fmt: skip


@dataclass(frozen=True)
class Spec:
    """One world spec, checked.

    Args:
        name: its name.
        tree: nested mapping; leaves are mappings with `value`.
        hash: SHA-256 of the canonical text of the tree.
    """

    name: str
    tree: dict[str, Any]
    hash: str

    def value(self, path: str) -> float:
        """Read one number, for example `value("income.gini")`.

        Example:
            >>> load_spec("county").value("income.gini")
            0.468
        """
        return self.number(path)["value"]

    def number(self, path: str) -> dict[str, Any]:
        """Read one number with its unit, evidence and source."""
        node: Any = self.tree
        for part in path.split("."):
            node = node[part]
        return node

    def values(self, path: str) -> dict[str, float]:
        """Read a table of numbers as key -> value, in the order of the file.

        Example:
            >>> list(load_spec("county").values("households.sizes"))
            ['1', '2', '3', '4', '5', '6', '7']
        """
        return {key: leaf["value"] for key, leaf in self.number(path).items()}

    @property
    def start_month(self) -> int:
        """Month the spec describes, since 2000-01."""
        return month(str(self.tree["start"]), self.name)


def list_worlds() -> list[str]:
    """Name every world that comes with the package.

    Example:
        >>> "county" in list_worlds() and "mini" in list_worlds()
        True
    """
    return sorted(p.stem for p in _FOLDER.glob("*.yaml")) + list(ABSTRACT)


def load_spec(name_or_path: str | Path | dict[str, Any]) -> Spec:
    """Load and check a world spec by name, path, or as a mapping.

    Raises:
        InputError: unknown name, unreadable file, or any number without unit, evidence, source or range; all problems at once.

    Example:
        >>> load_spec("china-2020").name
        'china-2020'
    """
    if isinstance(name_or_path, dict):
        tree, where = name_or_path, "spec"
    else:
        path = Path(name_or_path)
        if not path.suffix:
            path = _FOLDER / f"{name_or_path}.yaml"
            if not path.exists():
                raise InputError(Problem(f"there is no world '{name_or_path}'", fix=nearest(str(name_or_path), list_worlds())))
        tree, where = _read(path, path.stat().st_mtime_ns if path.exists() else 0), path.name
    problems = check_shape(tree, where)
    if problems:
        raise InputError(*problems)
    canonical = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return Spec(str(tree["name"]), tree, hashlib.sha256(canonical.encode()).hexdigest())


@lru_cache(maxsize=16)
def _read(path: Path, changed: int) -> dict[str, Any]:
    """Read one YAML file, strictly; once per process as long as it does not change."""
    tree = _plain(strict_yaml.read(path, path.name))
    if not isinstance(tree, dict):
        raise InputError(Problem("a world spec is a mapping", path.name, fix="See specs/county.yaml"))
    return tree


def _plain(node: strict_yaml.Node) -> Any:
    """Turn nodes into plain values; decimals become floats."""
    value = node.value
    if isinstance(value, dict):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_plain(child) for child in value]
    return float(value) if isinstance(value, Decimal) else value


def check_shape(tree: dict[str, Any], where: str) -> list[Problem]:
    """List everything that is missing, unknown or without evidence in a society spec."""
    problems: list[Problem] = []
    _walk(tree, _SHAPE, where, "", problems)
    if not problems:
        month(str(tree["start"]), where)
    return problems


def _walk(node: Any, shape: Any, where: str, path: str, problems: list[Problem]) -> None:
    if shape == "plain":
        return
    if shape is None:
        problems.extend(_number_problems(node, where, path))
        return
    if not isinstance(node, dict):
        problems.append(Problem(f"'{path}' should be a mapping", where))
        return
    if isinstance(shape, tuple):
        shape = dict.fromkeys(shape)
    if "*" in shape:
        for key, child in node.items():
            if not isinstance(key, str):
                problems.append(Problem(f"key {key!r} of '{path}' is not text", where, fix=f"Write it in quotes: '{key}'"))
            _walk(child, shape["*"], where, f"{path}.{key}", problems)
        return
    for key in node:
        if key not in shape:
            problems.append(Problem(f"unknown name '{key}' in '{path or 'the spec'}'", where, fix=nearest(str(key), shape)))
    for key, child in shape.items():
        inner = f"{path}.{key}" if path else key
        if key not in node:
            problems.append(Problem(f"'{inner}' is missing", where))
        else:
            _walk(node[key], child, where, inner, problems)


def _number_problems(leaf: Any, where: str, path: str) -> list[Problem]:
    if not isinstance(leaf, dict) or "value" not in leaf:
        return [Problem(f"'{path}' is not a number with evidence", where, fix="Write {value:, unit:, year:, evidence:, source:}")]
    found = [Problem(f"unknown name '{k}' in '{path}'", where, fix=nearest(str(k), _LEAF)) for k in leaf if k not in _LEAF]
    value, grade = leaf["value"], leaf.get("evidence")
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e18 or value < 0:
        found.append(Problem(f"'{path}' has value {value!r}", where, "a number of zero or more is needed"))
    if grade not in GRADES:
        found.append(Problem(f"'{path}' has evidence {grade!r}", where, fix=nearest(str(grade), GRADES)))
    elif grade in ("documented", "reported") and "source" not in leaf:
        found.append(Problem(f"'{path}' has no source", where, f"evidence '{grade}' needs one"))
    elif grade in ("estimated", "assumed", "invented") and "range" not in leaf:
        found.append(Problem(f"'{path}' has no range", where, f"evidence '{grade}' needs one"))
    found.extend(Problem(f"'{path}' has no {field}", where) for field in ("unit", "year") if field not in leaf)
    return found
