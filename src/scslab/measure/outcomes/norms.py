"""Outcomes about norms of small groups: how often they are broken, how bold and how vengeful people are."""

from __future__ import annotations

from .declare import Outcome

OUTCOMES = (
    Outcome("norm_breaches", "breaches of the norm of the place", "per adult and generation", ("norm_breaches",), "level", "ratio", ("norm_persons",), 1.0,
            note="a game played in small groups: see the norms game of Axelrod 1986"),
    Outcome("norm_boldness", "boldness towards that norm", "level of 0 to 7", ("norm_boldness",), "level", "ratio", ("norm_persons",), 1.0,
            events=("norm_persons",)),
    Outcome("norm_vengefulness", "will to punish its breaches", "level of 0 to 7", ("norm_vengefulness",), "level", "ratio", ("norm_persons",), 1.0,
            events=("norm_persons",)),
)  # fmt: skip
