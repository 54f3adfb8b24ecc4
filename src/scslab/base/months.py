"""Calendar months as integers: months since 2000-01, the only unit of time in the package."""

from __future__ import annotations

import re

from .errors import InputError, Problem

NEVER = 32767
"""A month beyond any horizon (the largest int16)."""

_PATTERN = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])(?:-\d{2})?$")


def month(text: str, where: str = "") -> int:
    """Turn `YYYY-MM` (or `YYYY-MM-DD`) into months since 2000-01.

    Raises:
        InputError: when the text is not a month between 1900-01 and 2299-12.

    Example:
        >>> month("2018-05")
        220
    """
    match = _PATTERN.match(str(text))
    if not match or not 1900 <= int(match[1]) <= 2299:
        raise InputError(Problem(f"'{text}' is not a month", where, fix="Write it as YYYY-MM, for example 2018-05"))
    return (int(match[1]) - 2000) * 12 + int(match[2]) - 1


def month_text(index: int) -> str:
    """Write a month index as `YYYY-MM`.

    Example:
        >>> month_text(220)
        '2018-05'
    """
    return f"{2000 + index // 12:04d}-{index % 12 + 1:02d}"
