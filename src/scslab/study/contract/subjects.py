"""Whom the contracts are tried on: every mechanism, recorder, regime and reform that is registered, or that a package brings. Nobody is named."""

from __future__ import annotations

import importlib
import importlib.metadata
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import ModuleType

from ...base.errors import InputError, Problem
from ...base.months import month
from ...engine.declare import REGISTRY
from ...mechanisms.catalogue import ENTRY_POINT, catalogue, load_all, recorders
from ...regime import apply_reforms, list_reforms, list_regimes, load_reform
from ...regime.overlay import matches
from ..prepare import _start_of
from .trial import Trial as _Trial
from .trial import fits, rules

MECHANISM, RECORDER, REGIME, REFORM = "mechanism", "recorder", "regime", "reform"
KINDS = (MECHANISM, RECORDER, REGIME, REFORM)
WORLDS = ("county", "islands", "ring", "mini")
"""Worlds that trials are made in, where the rules fit them."""


@dataclass(frozen=True)
class RuleSet:
    """Rules that trials are made of: regimes combined, reforms laid over them, and mechanisms that no rule states."""

    regimes: tuple[str, ...]
    reforms: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called in a table: the reform where there is one, else the regime."""
        return shown(self.reforms[-1] if self.reforms else self.regimes[0])


@dataclass(frozen=True)
class Brought:
    """What is tried: names of mechanisms, and sets of rules; `package` is empty for what the laboratory has itself."""

    package: str
    mechanisms: tuple[str, ...]
    rule_sets: tuple[RuleSet, ...]
    kinds: dict[str, str] = field(default_factory=dict)


def shown(name: str) -> str:
    """Give the name of a regime or reform, also of one named by its path."""
    return Path(name).stem if "/" in name else name


def built_in() -> Brought:
    """Give everything the laboratory has: all mechanisms, each regime, each reform over a regime it applies to."""
    load_all()
    mechanisms = tuple(sorted(REGISTRY))
    sets = [RuleSet((name,)) for name in list_regimes()]
    sets += list(_reformed(list_reforms(), list_regimes()))
    return Brought("", mechanisms, tuple(sets), _kinds(mechanisms, sets))


def _kinds(mechanisms: tuple[str, ...], sets: list[RuleSet]) -> dict[str, str]:
    known = set(recorders())
    kinds = {name: RECORDER if name in known or name.startswith("measure.") else MECHANISM for name in mechanisms}
    return kinds | {made.name: REFORM if made.reforms else REGIME for made in sets}


def _reformed(reforms: list[str], regimes: list[str]) -> Iterator[RuleSet]:
    """Lay each reform over the first regime it applies to, comparators last."""
    ordered = sorted(regimes, key=lambda name: (rules((name,)).kind != "regime", name))
    for reform in reforms:
        targets = load_reform(reform, catalogue()).targets
        for name in ordered:
            whole = rules((name,))
            if targets and not any(matches(instance, pattern) for instance in whole.clauses for pattern in targets):
                continue
            try:
                apply_reforms(whole, [load_reform(reform, catalogue())])
            except InputError:
                continue
            yield RuleSet((name,), (reform,))
            break


def brought_by(package: str) -> Brought:
    """Give what an importable package brings: mechanisms by its entry points or by being imported, regimes and reforms as YAML files in it.

    Raises:
        InputError: no such package, one that does not load, or one that brings nothing.
    """
    load_all()
    module = _imported(package)
    mechanisms = tuple(sorted(name for name, made in REGISTRY.items() if _is_of(made.step.__module__, package)))
    regimes, reforms = _files(module)
    if not mechanisms and not regimes and not reforms:
        why = "nothing it imports declares one, and no YAML file in it is one"
        fix = f'Declare mechanisms with @mechanism and name their module under the entry point "{ENTRY_POINT}"'
        raise InputError(Problem(f"package '{package}' brings no mechanism, regime or reform", why=why, fix=fix))
    sets = [RuleSet((name,)) for name in regimes]
    sets += list(_reformed(reforms, [*regimes, *list_regimes()]))
    sets += list(_of_library(mechanisms, sets))
    return Brought(package, mechanisms, tuple(sets), _kinds(mechanisms, sets))


def _is_of(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def _imported(package: str) -> ModuleType:
    """Import a package; where that registers nothing, its modules too.

    Raises:
        InputError: no such package, or one that fails to load.
    """
    try:
        module = importlib.import_module(package)
        if not any(_is_of(made.step.__module__, package) for made in REGISTRY.values()):
            for entry in importlib.metadata.entry_points(group=ENTRY_POINT):
                if _is_of(entry.module, package):
                    entry.load()
            for found in pkgutil.walk_packages(getattr(module, "__path__", ()), package + "."):
                importlib.import_module(found.name)
        return module
    except (ModuleNotFoundError, ValueError, TypeError) as error:
        if isinstance(error, ModuleNotFoundError) and error.name is not None and not _is_of(package, error.name) and error.name != package:
            raise InputError(_broken(package, error)) from error
        why = "Python finds no module of that name"
        fix = f"Install it (pip install PATH), or run beside it: PYTHONPATH=. scslab contract {package or 'PACKAGE'}"
        raise InputError(Problem(f"there is no package '{package}'", why=why, fix=fix)) from error
    except Exception as error:  # somebody else's module may fail in any way
        raise InputError(_broken(package, error)) from error


def _broken(package: str, error: BaseException) -> Problem:
    return Problem(f"package '{package}' does not load", why=" ".join(f"{type(error).__name__}: {error}".split()), fix="Mend it first")


def _files(module: ModuleType) -> tuple[list[str], list[str]]:
    """List the regimes and reforms among the YAML files of a package, by path; what is neither is left alone."""
    from ...base.strict_yaml import read

    regimes: list[str] = []
    reforms: list[str] = []
    places = [Path(str(files(module.__name__)))] if hasattr(module, "__path__") else []
    for path in sorted(path for place in places if place.is_dir() for path in place.rglob("*.yaml")):
        root = read(path, str(path))
        kind = root.value.get("kind") if isinstance(root.value, dict) else None
        if kind is not None and "schema" in root.value:
            (reforms if kind.value == "reform" else regimes).append(str(path))
    return regimes, reforms


def _of_library(mechanisms: tuple[str, ...], sets: list[RuleSet]) -> Iterator[RuleSet]:
    """Find rules of the library for mechanisms that none of the package's own state; one that needs no numbers is put in by itself."""
    stated = {clause.mechanism for made in sets for clause in rules(made.regimes, made.reforms).clauses.values()}
    joining = set(recorders())
    for name in mechanisms:
        params = REGISTRY[name].params
        if name in stated:
            continue
        if params is None or not any(declared.required for declared in params.fields().values()):
            yield RuleSet(sets[0].regimes if sets else ("ordinary-law",), (), () if name in joining and sets else (name,))
        else:
            yield from (RuleSet((regime,)) for regime in list_regimes() if any(c.mechanism == name for c in rules((regime,)).clauses.values()))


@lru_cache(maxsize=512)
def starts(regimes: tuple[str, ...], reforms: tuple[str, ...], months: int) -> tuple[tuple[str, int], ...]:
    """List worlds and first months in which rules can be tried; the usual one first."""
    usual = month(_start_of(rules(regimes, reforms), months))
    found = []
    for world, start in ((WORLDS[0], usual), *((world, usual) for world in WORLDS[1:]), (WORLDS[0], usual - 12), (WORLDS[0], usual + 12)):
        if fits(_Trial(regimes, reforms, world, start=start, months=months)):
            found.append((world, start))
    return tuple(found)
