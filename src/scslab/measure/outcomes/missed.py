"""Missed offenders: the price that every safeguard is asked for."""

from __future__ import annotations

from .declare import PER_10000, Outcome

LEFT_OUT = (
    "counted once a case is a year old; left out: acts of people already on the list, bars on relisting, lists fed by scores or points, "
    "evasion and breach of limits (no act stands for them), and whatever happened before the rule held"
)

OUTCOMES = (
    Outcome("missed", "missed: the list's rule would list on all true acts, and did not", PER_10000, ("missed",), "level", note=LEFT_OUT),
    Outcome("missed_share", "missed, of all whom the lists' rules would list on true acts", "per 100", ("missed",), "level", "ratio",
            ("missed", "rightly_listed"), 100.0, note=LEFT_OUT),
)  # fmt: skip
