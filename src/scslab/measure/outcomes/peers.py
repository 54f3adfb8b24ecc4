"""Outcomes about peer rating: standing, opinions, stars, help."""

from __future__ import annotations

from typing import Any

import numpy as np

from .declare import Outcome


def well(sums: Any, followed: np.ndarray) -> np.ndarray:
    """Give the share of opinions that are good, per 100."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return 100 - 100 * np.asarray(sums["opinions_bad"], float) / sums["opinions_held"]


def spread(sums: Any, followed: np.ndarray) -> np.ndarray:
    """Give the standard deviation of the stars shown."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean, square = (np.asarray(sums[name], float) / sums["starred"] for name in ("stars_sum", "stars_squares"))
        return np.sqrt(np.maximum(square - mean * mean, 0)) / 1000


OUTCOMES = (
    Outcome("good_standing", "of good standing among peers", "per 100 adults", ("peers_good",), "level", "ratio", ("peers_judged",), 100.0,
            note="public verdicts; of people who all help only the good"),
    Outcome("good_opinions", "friends thought well of", "per 100 friends", ("opinions_bad", "opinions_held"), "level", "formula", per=1.0, formula=well,
            events=("opinions_held",), note="private verdicts"),
    Outcome("helping", "help given", "per 100 encounters", ("encounters_helped",), "level", "ratio", ("encounters",), 100.0),
    Outcome("stars_shown", "mean of the stars shown", "stars", ("stars_sum",), "level", "ratio", ("starred",), 1 / 1000, events=("starred",)),
    Outcome("stars_spread", "spread of the stars shown", "stars", ("starred", "stars_sum", "stars_squares"), "level", "formula", per=1.0, formula=spread,
            events=("starred",), note="standard deviation over adults and months"),
)  # fmt: skip
