"""Everyday conduct of one pattern: occasions screened by a lasting trait, thinned by what speaks against the act. Used by `conduct.*`."""

from __future__ import annotations

from typing import Any

from .common import unless_deterred
from .kinds import CAUSE

WILL = CAUSE.code("will")


def acts_of(batch: Any, cols: Any, luck: Any, kinds: tuple[str, ...]) -> list[Any]:
    """Turn occasions into acts, unless modifiers of `conduct.KIND` hold people back.

    Args:
        batch: one batch of occasions per kind.
        kinds: names of the kinds; each is also the name of its quantity.

    Returns:
        Emissions to `acts`, chosen freely (cause will).
    """
    made = []
    for kind in kinds:
        rows = getattr(batch, kind)
        made.append(rows.emit("acts", parent=unless_deterred(rows, cols, luck, f"conduct.{kind}"), cause=WILL))
    return made
