"""Numba twins of `luck`: the same keyed words, filled into arrays without temporaries.

Import it inside functions only: importing numba costs a second.
"""

from __future__ import annotations

import numpy as np

from .jit import njit

_LOW = np.uint64(0xFFFFFFFF)
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_32, _ONE = np.uint64(32), np.uint64(1)
_C0, _C1, _C2 = np.uint64(0x3D20ADEA), np.uint64(0x05526C56), np.uint64(0x53A22864)
_SHIFTS = np.array([1, 2, 4, 8, 16], np.uint64)
_MASKS = np.array([0x55555555, 0x33333333, 0x0F0F0F0F, 0x00FF00FF, 0x0000FFFF], np.uint64)

@njit(inline="always")
def block(k0, k1, c0, c1, c2, c3):
    """Compute one Philox-4x32-10 block; every argument is a uint64 below 2^32."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        n0 = (p1 >> _32) ^ c1 ^ k0
        n2 = (p0 >> _32) ^ c3 ^ k1
        c1 = p1 & _LOW
        c3 = p0 & _LOW
        c0 = n0
        c2 = n2
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@njit
def words_into(k0, k1, lo, hi, month, ordinal, out):
    """Fill `out[0:hi-lo]` (uint32) with the words of ids lo..hi; equals `luck.words(key, arange(lo, hi), 0, month, ordinal)`."""
    k0, k1, c2, c3 = np.uint64(k0), np.uint64(k1), np.uint64(month) & _LOW, np.uint64(ordinal)
    for i in range(hi - lo):
        b = block(k0, k1, np.uint64(lo + i) & _LOW, np.uint64(lo + i) >> _32, c2, c3)
        out[i] = np.uint32(b[0] >> _ONE)


@njit(inline="always")
def _scramble(x, add, odd):
    """Flip each bit by a hash of the lower ones."""
    x ^= (x * _C0) & _LOW
    x = (x + add) & _LOW
    x = (x * odd) & _LOW
    x ^= (x * _C1) & _LOW
    return x ^ ((x * _C2) & _LOW)


@njit(inline="always")
def _reverse(x):
    """Reverse 32 bits."""
    for step in range(5):
        shift, mask = _SHIFTS[step], _MASKS[step]
        x = ((x >> shift) & mask) | ((x & mask) << shift)
    return x


@njit
def strata_into(k0, k1, lo, hi, out):
    """Fill `out[lo:hi]` with words of which every aligned run of 2^m ids has one in each of 2^m equal strata.

    The van der Corput sequence, shuffled and scrambled by keyed nested hashes (Laine and Karras 2011, constants by Vegdahl): counts
    drawn from such words keep to their shares far more tightly than independent words would, in any stretch of ids. The shuffle
    keeps two streams over the same ids independent.
    """
    # In 64 bits throughout: numba widens 32-bit products, so they are cut back by hand.
    a, b = np.uint64(k0), np.uint64(k1)
    c, d = (a * _M0 + b) & _LOW, (b * _M1 + a) & _LOW
    for i in range(lo, hi):
        shuffled = _reverse(_scramble(_reverse(np.uint64(i) & _LOW), c, d | _ONE))
        out[i] = np.uint32(_reverse(_scramble(shuffled, a, b | _ONE)) >> _ONE)
