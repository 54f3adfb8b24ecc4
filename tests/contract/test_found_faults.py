"""Faults of the laboratory's own mechanisms that the kit found: what would have caught each of them."""

from __future__ import annotations

import pytest

from scslab.engine.declare import REGISTRY, TABLES
from scslab.study.contract.contract import CONTRACTS
from scslab.study.contract.kit import Kit
from scslab.study.contract.renumber import ROW_IDS
from scslab.study.contract.trial import Trial, run

assert Kit


@pytest.mark.parametrize(("rules", "table"), [("china-total", "displays"), ("crosswalk-2018", "sightings")])
def test_what_is_seen_in_public_is_the_same_in_one_piece_and_in_several(rules: str, table: str) -> None:
    """Stigma was wiped out for everybody outside the span at work; a place cut by spans had several rows of sightings, and one of them counted."""
    trial = Trial((rules,), months=6, people=100, pick=len(rules))
    trace = run(trial)
    assert trace.table(table)
    assert CONTRACTS["spans"].check(trial, trace) == []  # type: ignore[misc]


def test_who_is_judged_by_a_score_is_taken_for_nobody_else() -> None:
    """Rows whose cause holds no truth named the first person as the one who did it, so that those praised for a high score counted as wrongly listed."""
    trace = run(Trial(("nosedive",), months=2, people=126, pick=126))
    closed = trace.table("impositions")
    assert len(closed["subject"]) and (closed["true_actor"] == closed["subject"]).all()


def test_a_society_without_effects_of_law_is_not_sued() -> None:
    """Suits take months, so that short trials knew nothing of them, and the null society was sued."""
    trial = Trial(("ordinary-law",), people=100, seed=1, luck=0, months=10, likely=False)
    trace = run(trial)
    assert len(trace.table("judgments")["subject"]) and CONTRACTS["null"].check(trial, trace) == []  # type: ignore[misc]


def test_a_list_that_begins_during_a_trial_has_appeals_too() -> None:
    """The railways' list begins in May 2018; the kit asked for its appeals in January, and who was listed for another's act stayed on it."""
    trial = Trial(("agency-lists",), ("context",), people=100, seed=1, luck=0, months=11)
    trace = run(trial)
    assert (trace.table("listings")["month"] > trial.start).any() and CONTRACTS["perfect-appeals"].check(trial, trace) == []  # type: ignore[misc]


@pytest.mark.parametrize("trial", [
    Trial(("scs-mini",), world="mini", people=66, luck=20011, months=5, busy=1, likely=False),
    Trial(("court-list-2020",), people=100, months=7, likely=False),
], ids=["households", "rows"])  # fmt: skip
def test_what_is_kept_by_household_or_by_row_has_its_old_number_back(trial: Trial) -> None:
    """Counts by household and the debts that judgments name stood under their new numbers, and were called different."""
    assert CONTRACTS["permuted"].check(trial, run(trial)) == []  # type: ignore[misc]


def test_the_kit_knows_every_column_that_holds_the_id_of_a_row() -> None:
    wide = {name for table in TABLES.values() if table.of == "persons" for name, kind in {**table.columns, **table.truth}.items() if kind == "int64"}
    wide |= {name for made in REGISTRY.values() for store in made.owns if store.of == "persons" for name, kind in store.columns.items() if kind == "int64"}
    assert wide - {"fine", "mask", "spill"} <= {*ROW_IDS}
