"""One SHA-256 per arm over canonical bytes: final state, monthly aggregates, ledger; the same for any threads, spans, checkpoints."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from .arm import Arm, table_codes
from .events import ABSENT


def _feed(digest: Any, name: str, array: np.ndarray) -> None:
    data = np.ascontiguousarray(array)
    if data.dtype.kind == "U":
        digest.update(f"{name}\x00text\x00{data.shape}\x00".encode() + "\x00".join(data.tolist()).encode())
        return
    body = data.astype(data.dtype.newbyteorder("<"), copy=False).tobytes()
    digest.update(f"{name}\x00{data.dtype.str.lstrip('<>|=')}\x00{data.shape}\x00".encode())
    digest.update(body)


def arm_digest(arm: Arm, ledger: dict[str, np.ndarray] | None = None) -> str:
    """Hash an arm: columns, stores, rows still due, tallies, and the ledger if there is one."""
    digest = hashlib.sha256()
    names = np.array(list(table_codes()), dtype=object)  # codes depend on which tables exist, names do not
    for name in sorted(arm.columns):
        _feed(digest, f"column {name}", arm.columns[name])
    for name in sorted(arm.stores):
        for column in sorted(arm.stores[name].data):
            array = arm.stores[name].data[column]
            _feed(digest, f"store {name} {column}", names[array].astype(str) if column == "origin" else array)
    for month in sorted(arm.due):
        for rows in sorted(arm.due[month], key=lambda r: (r.table, len(r), int(r.data["id"][0]) if len(r) else 0)):
            _feed(digest, f"due {month} {rows.table}", rows.data["id"])
    for name in sorted(arm.tallies):
        if arm.tallies[name].any():
            _feed(digest, f"tally {name}", arm.tallies[name])
    for name, column in sorted((ledger or {}).items()):
        if column.dtype.kind == "U" or (column != ABSENT).any():
            _feed(digest, f"ledger {name}", column)
    return digest.hexdigest()
