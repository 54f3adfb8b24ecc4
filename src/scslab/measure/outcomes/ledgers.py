"""Outcomes of ledgers and other point systems: grades, ways to lose and to gain, score and means, moves, strikes, tokens, the market for points."""

from __future__ import annotations

import numpy as np

from .declare import PER_10000, STOCK, Outcome, Tallies

GRADES = ("AAA", "AA", "A+", "A", "A-", "BBB", "BB", "B", "C", "D")
"""Names of grades that ledgers of the library use, highest first."""

CENSUS = "per 100 adults in the ledger, each January"
SUMS = tuple(f"score_means.{name}" for name in ("n", "x", "y", "xy", "xx", "yy"))

PLACES = {"low": "below", "usual": "in", "high": "above"}
"""The three classes of the mobility matrix."""


def correlation(sums: Tallies, followed: np.ndarray) -> np.ndarray:
    """Give Pearson's correlation of score and means from whole sums; NaN where either does not vary.

    Example:
        >>> two = {f"score_means.{k}": np.array([v]) for k, v in {"n": 2, "x": 3, "y": 30, "xy": 50, "xx": 5, "yy": 500}.items()}
        >>> correlation(two, np.array([1])).round(9).tolist()
        [1.0]
    """
    n, x, y, xy, xx, yy = ([int(v) for v in sums[name]] for name in SUMS)  # Python's whole numbers do not overflow
    both = [n[i] * xy[i] - x[i] * y[i] for i in range(len(n))]
    spread = [(n[i] * xx[i] - x[i] ** 2) * (n[i] * yy[i] - y[i] ** 2) for i in range(len(n))]
    return np.array([b / s**0.5 if s > 0 else np.nan for b, s in zip(both, spread, strict=True)])


def _share(name: str, words: str, top: tuple[str, ...], bottom: tuple[str, ...], unit: str = CENSUS, **more: object) -> Outcome:
    return Outcome(name, words, unit, top, "level", "ratio", bottom, 100.0, **more)  # type: ignore[arg-type]


def _from(place: str) -> tuple[str, ...]:
    """Name the counters of everybody who stood in a place a year ago."""
    return tuple(f"moved.{place}.{to}" for to in PLACES)


OUTCOMES = (
    *(_share(f"grade_{grade}", f"in grade {grade}", (f"grade.{grade}",), ("score_people",), headline=False) for grade in GRADES),
    _share("grade_usual", "in the grade of people without records", ("grade_start",), ("score_people",)),
    _share("below_start", "below the start of the ledger", ("score_below",), ("score_people",)),
    _share("above_start", "above the start of the ledger", ("score_above",), ("score_people",)),
    Outcome("losses_per_gain", "losses of points per gain", "losses per gain", ("losses",), "level", "ratio", ("gains_posted",), 1.0),
    Outcome("points_lost", "points lost", "points per person-year", ("points_lost",), "level", per=0.01, events=("losses",)),
    Outcome("points_gained", "points gained", "points per person-year", ("points_gained",), "level", per=0.01, events=("gains_posted",)),
    Outcome("score_means", "correlation of score and means", "correlation", SUMS, "level", "formula", per=1.0, formula=correlation,
            events=("score_people",), note="means: quantile of the liquid buffer, a stand-in for wealth"),
    _share("low_move_up", "of those below the usual grade, at or above it a year later", ("moved.low.usual", "moved.low.high"), _from("low"), "per 100"),
    _share("high_stay", "of those above the usual grade, still above it a year later", ("moved.high.high",), _from("high"), "per 100"),
    *(_share(f"moved_{a}_{b}", f"of those {PLACES[a]} the usual grade, {PLACES[b]} it a year later", (f"moved.{a}.{b}",), _from(a), "per 100", headline=False)
      for a in PLACES for b in PLACES),
    Outcome("points_bought", "points bought", "points per 10,000 person-years", ("points_bought",), "level", events=("purchases",), by_construction=True),
    Outcome("paid_for_points", "paid for points and for others' hours", "yuan per person-year", ("purchases_yuan",), "level", per=1.0,
            events=("purchases",), by_construction=True),
    Outcome("proxy_deals", "volunteering done by others for pay", PER_10000, ("proxy_deals",), "level", by_construction=True),
    Outcome("strike_listings", "listings by strikes", PER_10000, ("strike_listings",), "level", by_construction=True),
    _share("strikes_wrong", "of listings by strikes, those that fall without unsound strikes", ("strike_listings_wrong",), ("strike_listings",),
           "per 100", note="no data identify the deciding error rate: read it as a curve over that rate"),
    Outcome("struck_innocent", "ever listed for strikes none of which was an own act", STOCK, ("first_struck_innocent",), "level", "ever",
            note="no data identify the deciding error rate: read it as a curve over that rate"),
    Outcome("token_holders", "account holders of the token bank", STOCK, ("token_holders",), "level", "stock", by_construction=True),
    Outcome("goods_taken", "goods taken for tokens", PER_10000, ("goods_taken",), "level", by_construction=True),
    Outcome("blood_donation", "blood given", "acts per 1,000 person-years", ("acts.blood_donation",), per=1000.0, headline=False),
    Outcome("not_yielding", "drivers who do not stop at crosswalks", "acts per 1,000 person-years", ("acts.not_yielding",), per=1000.0,
            headline=False),
    Outcome("displaced", "acts moved to where nobody watches", "acts per 1,000 person-years", ("acts.displaced",), "level", per=1000.0,
            headline=False),
)  # fmt: skip
