"""Moments of the court list as official reports publish them, to be held against their targets; counted where a regime switches `measure.moments` on."""

from __future__ import annotations

from .declare import PER_10000, YEAR, Outcome

TARGETS = "a published figure to be held against; nothing is tuned to it"

OUTCOMES: tuple[Outcome, ...] = (
    Outcome("court_stock", "on the court list", "per 100 people", ("census_stock.court",), "level", "stock", per=100.0, events=("census_flow.court",),
            headline=False, note=TARGETS),
    Outcome("court_entries", "entries on the court list", "per 100 person-years", ("moments_entries",), "level", per=100.0, headline=False, note=TARGETS),
    Outcome("court_entries_rate", "entries on the court list a year", PER_10000, ("moments_entries",), headline=False),
    Outcome("exits_over_stock", "exits a year over the stock, all black lists counted one by one", "per 100", ("census_exits",), "level", "ratio",
            ("census_stock",), 100.0 * YEAR, headline=False, note=TARGETS),
    Outcome("complied_over_entries", "performed or settled, over entries on the court list", "per entry", ("moments_complied",), "level", "ratio",
            ("moments_entries",), 1.0, headline=False, note=TARGETS),
    Outcome("repairs_over_entries", "names removed as repaired, over entries on the court list", "per entry", ("moments_repaired",), "level", "ratio",
            ("moments_entries",), 1.0, headline=False, note=TARGETS),
    Outcome("men_listed", "men among entries on the court list", "per 100 entries", ("moments_men",), "level", "ratio", ("moments_entries",), 100.0,
            headline=False, note=TARGETS),
    Outcome("forties_listed", "aged as published (40 to 49) among entries on the court list", "per 100 entries", ("moments_of_age",), "level", "ratio",
            ("moments_entries",), 100.0, headline=False, note=TARGETS),
    Outcome("tries_per_flyer", "flights refused per person refused in a month", "attempts per person", ("moments_air",), "level", "ratio",
            ("moments_air_persons",), 1.0, headline=False, note=TARGETS + "; the published figure is of 34 days of 2014"),
    Outcome("air_over_rail", "flights refused per train refused", "ratio", ("moments_air",), "level", "ratio", ("moments_rail",), 1.0, headline=False,
            note=TARGETS),
)  # fmt: skip
