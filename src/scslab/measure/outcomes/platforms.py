"""Outcomes about platform scores: participation, regret, errors of the proxies, what hiding says."""

from __future__ import annotations

from typing import Any

import numpy as np

from .declare import PER_10000, Outcome

READ = tuple(f"proxy_{what}.{sex}" for what in ("error", "read") for sex in ("female", "male"))


def gap(sums: Any, followed: np.ndarray) -> np.ndarray:
    """Give how much better the purchases of women are read than those of men who are as reliable, in points of 100."""
    with np.errstate(invalid="ignore", divide="ignore"):
        female, male = (np.asarray(sums[f"proxy_error.{sex}"], float) / sums[f"proxy_read.{sex}"] for sex in ("female", "male"))
    return (female - male) * 100 / 255


OUTCOMES = (
    Outcome("participation", "members of a platform that keeps score", "per 100 adults", ("platform_members",), "level", "stock", per=100.0,
            note="persons, of any platform; the path is in the windows and months"),
    Outcome("platform_joins", "joinings", PER_10000, ("platform_joins",), "level"),
    Outcome("platform_exits", "leavings", PER_10000, ("platform_exits",), "level"),
    Outcome("regret_share", "members who wish the platform had never come", "per 100 members", ("platform_regretters",), "level", "ratio",
            ("platform_members",), 100.0, note="perks less what being known costs and what closed to outsiders, against a world without it"),
    Outcome("perk_yuan", "perks of a member", "yuan per month of membership", ("platform_perk_yuan",), "level", "ratio", ("platform_seats",), 1.0,
            events=("platform_seats",), note="worth of perks is assumed"),
    Outcome("platform_score", "mean platform score", "points", ("platform_points",), "level", "ratio", ("platform_scored",), 1.0,
            events=("platform_scored",), note="by group: who scores higher"),
    Outcome("proxy_error", "how far purchases misread a member's reliability", "points of 100", ("proxy_abs_error",), "level", "ratio", ("proxy_read",),
            100 / 255, events=("proxy_read",), note="mean distance between what purchases are taken for and the member's conscientiousness"),
    Outcome("proxy_bias", "by how much purchases flatter a member", "points of 100", ("proxy_error",), "level", "ratio", ("proxy_read",), 100 / 255,
            events=("proxy_read",), note="below 0: taken for less reliable than they are; read it by group"),
    Outcome("proxy_gap", "women's purchases read better than men's", "points of 100", READ, "level", "formula", per=1.0,
            events=("proxy_read",), formula=gap, note="0 where a proxy treats equally reliable women and men alike"),
    Outcome("reliable_refused", "reliable members without a perk", "per 100 reliable members", ("reliable_refused",), "level", "ratio",
            ("reliable_scored",), 100.0, note="reliable: the more conscientious half"),
    Outcome("scores_hidden", "members who hide their score", "per 100 members with a score", ("hidden_scored",), "level", "ratio", ("platform_scored",), 100.0),
    Outcome("hiding_costs", "points by which hiding makes a member look worse", "points per hidden score", ("hidden_misread_points",), "level", "ratio",
            ("hidden_scored",), 1.0, events=("hidden_scored",), note="others take a hidden score for the mean of the hidden"),
    Outcome("platform_marks", "bad debts that platforms learn of", PER_10000, ("platform_marks",), "level", note="one debt may be known to several"),
    Outcome("platform_marks_wrong", "bad debts that platforms hold against the wrong person", "per 100 marks", ("platform_marks_wrong",), "level", "ratio",
            ("platform_marks",), 100.0, note="no data identify the deciding error rate: read it as a curve over that rate"),
)  # fmt: skip
