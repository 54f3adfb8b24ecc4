"""Outcomes about rules that pick out a group: the burden on its members first, then how it differs from that on others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .declare import MONTHS, Outcome

LABEL = "the group is a label drawn by hash; it has no name and enters no conduct"


def rate(of: str, group: str) -> Callable[[Any, np.ndarray], np.ndarray]:
    """Make the rate of a counter in a group, per person-month of its adults."""

    def formula(sums: Any, followed: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(sums[f"{of}.{group}"], float) / sums[f"group_people.{group}"]

    return formula


def ratio(of: str) -> Callable[[Any, np.ndarray], np.ndarray]:
    """Make the ratio of a counter's rate among members to that among others."""

    def formula(sums: Any, followed: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore", divide="ignore"):
            found = rate(of, "member")(sums, followed) / rate(of, "other")(sums, followed)
            return np.where(np.isfinite(found), found, np.nan)

    return formula


def given(of: str) -> tuple[str, ...]:
    return tuple(f"{name}.{group}" for name in (of, "group_people") for group in ("member", "other"))


OUTCOMES = (
    Outcome("group_burden", "restricted months of members", MONTHS, given("group_burden"), form="formula", per=120_000.0, events=("group_burden.member",),
            formula=rate("group_burden", "member"), note=LABEL),
    Outcome("others_burden", "restricted months of everybody else", MONTHS, given("group_burden"), form="formula", per=120_000.0,
            events=("group_burden.other",), formula=rate("group_burden", "other"), note=LABEL),
    Outcome("burden_ratio", "restricted months of members against others", "times as many", given("group_burden"), "level", "formula", per=1.0,
            events=("group_burden.member",), formula=ratio("group_burden"), note=LABEL),
    Outcome("listed_ratio", "listings of members against others", "times as many", given("group_listed"), "level", "formula", per=1.0,
            events=("group_listed.member",), formula=ratio("group_listed"), note=LABEL),
    Outcome("conduct_ratio", "the same acts by members against others", "times as many", given("group_acts"), "level", "formula", per=1.0,
            events=("group_acts.member",), formula=ratio("group_acts"), note="1 = members do as others do"),
    Outcome("lawful_listed", "listings for lawful conduct", "per 100 listings", ("group_listed_lawful",), "level", "ratio", ("group_listings",), 100.0,
            events=("group_listings",), note="classes W5a and W5b"),
    Outcome("protected_listed", "listings for protected conduct", "per 100 listings", ("group_listed_protected",), "level", "ratio", ("group_listings",), 100.0,
            events=("group_listings",), note="class W5a: worship"),
    Outcome("false_custom_reports", "reports about what the person did not do", "per 100 reports", ("group_reports_false",), "level", "ratio",
            ("group_reports",), 100.0, events=("group_reports",)),
)  # fmt: skip
