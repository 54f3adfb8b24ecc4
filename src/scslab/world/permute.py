"""Keyed permutations of 0..n-1: friends that are computed when asked for instead of stored.

A four-round Feistel network over the fewest bits that hold n; values beyond n walk on until they fall inside.
"""

from __future__ import annotations

import numpy as np

from scslab.base.jit import njit

_ONE, _SHIFT = np.uint64(1), np.uint64(17)
_A, _B, _LOW = np.uint64(0x9E3779B1), np.uint64(0x85EBCA6B), np.uint64(0xFFFFFFFF)


@njit(inline="always")
def mix(x, key):
    """Mix half a value with a 32-bit round key."""
    y = ((x + key) * _A) & _LOW
    y ^= y >> _SHIFT
    y = ((y ^ key) * _B) & _LOW
    return y ^ (y >> _SHIFT)


@njit(inline="always")
def half_bits(n):
    """Split the bits that hold n - 1 into a low and a high half."""
    bits = np.uint64(2)
    while (_ONE << bits) < np.uint64(n):
        bits += _ONE
    low = bits >> _ONE
    return low, (_ONE << low) - _ONE, (_ONE << (bits - low)) - _ONE


@njit(inline="always")
def forward(x, n, keys, low, low_mask, high_mask):
    """Permute one value."""
    while True:
        a, b = x & low_mask, x >> low
        b ^= mix(a, keys[0]) & high_mask
        a ^= mix(b, keys[1]) & low_mask
        b ^= mix(a, keys[2]) & high_mask
        a ^= mix(b, keys[3]) & low_mask
        x = (b << low) | a
        if x < n:
            return x


@njit(inline="always")
def backward(x, n, keys, low, low_mask, high_mask):
    """Undo `forward`."""
    while True:
        a, b = x & low_mask, x >> low
        a ^= mix(b, keys[3]) & low_mask
        b ^= mix(a, keys[2]) & high_mask
        a ^= mix(b, keys[1]) & low_mask
        b ^= mix(a, keys[0]) & high_mask
        x = (b << low) | a
        if x < n:
            return x


@njit
def neighbours_into(keys, n, persons, out):
    """Write the ties of some persons: image and pre-image under each permutation.

    Args:
        keys: uint64 (permutations, 4).
        persons: int (m,).
        out: int32 (m, 2 * permutations).
    """
    low, low_mask, high_mask = half_bits(n)
    size = np.uint64(n)
    for r in range(len(persons)):
        x = np.uint64(persons[r])
        for p in range(len(keys)):
            out[r, 2 * p] = np.int32(forward(x, size, keys[p], low, low_mask, high_mask))
            out[r, 2 * p + 1] = np.int32(backward(x, size, keys[p], low, low_mask, high_mask))


def neighbours_of(keys: np.ndarray, n: int, person: int) -> np.ndarray:
    """List the computed ties of one person; int32 (2 * permutations,)."""
    out = np.empty((1, 2 * len(keys)), np.int32)
    neighbours_into(keys, n, np.array([person]), out)
    return out[0]
