"""Harm to third parties: people hurt on the road, creditors unpaid."""

from __future__ import annotations

from .declare import Outcome

OUTCOMES = (
    Outcome("road_harm", "other people hurt by traffic acts, as expected", "per 1,000,000 person-years", ("hurt",), per=1e6 / 1000 / 65_536,
            events=("road_acts",), note="an expectation from assumed harm per act; nobody is drawn, and health costs are left out"),
    Outcome("creditors_unpaid", "yuan overdue and unpaid", "yuan per person", ("unpaid_yuan",), form="stock", per=1.0, events=("judgments",),
            note="what creditors are owed at a month's end, without interest; debts given up after years are gone from it"),
)  # fmt: skip
