"""Outcomes about reports by neighbours and friends: how many are true, what they are about, what they cost."""

from __future__ import annotations

from .declare import PER_10000, Outcome

NOBODY_KNOWS = "no data identify the share of reports that are false: read it as a curve over grudges and witnesses"

OUTCOMES = (
    Outcome("tips", "reports to the office", PER_10000, ("tips",), "level"),
    Outcome("cases_upheld", "cases believed on report", PER_10000, ("cases_upheld",), "level", by_construction=True),
    Outcome("report_precision", "cases believed in which the person named had done it", "per 100 cases", ("cases_true",), "level", "ratio",
            ("cases_upheld",), 100.0, events=("cases_upheld",), note=NOBODY_KNOWS),
    Outcome("cases_false", "cases believed about what the person never did", PER_10000, ("cases_false",), "level", note=NOBODY_KNOWS),
    Outcome("protected_cases", "cases believed about protected conduct", "per 100 cases", ("cases_protected",), "level", "ratio", ("cases_upheld",), 100.0,
            events=("cases_upheld",), note="lawful, though true: posts, petitions, worship, assembly"),
    Outcome("rewards", "paid for reports", "yuan per 10,000 person-years", ("rewards_yuan",), "level", events=("cases_upheld",), by_construction=True),
    Outcome("rewards_false", "paid for false reports", "yuan per 10,000 person-years", ("rewards_false_yuan",), "level", events=("cases_false",)),
    Outcome("trust_of_reported", "trust moved by being reported, or hearing of a friend who was", "index", ("trust.denounced", "trust.suspicion"),
            per=1 / 65_536, events=("cases_upheld",), note="assumed weights; sign and rank only"),
)  # fmt: skip
