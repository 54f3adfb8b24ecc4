"""What an outcome is, and the words that several themes share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

YEAR = 12
FOLLOWED = "followed"
"""The denominator of rates: person-months of the cohort, from `cells.followed`."""

Tallies = Mapping[str, np.ndarray]
Formula = Callable[[Tallies, np.ndarray], np.ndarray]

PER_10000 = "per 10,000 person-years"
STOCK = "per 10,000 people"
MONTHS = "person-months per 10,000 person-years"
"""Units that many outcomes share."""

SHARE = 100.0
"""What a ratio is multiplied by where it is a share."""
FORMS = ("rate", "stock", "ratio", "ever", "within", "formula")
KINDS = ("level", "contrast")


@dataclass(frozen=True)
class Outcome:
    """One outcome.

    Args:
        form: 'rate' (per person-year), 'stock' (per person, mean of the last 12 month-ends of the window), 'ratio' (of counters),
            'ever' (per person, from the start to the window's end), 'within' (share of complete cohorts after `months`),
            'formula' (whatever `formula` makes of the counters of the window).
        numerator, denominator: counters, summed; a leading '-' subtracts. For a formula the numerator names what it is given; a name
            that ends in '*' stands for every counter that begins so.
        months: how long a cohort is followed: 'within' counts cohorts seen for so long; 'ratio' leaves out the first so many months of the run,
            whose follow-ups belong to cohorts from before the fork.
        per: what the value is multiplied by.
        events: counters that tell how many events stand behind the number; default the numerator.
        note: evidence and what it does not show; by_construction: true because we switched it on.
        formula: from the counters of the window, each (groups,), by name, and the person-months (groups,), to the value (groups,); NaN
            where there is nobody to count. An exact name that never rose is given as zeros.
        minors: about those under 18 at the fork, who are outside the cohort of every other outcome.
        whole: about what has no group of persons (firms, databases): every cell is summed, children's and the first one's too, and there
            is no value by group. Its denominator is a counter of its own.
    """

    name: str
    words: str
    unit: str
    numerator: tuple[str, ...]
    kind: str = "contrast"
    form: str = "rate"
    denominator: tuple[str, ...] = (FOLLOWED,)
    per: float = 10_000.0
    primary: bool = False
    events: tuple[str, ...] = ()
    months: int = 0
    note: str = ""
    by_construction: bool = False
    headline: bool = True
    minors: bool = False
    whole: bool = False
    formula: Formula | None = None

    @property
    def is_share(self) -> bool:
        """Tell whether it is a share, so many per 100 of the same things, which is never below 0 or above 100."""
        return self.form == "ratio" and self.per == SHARE and self.unit.startswith("per 100")

    @property
    def lasts(self) -> bool:
        """Tell whether one event counts again in every month it lasts: a stock, or person-months."""
        return self.form == "stock" or (self.form == "rate" and "-months per" in self.unit)
