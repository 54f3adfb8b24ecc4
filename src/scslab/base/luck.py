"""Keyed luck: a pure function from (seed, stream name, ids, month, ordinal) to a uniform word.

Philox-4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"; Random123's published
vectors are the tests). Nothing is drawn in sequence, so one more person, kind, arm or thread moves nobody else's luck.
A *word* is a uint32 in [0, 2^31); a *threshold* an integer in [0, 2^31]; an event happens when `word < threshold`.
"""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import Any

import numpy as np

ONE = 1 << 31
"""The threshold of certainty."""

Key = tuple[int, int]

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = 0x9E3779B9, 0xBB67AE85
_LOW, _32 = np.uint64(0xFFFFFFFF), np.uint64(32)


def stream_key(seed: int, name: str) -> Key:
    """Derive the two 32-bit Philox keys of a named stream.

    Example:
        >>> stream_key(1, "observe.camera/see") != stream_key(1, "observe.camera/blame")
        True
    """
    digest = hashlib.blake2b(f"{seed}\x00{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


def name_number(name: str) -> int:
    """Give a name its number, in [2^16, 2^47): the same wherever and beside whatever the name stands, as codes of a run are not.

    Example:
        >>> name_number("court") == name_number("court") != name_number("tax"), name_number("court") >= 2**16
        (True, True)
    """
    return (1 << 16) + int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little") % ((1 << 47) - (1 << 16))


def philox(key: Key, c0: Any, c1: Any = 0, c2: Any = 0, c3: Any = 0) -> tuple[np.ndarray, ...]:
    """Compute one Philox-4x32-10 block per counter; the NumPy twin of the engine's kernel.

    Args:
        key: two 32-bit integers.
        c0, c1, c2, c3: counters, scalars or arrays that broadcast, each below 2^32.

    Returns:
        Four uint64 arrays holding 32-bit words.
    """
    c0, c1, c2, c3 = (np.atleast_1d(np.asarray(c)).astype(np.uint64) for c in (c0, c1, c2, c3))
    k0, k1 = key
    for _ in range(10):
        p0, p1 = _M0 * c0, _M1 * c2
        c0, c1, c2, c3 = (p1 >> _32) ^ c1 ^ np.uint64(k0), p1 & _LOW, (p0 >> _32) ^ c3 ^ np.uint64(k1), p0 & _LOW
        k0, k1 = (k0 + _W0) & 0xFFFFFFFF, (k1 + _W1) & 0xFFFFFFFF
    return c0, c1, c2, c3


def words(key: Key, id_a: Any, id_b: Any = 0, month: int = 0, ordinal: Any = 0) -> np.ndarray:
    """Draw one word per id.

    Args:
        key: from `stream_key`.
        id_a: array of ids; bits above 32 are used too (added to `id_b`'s word).
        id_b: second id, below 2^32, scalar or array.
        month: month index; negative months count modulo 2^32.
        ordinal: which draw of that id and month.

    Returns:
        uint32 array in [0, 2^31), one per id.

    Example:
        >>> w = words(stream_key(1, "doc"), np.arange(3))
        >>> bool((w < ONE).all()), w.dtype
        (True, dtype('uint32'))
    """
    ids = np.atleast_1d(np.asarray(id_a, dtype=np.int64))
    low = (ids & 0xFFFFFFFF).astype(np.uint64)
    high = ((ids >> 32) + np.asarray(id_b, dtype=np.int64)) & 0xFFFFFFFF
    block = philox(key, low, high, month & 0xFFFFFFFF, ordinal)
    return (block[0] >> np.uint64(1)).astype(np.uint32)


def threshold(probability: float | Fraction | str) -> int:
    """Turn a probability into an integer threshold in [0, 2^31].

    Raises:
        ValueError: outside [0, 1].

    Example:
        >>> threshold(0.5) == ONE // 2
        True
    """
    exact = Fraction(str(probability)) if not isinstance(probability, Fraction) else probability
    if not 0 <= exact <= 1:
        raise ValueError(f"{probability} is not a probability")
    return int(exact * ONE + Fraction(1, 2))
