"""W7, out of proportion: how far the burden of an own unlawful act goes beyond its statutory penalty; quantiles, never a count alone."""

from __future__ import annotations

import numpy as np

from ..quantiles import quantile
from .declare import Formula, Outcome, Tallies

FEWEST = 20
"""A quantile of fewer cases in a seed is no number."""

ABOUT = (
    "own unlawful acts whose measures have ended, or lasted two years; a licence suspended by statute is left out; yuan a month are assumed "
    "weights; mean of the seeds with 20 cases"
)
NO_FINE = "only acts that have a statutory fine: court debts have none here, because fines and detention for refusal are left out of ordinary law"


def _at(name: str, share: float) -> Formula:
    """Make the formula of a quantile of burdens classed by size."""

    def formula(sums: Tallies, people: np.ndarray) -> np.ndarray:
        classes = {key: values for key, values in sums.items() if key.startswith(f"{name}.")}
        return np.where(sum(classes.values(), np.zeros(len(people))) < FEWEST, np.nan, quantile(name, classes, share, len(people)))

    return formula


OUTCOMES = (
    *(Outcome(f"w7_yuan_{round(100 * q)}", f"burden of an own unlawful act: {words}", "yuan within two years", ("weighed_yuan.*",), "level",
              "formula", per=1.0, formula=_at("weighed_yuan", q), note=ABOUT) for q, words in ((0.5, "median"), (0.9, "9 in 10 are below"))),
    *(Outcome(f"w7_times_{round(100 * q)}", f"burden over the statutory fine: {words}", "times the fine", ("weighed_times.*",), "level",
              "formula", per=1.0, formula=_at("weighed_times", q), note=f"{ABOUT}; {NO_FINE}") for q, words in ((0.5, "median"), (0.9, "9 in 10 are below"))),
    Outcome("w7_apart", "burden without nexus to the act", "per 100 measure-months of own unlawful acts", ("weighed_bits_apart",), "level", "ratio",
            ("weighed_bits",), 100.0, events=("weighed",), note="which measures have to do with which acts is our own reading, see mechanisms/nexus.py"),
    Outcome("w7_double", "own unlawful acts fined by statute and burdened besides", "per 100 burdened", ("weighed_double",), "level", "ratio",
            ("weighed",), 100.0, note=ABOUT),
)  # fmt: skip
