"""Redlists and rewards: who is praised, by office and income, and what it is worth to them."""

from __future__ import annotations

import numpy as np

from .declare import Outcome, Tallies


def _per_head(sums: Tallies, name: str, of: str) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(sums[f"{name}.{of}"] / sums[f"office_months.{of}"], float)


def _ratio(name: str, of: str, to: str = "none"):
    """Compare one group with another, per head: holders of an office with those who hold none, the richest with the poorest."""

    def formula(sums: Tallies, followed: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore", invalid="ignore"):
            return _per_head(sums, name, of) / _per_head(sums, name, to)

    return formula


def _needs(name: str, of: str, to: str = "none") -> tuple[str, ...]:
    return tuple(f"{counter}.{group}" for counter in (name, "office_months") for group in (of, to))


OUTCOMES: tuple[Outcome, ...] = (
    Outcome("praised", "on a redlist", "per 10,000 people", ("red_stock",), "level", "stock"),
    Outcome("praised_starts", "entries on redlists", "per 10,000 person-years", ("red_entries",), "level"),
    Outcome("praise_lost", "praise lost for misconduct", "per 100 that end", ("red_ends.misconduct",), "level", "ratio", ("red_ends",), 100.0),
    Outcome("praised_official", "officials on a redlist", "per 10,000 officials", ("red_stock.official",), "level", "ratio", ("office_months.official",),
            headline=False),
    Outcome("praised_none", "people without an office on a redlist", "per 10,000 of them", ("red_stock.none",), "level", "ratio", ("office_months.none",),
            headline=False),
    Outcome("praise_of_officials", "officials on redlists, as many times as people without an office", "ratio", _needs("red_stock", "official"), "level",
            "formula", per=1.0, formula=_ratio("red_stock", "official"), events=("red_stock.official",)),
    Outcome("praise_of_officers", "officers of firms on redlists, as many times as people without an office", "ratio", _needs("red_stock", "officer"), "level",
            "formula", per=1.0, formula=_ratio("red_stock", "officer"), events=("red_stock.officer",)),
    Outcome("perks_of_officials", "worth of perks to officials, as many times as to people without an office", "ratio", _needs("perk_worth", "official"),
            "level", "formula", per=1.0, formula=_ratio("perk_worth", "official"), events=("red_stock.official",)),
    Outcome("praise_of_richest", "people of the richest fifth on redlists, as many times as of the poorest", "ratio",
            _needs("red_stock", "highest", "lowest"), "level", "formula", per=1.0, formula=_ratio("red_stock", "highest", "lowest"),
            events=("red_stock.lowest",)),
    Outcome("perks_of_richest", "worth of perks to the richest fifth, as many times as to the poorest", "ratio", _needs("perk_worth", "highest", "lowest"),
            "level", "formula", per=1.0, formula=_ratio("perk_worth", "highest", "lowest"), events=("red_stock.lowest",)),
)  # fmt: skip
