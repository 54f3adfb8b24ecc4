"""Every example in a docstring runs, and prints what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import scslab

SILENT = ("scslab.__main__",)
"""Modules that run when they are imported."""


def test_every_example_of_a_docstring_holds() -> None:
    told: list[str] = []
    tried = 0
    for module in pkgutil.walk_packages(scslab.__path__, "scslab."):
        if module.name in SILENT:
            continue
        found = importlib.import_module(module.name)
        for test in doctest.DocTestFinder(exclude_empty=True).find(found, module.name):
            tried += bool(test.examples)
            doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS).run(test, out=told.append)
    assert not told, "".join(told)
    assert tried > 150
