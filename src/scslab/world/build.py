"""Builds a world: from a spec and a size, or one of the abstract worlds; cached by content."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from scslab.base.errors import InputError, Problem, nearest

from . import abstract
from . import cache as world_cache
from .model import World
from .spec import ABSTRACT, Spec, load_spec

LEAST, MOST = 100, 100_000_000
_OPTIONS = ("start_month", "threads")


def build_world(spec: str | Path | dict[str, Any], people: int, seed: int, cache: bool = True, **options: Any) -> World:
    """Build the world of a spec with a number of people; person i is the same person at the same spec, size and seed.

    Args:
        spec: name of `list_worlds()`, path of a YAML file, or the mapping itself.
        people: persons alive at the start, 100 to 100,000,000 (abstract worlds: from 2).
        seed: world seed.
        cache: keep the columns in the user's cache folder and read them from there.
        options: `start_month` (months since 2000-01; ages are exact then), `threads`; abstract worlds have their own.

    Raises:
        InputError: unknown world or option, or a size out of range.

    Example:
        >>> build_world("county", people=200, seed=1, cache=False).people
        200
    """
    if isinstance(spec, str) and spec in ABSTRACT:
        return abstract.build_abstract(spec, people, seed, **options)
    loaded = load_spec(spec)
    for name in options:
        if name not in _OPTIONS:
            raise InputError(Problem(f"world '{loaded.name}' has no option '{name}'", fix=nearest(name, _OPTIONS)))
    if not isinstance(people, int) or not LEAST <= people <= MOST:
        raise InputError(Problem(f"{people} people", why=f"a world has {LEAST} to {MOST:,}", fix="Give --people within that range"))
    start_month = loaded.start_month if options.get("start_month") is None else options["start_month"]
    threads = options.get("threads") or min(os.cpu_count() or 1, 4)
    if not cache:
        return synthesize(loaded, people, seed, start_month, threads)
    return world_cache.cached(
        {"spec": loaded.hash, "people": people, "seed": seed, "start_month": start_month},
        lambda: synthesize(loaded, people, seed, start_month, threads),
    )


def steps() -> list[Callable[..., Any]]:
    """List the steps of synthesis in order; each adds columns to the draft."""
    from .demography import add_demography
    from .families import find_parents, join_spouses, settle, tie_households
    from .income import add_income
    from .people import lay_out_households, lay_out_places
    from .persons import add_education, add_hukou, add_minority, add_traits
    from .work import add_firms, add_status

    return [lay_out_households, lay_out_places, settle, tie_households, join_spouses, find_parents, add_education, add_hukou, add_minority, add_status,
            add_firms, add_income, add_demography, add_traits]  # fmt: skip


def synthesize(spec: Spec, people: int, seed: int, start_month: int, threads: int) -> World:
    """Run every step; the digest does not depend on `threads`."""
    from .friends import add_friends
    from .kin import add_kin
    from .people import Draft
    from .tables import make_tables

    draft = Draft(spec, make_tables(spec), people, seed, threads, start_month)
    for step in steps():
        step(draft)
    networks = {"kin": add_kin(draft)}
    draft.partner = draft.mother = draft.father = np.zeros(0, np.int32)  # the network tells; friends need the room
    networks["friends"] = add_friends(draft)
    columns = dict(sorted(draft.columns.items()))
    return World(spec.name, spec.hash, people, seed, len(draft.age), start_month, columns, networks, draft.tables.provinces)
