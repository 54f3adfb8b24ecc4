"""Every outcome: its words, unit, formula and kind, each in one place. Numerators and denominators are names of counters.

Kinds: a *level* exists only with rules (listings, unaware months); a *contrast* is read as with minus without.
A rate is per person-year of the cohort (adults at the fork); a stock is the mean of the last twelve month-ends.

A theme is a module of this package with a tuple `OUTCOMES`; `core` belongs to every run, the others to runs in which a recorder counts
what they need. An outcome that no arm counts is left out; where one arm counts it, it is zero in an arm that does not.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping

from ...base.errors import InputError, Problem, nearest
from .compute import counter, parts, survival_unaware, window_of, windows, years
from .core import OUTCOMES as CORE
from .declare import FOLLOWED, FORMS, KINDS, MONTHS, PER_10000, SHARE, STOCK, YEAR, Outcome, Tallies

PLAIN = ("core", "compute", "declare")


def _themes() -> tuple[Outcome, ...]:
    """Join the outcomes of the other themes, by the name of their module."""
    modules = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name not in PLAIN)
    return tuple(made for name in modules for made in importlib.import_module(f"{__name__}.{name}").OUTCOMES)


OUTCOMES: tuple[Outcome, ...] = (*CORE, *_themes())
BY_NAME = {outcome.name: outcome for outcome in OUTCOMES}
PRIMARY = tuple(outcome.name for outcome in OUTCOMES if outcome.primary)


def outcome(name: str) -> Outcome:
    """Find an outcome by name.

    Raises:
        InputError: unknown name.
    """
    if name not in BY_NAME:
        raise InputError(Problem(f"'{name}' is not an outcome", fix=nearest(name, BY_NAME)))
    return BY_NAME[name]


def is_counted(measured: Outcome, counted: Iterable[str]) -> bool:
    """Tell whether an outcome can be measured where these counters are kept.

    Args:
        counted: counters, as recorders declare them; a counter stands for those that split it (`acts` for `acts.petition`).

    Example:
        >>> is_counted(outcome("speech"), ["acts", "speech"]), is_counted(outcome("speech"), ["trust"])
        (True, False)
    """
    known = {FOLLOWED, *counted}
    roots = {name.partition(".")[0] for name in known}

    def kept(name: str) -> bool:
        bare = name.removeprefix("-").partition("@")[0]
        if bare.endswith("*"):
            return any(n.startswith(bare[:-1]) for n in known) or bare[:-1].rstrip(".") in roots
        return bare in known or bare.partition(".")[0] in known

    return any(map(kept, measured.numerator)) and any(map(kept, measured.denominator))


def outcomes_of(counted: Mapping[str, Iterable[str]] | None) -> list[Outcome]:
    """List the outcomes that a run prints: those of the headline that a recorder of some arm counts.

    Args:
        counted: counters kept, by arm; None where that is not known: then those of the core.
    """
    if counted is None:
        return [made for made in CORE if made.headline]
    everywhere = {name for names in counted.values() for name in names}
    return [made for made in OUTCOMES if made.headline and is_counted(made, everywhere)]


__all__ = [
    "BY_NAME", "CORE", "FOLLOWED", "FORMS", "KINDS", "MONTHS", "OUTCOMES", "PER_10000", "PRIMARY", "SHARE", "STOCK", "YEAR", "Outcome", "Tallies", "counter",
    "is_counted", "outcome", "outcomes_of", "parts", "survival_unaware", "window_of", "windows", "years",
]  # fmt: skip
