"""Agency lists and joint sanctions: the census of each list, what one error brings, the burden and the reward measure by measure."""

from __future__ import annotations

import numpy as np

from ...mechanisms.kinds import MEASURE, PERKS
from .declare import MONTHS, Outcome, Tallies

LISTS = (
    "court", "tax", "customs", "environment", "food_drugs", "market", "wages", "social_insurance", "securities", "aviation", "rail", "tourism",
    "transport", "electricity", "research", "charity", "hospital",
)  # fmt: skip
"""Lists whose census has an outcome of its own; `census_gap` is about all."""

ENOUGH = 3_000
"""Promised months from which a list's own census counts for `census_gap`: fewer are too few to tell a gap from luck."""


def _widest_gap(sums: Tallies, followed: np.ndarray) -> np.ndarray:
    """Find the list whose stock is furthest from its entries times the months they were promised, in percent."""
    gaps = []
    for name, promised in sums.items():
        if name.startswith("census_promised."):
            stock = sums.get(name.replace("promised", "stock", 1), np.zeros_like(promised))
            with np.errstate(divide="ignore", invalid="ignore"):
                gaps.append(np.where(promised >= ENOUGH, np.abs(100 * stock / promised - 100), np.nan))
    known = [gap for gap in gaps if np.isfinite(gap).any()]
    return np.fmax.reduce(known) if known else np.full(np.shape(followed), np.nan)


CENSUS: tuple[Outcome, ...] = (
    Outcome("census", "on lists, per 100 of entries x months promised", "percent", ("census_stock",), "level", "ratio", ("census_promised",), 100.0,
            note="100 in a steady state where nobody leaves early; less by repair, correction and death, or while a list is young", by_construction=True),
    Outcome("census_stay", "on lists, per 100 of exits x months stayed", "percent", ("census_stock",), "level", "ratio", ("census_stayed",), 100.0,
            note="100 in a steady state, whatever ends the stay", by_construction=True),
    Outcome("census_gap", "the list furthest from entries x months promised", "percent", ("census_promised.*", "census_stock.*"), "level", "formula",
            per=1.0, formula=_widest_gap, events=("census_flow",), note="lists with few entries are left out", by_construction=True),
    *(Outcome(f"census_{name}", f"on the list {name}, per 100 of entries x months promised", "percent", (f"census_stock.{name}",), "level", "ratio",
              (f"census_promised.{name}",), 100.0, events=(f"census_flow.{name}",), headline=False, by_construction=True) for name in LISTS),
    *(Outcome(f"entries_{name}", f"entries on the list {name}", "per 10,000 person-years", (f"census_flow.{name}",), "level", headline=False)
      for name in LISTS),
)  # fmt: skip

JOINT: tuple[Outcome, ...] = (
    Outcome("spells", "spells of restriction that begin", "per 10,000 person-years", ("spells_started",), "level",
            note="first entry on any list until the last list and measure have let go; lists of ordinary law left out"),
    Outcome("measures_per_error", "measures brought by one first error", "measures per spell", ("spell_measures",), "level", "ratio", ("spells_started",), 1.0),
    Outcome("actions_per_error", "agencies that act upon one first error", "actions per spell", ("spell_actions",), "level", "ratio", ("spells_started",), 1.0),
    Outcome("months_to_free", "months until the last list and measure have let go", "months per ended spell", ("spell_length",), "level", "ratio",
            ("spells_ended",), 1.0, note="of ended spells; long ones are missing as long as they go on"),
    Outcome("months_per_error", "restricted months per first error", "months per spell", ("spell_months",), "level", "ratio", ("spells_started",), 1.0,
            note="stock over flow: right in a steady state, though spells go on"),
    Outcome("everywhere", "restricted months under ten or more measures at once", "per 100 restricted months", ("spell_wide_months",), "level", "ratio",
            ("spell_months",), 100.0),
)  # fmt: skip

BY_MEASURE: tuple[Outcome, ...] = (
    Outcome("losses", "lost to measures", "yuan per person-year", ("losses_yuan",), per=1.0, events=("losses_yuan",),
            note="occasions and prices are assumed: rank measures, do not read levels"),
    Outcome("perks_worth", "worth of perks used", "yuan per person-year", ("perks_yuan",), per=1.0, events=("perks_used",), note="prices are assumed"),
    *(Outcome(f"under_{name}", f"{'with the perk' if name in PERKS else 'under the measure'} {name.replace('_', ' ')}", MONTHS, (f"months_under.{name}",),
              "level", headline=False, by_construction=True) for name in MEASURE.names),
    *(Outcome(f"lost_{name}", f"lost to the measure {name.replace('_', ' ')}", "yuan per 10,000 person-years", (f"loss_of.{name}",), "level",
              events=(f"months_under.{name}",), headline=False) for name in MEASURE.names if name not in PERKS),
    *(Outcome(f"worth_{name}", f"worth of the perk {name.replace('_', ' ')}", "yuan per 10,000 person-years", (f"worth_of.{name}",), "level",
              events=(f"months_under.{name}",), headline=False) for name in PERKS),
)  # fmt: skip

OUTCOMES: tuple[Outcome, ...] = (*CENSUS, *JOINT, *BY_MEASURE)

