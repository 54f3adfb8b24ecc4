"""Outcomes about public display: who is shown, to how many, how long it sticks, what it costs."""

from __future__ import annotations

from .declare import MONTHS, STOCK, Outcome

OUTCOMES = (
    Outcome("shown", "shown in public", MONTHS, ("shown_months",), "level", by_construction=True),
    Outcome("views", "times that somebody of the place saw a person shown", "views per shown month", ("shown_views",), "level", "ratio", ("shown_months",), 1.0,
            by_construction=True),
    Outcome("shown_wrong", "shown though listed only wrongly, by the list's own rules", "per 100 shown months", ("shown_wrong_months",), "level", "ratio",
            ("shown_months",), 100.0, note="what a display shows cannot be taken back by a correction"),
    Outcome("stigma", "known for having been shown", MONTHS, ("stigma_months",), "level",
            note="to at least one in twenty of those who know the person"),
    Outcome("stigma_after", "months in stigma for each month shown", "months", ("stigma_months",), "level", "ratio", ("shown_months",), 1.0,
            note="1 = forgotten as soon as it ends"),
    Outcome("ties_lost", "friendships ended because of a display", STOCK, ("ties_shunned",), "level", "stock", note="less those begun again"),
    Outcome("trust_of_shown", "trust moved by being shown", "index", ("trust.shaming",), per=1 / 65_536, events=("shown_months",),
            note="assumed weights; sign and rank only"),
)  # fmt: skip
