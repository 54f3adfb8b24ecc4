"""Finds every mechanism: those of the package and third-party ones under the entry point `scslab.mechanisms`."""

from __future__ import annotations

import importlib
import importlib.metadata
import pkgutil
from functools import cache

from ..base.errors import Problem, ScslabError
from ..base.parameters import Parameters
from ..engine.arm import declare_kinds
from ..engine.declare import PHASES, REGISTRY
from . import kinds, tables

ENTRY_POINT = "scslab.mechanisms"


class NoParameters(Parameters):
    """For mechanisms without parameters."""


@cache
def load_all() -> None:
    """Import every mechanism once.

    Raises:
        ScslabError: when a third-party package fails to load.
    """
    declare_kinds(kinds.KIND.names)
    assert tables.ACTS
    for phase in PHASES:
        package = importlib.import_module(f"{__package__}.{phase}")
        for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
            importlib.import_module(f"{package.__name__}.{module}")
    for entry in sorted(importlib.metadata.entry_points(group=ENTRY_POINT), key=lambda e: e.name):
        try:
            entry.load()
        except Exception as error:  # somebody else's module may fail in any way
            why = " ".join(f"{type(error).__name__}: {error}".split())
            raise ScslabError(Problem(f"mechanisms of '{entry.name}' do not load", entry.value, why, "Mend or uninstall that package")) from error


def catalogue() -> dict[str, type[Parameters]]:
    """Give the parameters of every mechanism by its name, as `regime.load_regime` wants them."""
    load_all()
    return {name: made.params or NoParameters for name, made in sorted(REGISTRY.items())}


SPECIAL_RECORDERS = frozenset({"measure.observed"})
"""Recorders that a regime switches on itself (abstract worlds)."""


def recorders() -> list[str]:
    """List the recorders that every run has: those without parameters."""
    load_all()
    return [name for name, made in sorted(REGISTRY.items()) if made.phase == "measure" and made.params is None and name not in SPECIAL_RECORDERS]
