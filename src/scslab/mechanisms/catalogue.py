"""Finds every mechanism: those of the package and third-party ones under the entry point `scslab.mechanisms`."""

from __future__ import annotations

import importlib
import importlib.metadata
import pkgutil
from collections.abc import Iterable
from functools import cache

from ..base.errors import Problem, ScslabError
from ..base.parameters import Parameters
from ..engine.arm import declare_kinds
from ..engine.declare import PHASES, REGISTRY, Changed, Each, Mechanism, Pool, Rows, Trigger
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


SPECIAL_RECORDERS = frozenset({"measure.observed", "measure.first_misfortune"})
"""Recorders that the rules of an arm switch on themselves (abstract worlds, counterfactual arms)."""


def recorders() -> list[str]:
    """List the recorders that need no parameters: a run has those that its rules feed, see `fed_recorders`."""
    load_all()
    return [name for name, made in sorted(REGISTRY.items()) if made.phase == "measure" and made.params is None and name not in SPECIAL_RECORDERS]


def fed_recorders(mechanisms: Iterable[str]) -> list[str]:
    """List the recorders that have something to record beside these mechanisms.

    A recorder joins when a table that wakes it is emitted, a store that wakes it is owned or a topic is announced by one of the mechanisms or
    by another recorder that joins; a sweep joins when it reads the world only, or a column or store of one of them. So a mechanism that no
    rule uses brings no recorder, and its file may be missing.

    Args:
        mechanisms: names of mechanisms in a plan, whatever their months.

    Example:
        >>> fed_recorders([]), "measure.acts" in fed_recorders(["conduct.service"])
        ([], True)
    """
    left = [REGISTRY[name] for name in recorders()]
    known = {name for made in REGISTRY.values() for name in _state(made)}
    given: set[str] = set()
    joined: list[Mechanism] = []
    new = [REGISTRY[name] for name in mechanisms]
    while True:
        given |= {name for made in new for name in _gives(made)}
        new = [made for made in left if any(_is_fed(trigger, made, given, known) for trigger in made.on)]
        if not new:
            return sorted(made.name for made in joined)
        left = [made for made in left if made not in new]
        joined += new


def _state(made: Mechanism) -> set[str]:
    """Name what a mechanism keeps: its columns and stores."""
    return {c.name for c in made.writes} | {s.name for s in made.owns}


def _gives(made: Mechanism) -> set[str]:
    return _state(made) | {f"rows of {table}" for table in made.emits} | {f"topic {topic}" for topic in made.touches}


def _is_fed(trigger: Trigger, made: Mechanism, given: set[str], known: set[str]) -> bool:
    """Tell whether something given can wake a recorder by this trigger."""
    if isinstance(trigger, Rows | Pool):
        return f"rows of {trigger.table}" in given
    if isinstance(trigger, Each):
        return trigger.store in given
    if isinstance(trigger, Changed):
        return f"topic {trigger.topic}" in given
    state = {*made.reads, *made.stores} & known
    return not state or bool(state & given)
