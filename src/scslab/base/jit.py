"""Numba settings in one place: serial, nogil, cached in a folder keyed by the package's source."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent


@cache
def package_hash() -> str:
    """Hash the source of the package: names the compile cache and goes into every manifest."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in {".py", ".yaml"} and path.is_file():
            digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\x00" + path.read_bytes() + b"\x00")
    return digest.hexdigest()


@cache
def kernel_hash() -> str:
    """Hash what compiled code depends on: a cached kernel goes stale when a module it imports changes."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_bytes()
        if b"njit" in text:
            digest.update(text)
    return digest.hexdigest()[:16]


def _use_cache_folder() -> None:
    from .files import cache_dir

    checked = os.environ.get("NUMBA_BOUNDSCHECK", "0") not in ("", "0")  # numba would take unchecked code from the cache
    os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_dir() / f"numba-{kernel_hash()}{'-checked' * checked}"))


_use_cache_folder()

import numba  # noqa: E402  (the cache folder must be set before numba reads it)


def njit(function: Callable[..., Any] | None = None, **options: Any) -> Any:
    """Compile a kernel with the house settings: serial, GIL released, cached, no fastmath."""
    settings = {"nogil": True, "cache": True, **options}
    return numba.njit(**settings) if function is None else numba.njit(**settings)(function)
