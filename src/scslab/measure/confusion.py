"""Confusion matrices by group: who was flagged, who should have been. Rates are ratios of whole counts, so the identities between them are exact.

With base rate p, PPV and TPR the false-positive rate is p / (1 - p) * (1 - PPV) / PPV * TPR: groups with different base rates cannot have
the same PPV, TPR and FPR at once (Chouldechova 2017, "Fair prediction with disparate impact").
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Confusion:
    """Counts of one group.

    Attributes:
        hits: flagged, and rightly so; false_alarms: flagged wrongly; misses: not flagged, but should have been; passes: rightly not flagged.

    Example:
        >>> Confusion(hits=6, false_alarms=4, misses=2, passes=88).ppv
        0.6
    """

    hits: int
    false_alarms: int
    misses: int
    passes: int

    @property
    def people(self) -> int:
        """Everybody counted."""
        return self.hits + self.false_alarms + self.misses + self.passes

    @property
    def base_rate(self) -> float:
        """Share that should be flagged."""
        return _share(self.hits + self.misses, self.people)

    @property
    def ppv(self) -> float:
        """Positive predictive value: share of the flagged who should be."""
        return _share(self.hits, self.hits + self.false_alarms)

    @property
    def tpr(self) -> float:
        """True-positive rate: share flagged of those who should be."""
        return _share(self.hits, self.hits + self.misses)

    @property
    def fpr(self) -> float:
        """False-positive rate: share flagged of those who should not be."""
        return _share(self.false_alarms, self.false_alarms + self.passes)


def _share(part: int, whole: int) -> float:
    """Divide whole numbers, rounded once; nan where there is nobody."""
    return float(Fraction(part, whole)) if whole else float("nan")


def confusion(flagged: Any, deserved: Any) -> Confusion:
    """Count one group from a mask of the flagged and a mask of those who should be.

    Example:
        >>> confusion([True, True, False], [True, False, False])
        Confusion(hits=1, false_alarms=1, misses=0, passes=1)
    """
    said, true = np.asarray(flagged, bool), np.asarray(deserved, bool)
    return Confusion(int((said & true).sum()), int((said & ~true).sum()), int((~said & true).sum()), int((~said & ~true).sum()))


def confusion_by_group(flagged: Any, deserved: Any, group: Any) -> dict[int, Confusion]:
    """Count every group.

    Args:
        flagged, deserved: masks, one entry a person; group: code of each person's group.
    """
    said, true, codes = np.asarray(flagged, bool), np.asarray(deserved, bool), np.asarray(group)
    return {int(code): confusion(said[codes == code], true[codes == code]) for code in np.unique(codes)}
