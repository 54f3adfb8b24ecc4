"""Numba kernels for columns of persons: keyed words and categories. What is not hot is NumPy: every kernel costs compilation."""

from __future__ import annotations

import numpy as np

from scslab.base.jit import njit
from scslab.base.luck_kernels import block

_LOW, _32, _ONE, _ZERO = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(1), np.uint64(0)


@njit
def draw_into(k0, k1, lo, hi, out):
    """Fill `out[:, lo:hi]` (uint32, up to four rows) with the words of ids lo..hi; the first row equals `luck.words(key, ids)`."""
    for i in range(lo, hi):
        b = block(k0, k1, np.uint64(i) & _LOW, np.uint64(i) >> _32, _ZERO, _ZERO)
        out[0, i] = b[0] >> _ONE
        if len(out) > 1:
            out[1, i] = b[1] >> _ONE
            out[2, i] = b[2] >> _ONE
            out[3, i] = b[3] >> _ONE


@njit
def pick_into(lo, hi, words, cut, row, out):
    """Choose the first category whose upper threshold lies above each word of ids lo..hi.

    Args:
        words: uint32; cut: int64 (rows, categories); row: int64, the row each id reads; out: uint8.
    """
    for i in range(lo, hi):
        u, r, c = np.int64(words[i]), row[i], 0
        while u >= cut[r, c]:
            c += 1
        out[i] = c
