"""Outcomes about firms: ratings lost, partners, time to detection, consumers, work for files, exits, where inspectors go."""

from __future__ import annotations

import numpy as np

from ...mechanisms.firms import HIDDEN
from .declare import PER_10000, Outcome, Tallies

PER_100 = "per 100 firms and year"


def _gap(by: str):
    """Make the formula of the distance between two splits by `by`: half the sum of differences of shares, visits against breaches."""

    def gap(sums: Tallies, followed: np.ndarray) -> np.ndarray:
        visits, acts = f"firm_visits_{by}.", f"firm_acts_{by}."
        parts = sorted({name.partition(".")[2] for name in sums if name.startswith((visits, acts))})
        if not parts:
            return np.full(followed.shape, np.nan)
        none = np.zeros(followed.shape)
        sides = [np.array([sums.get(f"{side}{part}", none) for part in parts], float) for side in (visits, acts)]
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = [side / side.sum(axis=0) for side in sides]
        return np.abs(shares[0] - shares[1]).sum(axis=0) / 2

    return gap


def _firms(name: str, words: str, unit: str, top: str, bottom: str = "firm_months", per: float = 1200.0, **more: object) -> Outcome:
    """Make an outcome about firms: a ratio of counters that belong to no group of persons; a name that ends in '.' stands for the hidden kinds."""
    above, below = (tuple(name + kind for kind in HIDDEN) if name.endswith(".") else (name,) for name in (top, bottom))
    return Outcome(name, words, unit, above, form="ratio", denominator=below, per=per, whole=True, **more)  # type: ignore[arg-type]


def _grades(rating: str, grade: str) -> Outcome:
    name = f"firm_graded.{rating}"
    words = f"{rating} rating: {grade} grade"
    return _firms(f"{rating}_{grade}", words, "per 100 rated firms", f"{name}.{grade}", name, 100.0, kind="level", headline=grade == "top")


OUTCOMES: tuple[Outcome, ...] = (
    _firms("firm_breaches", "hidden breaches of firms that begin", PER_100, "firm_acts."),
    _firms("firm_detection", "months from a hidden breach to its finding", "months", "firm_found_months.", "firm_found.", 1.0,
           events=tuple(f"firm_found.{kind}" for kind in HIDDEN),
           note="of breaches that are found; those that end unseen are left out"),
    _firms("firm_found_share", "hidden breaches found", "per 100 that begin", "firm_found.", "firm_acts.", 100.0),
    _firms("found_per_visit", "breaches found by inspectors", "per 100 visits", "firm_found_on_visit", "firm_visits", 100.0),
    _firms("findings_wrong", "findings of what was not there", "per 100 sound findings", "firm_found_wrong", "firm_found", 100.0, kind="level"),
    _firms("ratings_lowered", "grades of firms lowered", PER_100, "firm_lowered", kind="level", by_construction=True),
    _firms("ratings_lost_blameless", "grades lowered without own act", "per 100 lowered", "firm_lowered_blameless", "firm_lowered", 100.0,
           kind="level", note="they would have stood without partners, officers and unsound records"),
    _firms("ratings_lost_linked", "grades lowered for partners or officers", "per 100 lowered", "firm_lowered_linked", "firm_lowered", 100.0, kind="level"),
    _firms("ratings_lost_unsound", "grades lowered for unsound records", "per 100 lowered", "firm_lowered_unsound", "firm_lowered", 100.0, kind="level"),
    *(_grades("tax", grade) for grade in ("top", "middle", "low", "lowest")),
    Outcome("tax_bottom", "tax rating: low or lowest grade", "per 100 rated firms", ("firm_graded.tax.low", "firm_graded.tax.lowest"), "level", "ratio",
            ("firm_graded.tax",), 100.0, whole=True),
    *(_grades("environment", grade) for grade in ("top", "middle", "low", "lowest")),
    _firms("firms_listed", "firms put on a black list", PER_100, "firm_listings", kind="level", by_construction=True),
    _firms("firms_listed_wrongly", "wrong among listings of firms", "per 100 listings", "firm_listings_wrong", "firm_listings", 100.0, kind="level"),
    _firms("officers_listed", "officers listed with their firm", PER_100, "firm_officers_listed", kind="level"),
    _firms("partners_lost", "partners who leave", PER_100, "firm_ties_cut", kind="level"),
    _firms("partners_found", "partners found instead", PER_100, "firm_ties_found", kind="level"),
    _firms("firms_refused", "bids and requests of firms refused by a measure", PER_100, "firm_refused", kind="level"),
    _firms("firms_closed", "firms that close", PER_100, "firm_exits", note="no firm is founded"),
    _firms("firms_forced", "firms that close for refusals or lost partners", PER_100, "firm_exits_forced", kind="level"),
    _firms("compliance_hours", "work for files and inspectors", "hours per firm and year", "firm_hours", per=1.0),
    _firms("compliance_foreign", "the same, foreign firms", "hours per firm and year", "firm_hours_foreign", "firm_months_foreign", 1.0,
           events=("firm_months_foreign",)),
    Outcome("visits_off_district", "inspectors' visits against breaches, by district", "per 100 visits misplaced",
            ("firm_visits_district.*", "firm_acts_district.*"), form="formula", per=100.0, whole=True, formula=_gap("district"),
            note="half the sum of differences between shares of visits and shares of breaches"),
    Outcome("visits_off_sector", "inspectors' visits against breaches, by sector", "per 100 visits misplaced",
            ("firm_visits_sector.*", "firm_acts_sector.*"), form="formula", per=100.0, whole=True, formula=_gap("sector")),
    _firms("visits_first_district", "visits to the first district", "per 100 visits", "firm_visits_district.d00", "firm_visits", 100.0, headline=False),
    _firms("breaches_first_district", "hidden breaches in the first district", "per 100 hidden breaches", "firm_acts_district.d00",
           "firm_acts.", 100.0, headline=False),
    Outcome("consumers_harmed", "consumers harmed by unsafe or counterfeit goods", PER_10000, ("consumers_harmed",)),
    Outcome("consumer_loss", "what they lose", "yuan per person-year", ("consumer_loss_yuan",), per=1.0, events=("consumers_harmed",)),
    Outcome("dismissed_screened", "dismissed for an own listing", PER_10000, ("dismissed.own",), "level"),
    Outcome("dismissed_kin", "dismissed because a relative is listed", PER_10000, ("dismissed.kin",), "level"),
    Outcome("dismissed_firm", "dismissed because the firm was forced to close", PER_10000, ("dismissed.firm",), "level"),
)  # fmt: skip
