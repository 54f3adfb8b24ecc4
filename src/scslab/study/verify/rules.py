"""Blocks of rules that many cases share, written plainly; joined with `|`. Nothing goes wrong in them unless a case says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Blocks = dict[str, dict[str, Any]]

RECORDS: Blocks = {"record.local": {"admission": 1, "delay": 0, "retention": None}}
"""A registry that records everything at once and for ever."""

REGISTER: Blocks = {"review.register": {}}
"""The register of lists."""


def acts(chance: Mapping[Any, float], **options: Any) -> Blocks:
    """Everybody acts with fixed chances."""
    return {"conduct.steady": {"chance": chance, **options}}


def camera(kinds: Sequence[Any], coverage: Any = 1, sensitivity: float = 1) -> Blocks:
    """Cameras that blame nobody wrongly."""
    sure = {"misattribution": 0, "look_drops_wrong": 0, "look_drops_right": 0}
    return {"observe.camera": {"kinds": list(kinds), "coverage": coverage, "sensitivity": sensitivity, **sure}}


def passers(chance: float, named_as: str = "jaywalking") -> Blocks:
    """Cameras that name passers-by for nothing."""
    return {"observe.false_capture": {"chance": chance, "coverage": 1, "named_as": named_as}}


def screening(kind: str, true_positives: float, false_positives: float) -> Blocks:
    """A test of everybody."""
    return {"observe.screening": {"kinds": [kind], "true_positives": true_positives, "false_positives": false_positives, "named_as": kind}}


def listed(kinds: Sequence[Any], term: Any = None, label: str = "a") -> Blocks:
    """A list that one record is enough for, and nothing lengthens."""
    rule = {"kinds": list(kinds), "term": term, "age_min": 0, "extension": 0, "longest": None, "relist_bar": 0, "grace": 0}
    return {f"decide.local_list:{label}": rule, **REGISTER}


def strikes(kind: str, number: int, term: int | None) -> Blocks:
    """A list that so many records are needed for, none of which is forgotten."""
    rule = {"kinds": [kind], "strikes": number, "window": None, "reset": "never", "term": term, "age_min": 0}
    return {"decide.strikes:a": rule, **REGISTER}
