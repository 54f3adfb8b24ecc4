"""The manifest of a run: everything that reproduces it, in one typed JSON document."""

from __future__ import annotations

import dataclasses
import json
import platform
import types
import typing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from ..base.errors import InputError, Problem
from ..base.files import MANIFEST, write_text

SCHEMA = 1
"""Version of the folder's layout; a newer one is refused, with words."""


@dataclass(frozen=True)
class Arm:
    """One arm of a run: what was laid over what, and the hash of the outcome."""

    name: str
    regimes: list[str]
    reforms: list[str]
    hash: str


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "unknown"


@dataclass(frozen=True)
class Manifest:
    """What a run was, in the order in which it is written.

    Args:
        package_hash: hash of the package's source.
        world: name of the world's spec; `world_hash` is its content hash, `world_year` the year of its marginals.
        people: persons alive at the start of each world.
        world_seeds, luck_seeds: one entry per replicate, same length.
        arms: the arms, the comparator last.
        start: first measured month, `YYYY-MM`; `warm_up` months come before it, `months` count from it.
        estimand: `introduction`, `reform` or `abolition`.
        start_stock: where listings in force at the start came from.
        events: `off`, `panel` or `full`.
        digests: digest of each replicate and arm, keyed `SEED INDEX/ARM`.
        parameters: how many numbers of the regimes carry each evidence grade.
        command, python_call: what reproduces the run, in the shell and in Python.
        created: when, in UTC; `duration_seconds` how long it took.
        notes: what a reader must be told beside the numbers.
    """

    package_hash: str
    world: str
    world_hash: str
    world_year: int
    people: int
    world_seeds: list[int]
    luck_seeds: list[int]
    arms: list[Arm]
    start: str
    warm_up: int
    months: int
    estimand: str
    start_stock: str
    events: str
    digests: dict[str, str]
    parameters: dict[str, int]
    command: str
    python_call: str
    duration_seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    schema: int = SCHEMA
    synthetic: bool = True
    created: str = field(default_factory=_now)
    scslab: str = field(default_factory=lambda: _version("scslab"))
    python: str = field(default_factory=platform.python_version)
    numpy: str = field(default_factory=lambda: _version("numpy"))
    numba: str = field(default_factory=lambda: _version("numba"))

    def arm(self, name: str) -> Arm:
        """Find an arm by name.

        Raises:
            InputError: no such arm; the nearest name is offered.
        """
        from ..base.errors import nearest

        for arm in self.arms:
            if arm.name == name:
                return arm
        raise InputError(Problem(f"this run has no arm '{name}'", fix=nearest(name, [a.name for a in self.arms])))

    def to_dict(self) -> dict[str, Any]:
        """Give the manifest as plain dicts and lists, ready for JSON."""
        return dataclasses.asdict(self)


def write_manifest(folder: Path | str, manifest: Manifest) -> None:
    """Write `run.json` into a folder, whole or not at all."""
    write_text(Path(folder) / MANIFEST, json.dumps(manifest.to_dict(), indent=2, ensure_ascii=False) + "\n")


def read_manifest(folder: Path | str) -> Manifest:
    """Read the manifest of a run folder.

    Raises:
        InputError: no such folder, not a run folder, damaged, or written by a newer scslab; all problems of the file at once.
    """
    folder = Path(folder)
    path = folder / MANIFEST
    if not folder.exists():
        raise InputError(Problem(f"there is no folder '{folder}'", fix="Check the name, or make one with `scslab run`"))
    if not path.is_file():
        raise InputError(Problem(f"'{folder}' is not a run folder", why=f"it holds no {MANIFEST}"))
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(Problem(f"'{path}' cannot be read", why=error.strerror or str(error))) from error
    except RecursionError as error:
        raise InputError(Problem(f"'{path}' is not a manifest", why="it is nested too deeply")) from error
    except ValueError as error:
        raise InputError(Problem(f"'{path}' is not JSON", why=str(error), fix="The file is damaged")) from error
    if not isinstance(document, dict):
        raise InputError(Problem(f"'{path}' is not a manifest", why="it is not a JSON object"))
    schema = document.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        raise InputError(Problem(f"'{folder}' has schema {schema}", why=f"this scslab reads schema {SCHEMA}",
                                 fix="Install a newer scslab: it was written by " + str(document.get("scslab", "one"))))
    problems: list[Problem] = []
    manifest = _decode(Manifest, document, str(path), "", problems)
    if not problems and len(manifest.world_seeds) != len(manifest.luck_seeds):
        problems.append(Problem("'world_seeds' and 'luck_seeds' differ in length", str(path)))
    if problems:
        raise InputError(*problems)
    return manifest


def _decode(kind: Any, value: Any, where: str, key: str, problems: list[Problem]) -> Any:
    """Check JSON against a type made of dataclasses, lists, dicts and scalars; every mismatch becomes a problem."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is list and isinstance(value, list):
        return [_decode(inner[0], item, where, f"{key}[{index}]", problems) for index, item in enumerate(value)]
    if origin is dict and isinstance(value, dict):
        return {name: _decode(inner[1], item, where, f"{key}.{name}", problems) for name, item in value.items()}
    if dataclasses.is_dataclass(kind) and isinstance(value, dict):
        hints, before = typing.get_type_hints(kind), len(problems)
        missing = [name for name in hints if name not in value]
        problems += [Problem(f"'{key + '.' if key else ''}{name}' is missing", where, fix="The file is damaged") for name in missing]
        found = {n: _decode(hint, value[n], where, f"{key}.{n}" if key else n, problems) for n, hint in hints.items() if n in value}
        return kind(**found) if len(problems) == before else None  # type: ignore[operator]
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(kind, type) and not isinstance(kind, types.GenericAlias) and type(value) is kind:
        return value
    problems.append(Problem(f"'{key}' is {json.dumps(value)[:40]}, not {_words(kind)}", where, fix="The file is damaged"))
    return None


def _words(kind: Any) -> str:
    origin = typing.get_origin(kind) or kind
    words = {int: "a whole number", float: "a number", str: "text", bool: "true or false", list: "a list"}
    return words.get(origin, "an object")
