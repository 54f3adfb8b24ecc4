"""Numba twins of `luck`: the same keyed words, filled into arrays without temporaries.

Import it inside functions only: importing numba costs a second.
"""

from __future__ import annotations

import numpy as np
from numba import njit, uint32, uint64

_LOW = np.uint64(0xFFFFFFFF)
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_32, _ONE = np.uint64(32), np.uint64(1)
WINDOW = 4096
"""Persons or households that share one set of strata."""


@njit(cache=True, nogil=True, inline="always")
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


@njit(cache=True, nogil=True)
def words_into(k0, k1, lo, hi, month, ordinal, out):
    """Fill `out[0:hi-lo]` (uint32) with the words of ids lo..hi; equals `luck.words(key, arange(lo, hi), 0, month, ordinal)`."""
    k0, k1, c2, c3 = uint64(k0), uint64(k1), uint64(month) & _LOW, uint64(ordinal)
    for i in range(hi - lo):
        b = block(k0, k1, uint64(lo + i) & _LOW, uint64(lo + i) >> _32, c2, c3)
        out[i] = uint32(b[0] >> _ONE)


@njit(cache=True, nogil=True)
def four_into(k0, k1, lo, hi, out0, out1, out2, out3):
    """Fill four uint32 arrays with the four words of each id's block; the first equals `luck.words`."""
    k0, k1 = uint64(k0), uint64(k1)
    for i in range(lo, hi):
        b = block(k0, k1, uint64(i) & _LOW, uint64(i) >> _32, uint64(0), uint64(0))
        out0[i] = uint32(b[0] >> _ONE)
        out1[i] = uint32(b[1] >> _ONE)
        out2[i] = uint32(b[2] >> _ONE)
        out3[i] = uint32(b[3] >> _ONE)


@njit(cache=True, nogil=True)
def strata_into(k0, k1, lo, hi, out):
    """Fill `out[lo:hi]` with words that visit each 4096th of [0, 2^31) once per window of 4,096 ids, in keyed order.

    Counts drawn from such words keep to their shares far more tightly than independent words would.
    """
    k0, k1 = uint64(k0), uint64(k1)
    window = -1
    a = c = b2 = d = uint64(0)
    mask = uint64(WINDOW - 1)
    for i in range(lo, hi):
        if i // WINDOW != window:
            window = i // WINDOW
            a, c, b2, d = block(k0, k1, uint64(window), uint64(0), uint64(0), uint64(1))
            a |= _ONE
            b2 |= _ONE
        k = (uint64(i) * a + c) & mask
        k ^= k >> uint64(5)
        k = (k * b2 + d) & mask
        k ^= k >> uint64(7)
        low = block(k0, k1, uint64(i) & _LOW, uint64(i) >> _32, uint64(0), uint64(0))[0] >> uint64(13)
        out[i] = uint32((k << uint64(19)) | low)
