"""Everyday conduct of one pattern: occasions screened by a lasting trait, thinned by what speaks against the act. Used by `conduct.*`."""

from __future__ import annotations

from typing import Any

import numpy as np

from .common import ADULT, living, unless_deterred
from .kinds import CAUSE

WILL = CAUSE.code("will")


def acts_of(batch: Any, cols: Any, luck: Any, kinds: tuple[str, ...], least_years: int = ADULT, among: Any = None) -> list[Any]:
    """Turn occasions into acts of living persons of an age, unless modifiers of `conduct.KIND` hold them back.

    Args:
        batch: one batch of occasions per kind.
        kinds: names of the kinds; each is also the name of its quantity.
        least_years: youngest age in full years.
        among: a function of subjects that tells who can act at all, or None for everybody.

    Returns:
        Emissions to `acts`, chosen freely (cause will).
    """
    made = []
    for kind in kinds:
        rows = getattr(batch, kind)
        able = living(cols, rows.subject, least_years)
        if among is not None:
            able &= among(rows.subject)
        at = unless_deterred(rows, cols, luck, f"conduct.{kind}", np.flatnonzero(able), "act")
        made.append(rows.emit("acts", parent=at, cause=WILL))
    return made
