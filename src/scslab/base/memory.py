"""Memory that is free, given back to the machine."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Give freed memory back to the machine where the C library can (glibc): after large temporary arrays it otherwise stays with the process."""
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
