"""Packages written to a folder, imported, tried, and gone after the test."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from scslab.engine.declare import REGISTRY, TABLES
from scslab.mechanisms.catalogue import load_all
from scslab.study.contract.kit import Kit
from scslab.study.contract.subjects import brought_by

HEAD = """
import numpy as np
from scslab.base.luck import ONE
from scslab.base.parameters import FACTOR_ONE, Parameters, choice, factor, names, probability, weight
from scslab.engine.declare import *
from scslab.engine.declare import Column, Each, Modifies, Occasions, Rows, Store, Sweep, mechanism, table
from scslab.engine.rows import Batch
from scslab.mechanisms.common import living
from scslab.mechanisms.kinds import FAULT, KIND, SENSOR
"""

REGIME = """
schema: 1
name: faulty
title: Rules of a faulty package
kind: regime
extends: {extends}
status: invented
scope: {{jurisdiction: nowhere, from: 2015-01, until: null, worlds: [county]}}
notes: Made for a test.
mechanisms:
{blocks}
"""


@pytest.fixture
def registries():
    """Registries that are put back after the test."""
    load_all()
    before = dict(REGISTRY), dict(TABLES)
    modules = set(sys.modules)
    yield
    for register, kept in zip((REGISTRY, TABLES), before, strict=True):
        register.clear()
        register.update(kept)
    for name in set(sys.modules) - modules:
        if name.startswith(("faulty_", "letters_of_thanks")):
            del sys.modules[name]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, registries: None):
    """Write a package of one module and one regime, and make it importable."""

    def make(name: str, source: str, blocks: str = "", extends: str = "court-list") -> str:
        folder = tmp_path / f"faulty_{name}"
        folder.mkdir()
        (folder / "__init__.py").write_text(HEAD + source, encoding="utf-8")
        if blocks:
            (folder / "faulty.yaml").write_text(REGIME.format(extends=extends, blocks=blocks), encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        importlib.invalidate_caches()
        return folder.name

    return make


@pytest.fixture
def attempt():
    """Try some contracts on a package; give the results that are not held."""

    def tried(package: str, *contracts: str, examples: int = 2, months: tuple[int, int] = (3, 5)):
        kit = Kit(brought_by(package), examples, None, frozenset(contracts) or None, months=months, beside=False, shrinks=2, cuts=4)
        return kit.run()

    return tried
