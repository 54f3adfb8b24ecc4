"""Outcomes about pretexts: critics met by a claim on another ground, and the listings whose chain starts in protected conduct."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .declare import MONTHS, PER_10000, STOCK, YEAR, Outcome

ROOTED = "class W5a: by the chain of truth, not by what the record says on its face"


def _rooted(sums: Mapping[str, np.ndarray], followed: np.ndarray) -> np.ndarray:
    """Give listings rooted in protected conduct per person-year."""
    return sums["listings_started.W5a"] * YEAR / np.where(followed > 0, followed, np.nan)


OUTCOMES: tuple[Outcome, ...] = (
    Outcome("pretexts", "claims on another ground, after protected conduct", PER_10000, ("pretexts",), "level", by_construction=True),
    Outcome("pretexts_standing", "of which upheld", "per 100 claims", ("pretexts_standing",), "level", "ratio", ("pretexts",), 100.0,
            by_construction=True),
    Outcome("pretext_yuan", "adjudged on pretexts", "yuan per 10,000 person-years", ("pretext_yuan",), "level", events=("pretexts",)),
    Outcome("pretext_met", "persons ever met by a pretext", STOCK, ("first_pretext",), "level", "ever"),
    Outcome("listed_rooted", "listings rooted in protected conduct", PER_10000, ("listings_started.W5a",), "level", "formula", ("pretexts",),
            events=("listings_started.W5a", "pretexts"), formula=_rooted, note=ROOTED),
    Outcome("rooted_per_claim", "listings rooted in protected conduct, per claim", "per 100 claims", ("listings_started.W5a",), "level", "ratio",
            ("pretexts",), 100.0, note="claims of the last months have not yet led to their listings"),
    Outcome("listed_by_pretext", "on a list because of a pretext", MONTHS, ("pretext_listed_months",), "level"),
)  # fmt: skip
