"""Published figures of the court list, of lists together and of ledgers, counted as reports count them, where rules switch `measure.moments` on.

Reports count everybody of an age who lives in the country at the date. So these outcomes sum every cell, also those who were children
at the fork, and divide by heads counted month by month; they have no value by group.
"""

from __future__ import annotations

import numpy as np

from .declare import PER_10000, YEAR, Outcome, Tallies

TARGETS = "held against a published figure by `scslab validate`"
HEADS, ENTRIES = ("moments_heads",), ("moments_entries",)
GRID = np.linspace(-8, 8, 4001)


def usual_range(n: int) -> float:
    """Give the mean distance between the highest and the lowest of n independent normal numbers.

    Example:
        >>> [round(usual_range(n), 3) for n in (2, 10, 31)]
        [1.128, 3.078, 4.113]
    """
    density = np.exp(-GRID**2 / 2) / np.sqrt(2 * np.pi)
    below = np.clip(np.cumsum(density) * (GRID[1] - GRID[0]), 0, 1)
    return float(((1 - below**n - (1 - below) ** n) * (GRID[1] - GRID[0])).sum())


def spread(sums: Tallies, followed: np.ndarray) -> np.ndarray:
    """Give the quotient of the highest and the lowest density that differences between provinces imply, beyond what luck alone makes of counts.

    With entries O and expected entries E = heads x the rate of all provinces, the square of the coefficient of variation of true densities is
    estimated by moments: (sum (O - E)^2 - sum O) / sum E^2 (negative binomial). Densities are taken as log-normal.

    Example:
        >>> heads = {f"moments_heads_in.p{k:02d}": np.array([1000]) for k in range(31)}
        >>> even = {f"moments_entries_in.p{k:02d}": np.array([100]) for k in range(31)}
        >>> spread({**heads, **even}, np.array([1])).tolist()
        [1.0]
    """
    codes = sorted(name.rpartition(".")[2] for name in sums if name.startswith("moments_heads_in."))
    none = np.zeros(followed.shape)
    if len(codes) < 2:
        return np.full(followed.shape, np.nan)
    heads = np.array([sums[f"moments_heads_in.{code}"] for code in codes], float)
    found = np.array([sums.get(f"moments_entries_in.{code}", none) for code in codes], float)
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = heads * found.sum(axis=0) / heads.sum(axis=0)
        varies = np.maximum(((found - expected) ** 2 - found).sum(axis=0) / (expected**2).sum(axis=0), 0)
    return np.exp(usual_range(len(codes)) * np.sqrt(np.log1p(varies)))


def _figure(name: str, words: str, unit: str, top: tuple[str, ...], bottom: tuple[str, ...], per: float = 1.0, note: str = TARGETS) -> Outcome:
    return Outcome(name, words, unit, top, "level", "ratio", bottom, per, headline=False, note=note, whole=True)


OUTCOMES: tuple[Outcome, ...] = (
    _figure("court_stock", "on the court list", "per 100 persons from 15 on", ("moments_held",), HEADS, 100.0),
    _figure("court_entries", "entries on the court list a year", "per 100 persons from 15 on", ENTRIES, HEADS, 100.0 * YEAR),
    Outcome("court_entries_rate", "entries on the court list, per person-year", PER_10000, ENTRIES, headline=False),
    _figure("exits_over_stock", "exits a year over the stock, all black lists counted one by one", "per 100", ("census_exits",), ("census_stock",),
            100.0 * YEAR),
    _figure("complied_over_entries", "performed or settled, over entries on the court list", "per entry", ("moments_complied",), ENTRIES),
    _figure("repairs_over_entries", "names removed as repaired, over entries on the court list", "per entry", ("moments_repaired",), ENTRIES),
    _figure("men_listed", "men among entries on the court list", "per 100 entries", ("moments_men",), ENTRIES, 100.0),
    _figure("forties_listed", "aged as published (40 to 49) among entries on the court list", "per 100 entries", ("moments_of_age",), ENTRIES, 100.0),
    _figure("tries_per_flyer", "flights refused per person refused in a month", "attempts per person", ("moments_air",), ("moments_air_persons",),
            note=TARGETS + "; that figure is of 34 days of 2014"),
    _figure("air_over_rail", "flights refused per train refused", "ratio", ("moments_air",), ("moments_rail",)),
    Outcome("province_spread", "highest over lowest listing density of provinces, luck taken out", "ratio", ("moments_heads_in.*", "moments_entries_in.*"),
            "level", "formula", per=1.0, events=ENTRIES, headline=False, whole=True, formula=spread,
            note=TARGETS + "; from entries, by negative-binomial moments"),
    _figure("ledger_losses_per_gain", "losses of points per gain, everybody", "losses per gain", ("losses",), ("gains_posted",)),
)  # fmt: skip
