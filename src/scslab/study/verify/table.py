"""The closed forms as data: one `Case` a row of `closed_forms.csv`, and the misses that are declared."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ...base import strict_yaml
from ...base.errors import InputError, Problem, nearest

FOLDER = Path(__file__).parent
STANDARD_ERRORS = 4
"""A tolerance that is not absolute is so many standard errors at the recommended size."""


@dataclass(frozen=True)
class Case:
    """One closed form.

    Attributes:
        inputs: what the formula and the scenario take.
        tolerance: absolute difference allowed at the recommended size.
        size: recommended number of persons, pairs or runs; 0 for an exact case.
    """

    name: str
    mechanism: str
    quantity: str
    inputs: dict[str, Any]
    expected: float
    tolerance: float
    size: int
    formula: str
    note: str

    @property
    def exact(self) -> bool:
        """Whether nothing is drawn: the tolerance is absolute."""
        return self.size == 0

    def tolerance_at(self, size: int) -> float:
        """Give the tolerance at another size: it grows as the standard error does."""
        return self.tolerance if self.exact or not size else self.tolerance * max(1.0, math.sqrt(self.size / size))


@cache
def closed_forms() -> dict[str, Case]:
    """Give every case by name, in the order of the file.

    Example:
        >>> closed_forms()["CF17a"].expected
        0.6
    """
    with (FOLDER / "closed_forms.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["case_id"]: _case(row) for row in rows}


def _case(row: dict[str, str]) -> Case:
    exact = row["tol_meaning"].startswith("absolute")
    size = 0 if exact else int(row["n_recommended"])
    return Case(row["case_id"], row["mechanism"], row["quantity"], json.loads(row["inputs_json"]), float(row["expected"]), float(row["tolerance"]), size,
                row["formula"], row["notes"])  # fmt: skip


def chosen(names: Sequence[str]) -> list[Case]:
    """Give the cases asked for; all where none is named; a number alone (`CF08`) means all its cases.

    Raises:
        InputError: with every unknown name, the nearest offered.
    """
    known = closed_forms()
    found: dict[str, Case] = {}
    problems = []
    for name in names:
        mine = {case.name: case for case in known.values() if name in (case.name, case.name[:-1])}
        found |= mine
        if not mine:
            problems.append(Problem(f"there is no case '{name}'", fix=nearest(name, known)))
    if problems:
        raise InputError(*problems)
    return list((found or known).values())


@cache
def declared() -> dict[str, str]:
    """Give the misses that are known, with their reasons.

    Raises:
        InputError: a case that does not exist, or no reason.
    """
    path = FOLDER / "declared.yaml"
    entries = strict_yaml.read(path, path.name).value or {}
    problems = []
    for name, node in entries.items():
        if name not in closed_forms():
            problems.append(Problem(f"there is no case '{name}'", path.name, fix=nearest(name, closed_forms())))
        if not isinstance(node.value, str) or not node.value.strip():
            problems.append(Problem(f"'{name}' gives no reason", path.name, fix="Say why the machine and the closed form differ"))
    if problems:
        raise InputError(*problems)
    return {name: str(node.value) for name, node in entries.items()}
