"""Keeps synthesized worlds on disk, keyed by everything that decides them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from scslab.base.files import cache_dir

from .model import Network, World

_HEADER = ("name", "spec_hash", "people", "seed", "n_rows", "start_month", "provinces")


def cache_folder() -> Path:
    """Name the folder of cached worlds."""
    return cache_dir() / "worlds"


@cache
def code_version() -> str:
    """Hash the source of this package and of luck, so that a change of code never meets an old world."""
    total = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted([*here.glob("*.py"), *(here.parent / "base").glob("luck*.py")]):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def cached(parts: dict[str, Any], make: Callable[[], World]) -> World:
    """Read a world from the cache, or make and keep it. A damaged entry is made anew; an unwritable cache is no error."""
    key = hashlib.sha256(json.dumps({**parts, "code": code_version()}, sort_keys=True).encode()).hexdigest()[:32]
    folder = cache_folder() / key
    world = read(folder)
    if world is None:
        world = make()
        with contextlib.suppress(OSError):
            write(world, folder)
    return world


def write(world: World, folder: Path) -> None:
    """Write a world to a temporary folder and rename it into place."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder.parent))
    try:
        sizes = {}
        for name, array in arrays(world).items():
            np.save(temporary / f"{name}.npy", array)
            sizes[name] = [array.dtype.str, list(array.shape), checksum(array)]
        header = {field: getattr(world, field) for field in _HEADER}
        kinds = {name: [n.kind, n.degree, n.size] for name, n in world.networks.items()}
        text = json.dumps({"header": header, "networks": kinds, "arrays": sizes})
        (temporary / "world.json").write_text(text, encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
        os.rename(temporary, folder)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        if not folder.exists():
            raise


def arrays(world: World) -> dict[str, np.ndarray]:
    """Name every array of a world, network parts as `network.NAME.PART`."""
    out = dict(world.columns)
    for name, network in world.networks.items():
        for part in ("offsets", "target", "relation", "keys"):
            array = getattr(network, part)
            if array is not None:
                out[f"network.{name}.{part}"] = array
    return out


def checksum(array: np.ndarray) -> int:
    """Sum an array's bytes (CRC-32); a flipped bit on disk must not change a result silently."""
    return zlib.crc32(np.ascontiguousarray(array).reshape(-1).data.cast("B")) if array.size else 0


def read(folder: Path) -> World | None:
    """Read a cached world, memory-mapped; None when it is absent or damaged."""
    try:
        text = json.loads((folder / "world.json").read_text(encoding="utf-8"))
        loaded: dict[str, np.ndarray] = {}
        for name, (kind, shape, check) in text["arrays"].items():
            array = np.load(folder / f"{name}.npy", mmap_mode="r" if np.prod(shape) else None)
            if array.dtype.str != kind or list(array.shape) != shape or checksum(array) != check:
                return None
            loaded[name] = np.asarray(array)
        networks = {}
        for name, (kind, degree, size) in text["networks"].items():
            offsets, target, keys = (loaded.pop(f"network.{name}.{part}") for part in ("offsets", "target", "keys"))
            networks[name] = Network(kind, offsets, target, loaded.pop(f"network.{name}.relation", None), degree, keys, size)
        header = {**text["header"], "provinces": tuple(text["header"]["provinces"])}
        return World(**header, columns=loaded, networks=networks)
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None
