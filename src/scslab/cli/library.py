"""Commands about what the laboratory holds: regimes, worlds, mechanisms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import arguments as given
from . import render


def regime_list(*, json: given.Json = False) -> None:
    """List the regimes, with where and when they held."""
    from scslab import api

    _show(api.regime_rows(), json)


def regime_show(name: str, /, *, json: given.Json = False) -> None:
    """Show a regime: every number with unit, date, evidence and source.

    Args:
        name: Name of a regime, or a YAML file.
    """
    from scslab import api

    _show(api.regime_show(name), json)


def regime_check(file: str, /, *, json: given.Json = False) -> int:
    """Check a regime file and run its worked cases; all problems at once.

    Args:
        file: A YAML file.
    """
    from scslab import api

    document = api.regime_check(file)
    _show(document, json)
    return 1 if isinstance(document, dict) and document.get("failed") else 0


def regime_diff(a: str, b: str, /, *, json: given.Json = False) -> None:
    """Show in what two regimes differ.

    Args:
        a: Name of a regime, or a YAML file.
        b: Name of another.
    """
    from scslab import api

    _show(api.regime_diff(a, b), json)


def regime_new(file: str, /) -> None:
    """Write a commented regime to start from; an existing file is left alone.

    Args:
        file: The YAML file to make.
    """
    from scslab import api

    print(f"Wrote {api.regime_new(file)}\nNext:  scslab regime check {file}  |  scslab run {file}")


def regime_schema() -> None:
    """Print the JSON Schema of a regime file."""
    from scslab import api

    render.print_json(api.regime_schema())


def world_list(*, json: given.Json = False) -> None:
    """List the worlds that can be built."""
    from scslab import api

    _show(api.world_rows(), json)


def world_show(name: str, /, *, json: given.Json = False) -> None:
    """Show the marginals a world is built from, with their sources.

    Args:
        name: Name of a world.
    """
    from scslab import api

    _show(api.world_show(name), json)


def world_check(name: str, /, *, people: given.People = None, seed: given.Seed = None, json: given.Json = False) -> int:
    """Build a world and compare it with the published marginals it was built from.

    Args:
        name: Name of a world.
    """
    check = given.Check()
    settings = {"people": check.whole("--people", people), "seed": check.whole("--seed", seed)}
    check.done()
    from scslab import api

    document = api.world_check(name, **{key: value for key, value in settings.items() if value is not None})
    _show(document, json)
    return 1 if isinstance(document, dict) and document.get("failed") else 0


def mechanism_list(*, json: given.Json = False) -> None:
    """List the mechanisms in the order in which a month runs them."""
    from scslab import api

    rows = api.mechanism_rows()
    _show(rows if json else [{name: row[name] for name in row if name not in ("woken by", "emits")} for row in rows], json)


def mechanism_show(name: str, /, *, json: given.Json = False) -> None:
    """Show what a mechanism reads, draws, writes, emits and is told, and which rules use it with what evidence.

    Args:
        name: Name of a mechanism, for example observe.camera.
    """
    from scslab import api

    _show(api.mechanism_show(name), json)


def _show(value: Any, json: bool = False) -> None:
    render.show(value, json, render.document)


GROUPS: tuple[tuple[str, str, dict[str, Callable[..., Any]]], ...] = (
    ("regime", "What rules say: list, show, check, compare, begin one.",
     {"list": regime_list, "show": regime_show, "check": regime_check, "diff": regime_diff, "new": regime_new, "schema": regime_schema}),
    ("world", "Who exists: made-up populations.", {"list": world_list, "show": world_show, "check": world_check}),
    ("mechanism", "What happens: one file each.", {"list": mechanism_list, "show": mechanism_show}),
)
