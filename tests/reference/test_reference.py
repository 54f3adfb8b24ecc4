"""The engine against an independent reference: random small scenarios, ledgers equal row for row. Disagreements found: docs/differences.md."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from scslab.base import luck
from scslab.engine.declare import REGISTRY
from scslab.engine.plan import build_plan
from scslab.mechanisms.catalogue import load_all

from . import compare, cycle
from .arithmetic import block, key_of, word_of
from .scenarios import INSTANCES, chosen_for, scenario
from .systems import INSTEAD

IN_CI, IN_SOAK, PART = 50, 2000, 50
WITNESSES = (0, 1, 2, 3, 4, 5, 7, 9)
"""Some of these scenarios that show every mechanism covered at work."""


def check(number: int) -> None:
    """Run a scenario both ways; where they differ, tell the first row and the smallest scenario that still differs."""
    load_all()
    given = scenario(number)
    found = compare.difference(given)
    if found:
        small = compare.minimised(given)
        pytest.fail(f"scenario {number}: {found}\n\nsmallest that differs: {small}\n{compare.difference(small)}", pytrace=False)


@pytest.mark.parametrize("number", range(IN_CI))
def test_engine_and_reference_write_the_same_ledger(number):
    check(number)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(IN_CI // PART, IN_SOAK // PART))
def test_engine_and_reference_write_the_same_ledger_in_many_scenarios(part):
    for number in range(part * PART, (part + 1) * PART):
        check(number)


def test_rules_that_make_more_rows_than_ids_can_number_are_refused_by_both():
    load_all()
    found = {number: (compare.refused(compare.by_engine, scenario(number)), compare.refused(compare.by_reference, scenario(number))) for number in (768, 864)}
    spills, orders = "2018-11 decide.score_spill spills", "2022-11 review.correction record_orders"
    assert found == {768: (spills, spills), 864: (orders, orders)}


def test_draws_are_those_of_the_package():
    key = key_of(7, "observe.camera/see")
    ids = [0, 1, 2**31, 2**40 + 5, 2**62 + 77]
    assert [word_of(key, i, 217, 3) for i in ids] == luck.words(key, np.array(ids), 0, 217, 3).tolist()
    assert block((0, 0), 0, 0, 0, 0) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)


def test_any_two_mechanisms_are_met_together_alone_and_not_at_all():
    """Pairwise coverage: for each pair all four combinations of present and absent, within the scenarios of CI."""
    load_all()
    present = [set(chosen_for(number)) for number in range(IN_CI)]
    missing = [
        (a, b, x, y) for a, b in combinations(INSTANCES, 2) for x in (0, 1) for y in (0, 1) if not any(((a in s), (b in s)) == (x, y) for s in present)
    ]
    assert not missing


def test_every_mechanism_covered_does_something_in_these_scenarios(monkeypatch):
    """Nothing is compared in vain: every mechanism that emits rows has some, every modifier is asked and says something."""
    load_all()
    said: set[str] = set()
    for name, function in list(cycle.MODIFIERS.items()):
        monkeypatch.setitem(cycle.MODIFIERS, name, heard(name, function, said))
    wrote: set[str] = set()
    for number in WITNESSES:
        ledger, state = compare.by_reference(scenario(number))
        wrote |= {row["instance"].partition(":")[0] for row in ledger.values()} | keepers(state)
    assert {*cycle.STEPS} == wrote and set(cycle.MODIFIERS) == said


def keepers(state):
    """Name the mechanisms that emit nothing, and hold rows in a store or values in a column in the end."""
    silent = {name: REGISTRY[name] for name in cycle.STEPS if not REGISTRY[name].emits}
    return {
        name for name, made in silent.items()
        if any(state.get(f"store {store.name}") for store in made.owns) or any(set(state.get(c.name, [])) - {c.initial} for c in made.writes)
    }  # fmt: skip


def heard(name, function, said):
    """Note that a modifier says something."""

    def asked(s, quantity, i):
        factor = function(s, quantity, i)
        if factor != cycle.WHOLE:
            said.add(name)
        return factor

    return asked


@pytest.mark.parametrize("number", [0, 5, 6, 7])
def test_the_order_of_a_month_is_the_one_the_docs_give(number):
    blocks = compare.blocks_of(scenario(number))
    assert [row["mechanism"] for row in build_plan(blocks).table()] == cycle.month_order(list(blocks))


def test_a_fault_is_found_told_with_its_causes_and_made_small(monkeypatch):
    """A police that never names the actor's act sound must show, with both chains, in a smaller scenario."""
    given = scenario(27)
    assert "observe.police" in given["rules"] and not compare.difference(given)
    honest = cycle.STEPS["observe.police"]

    def liar(s):
        honest(s)
        for row in s.made:
            row.columns["fault"] = 1

    monkeypatch.setitem(cycle.STEPS, "observe.police", liar)
    found = compare.difference(given)
    assert "observations differs" in found and "acts {" in found and found.count("'fault': 1") >= 1
    small = compare.minimised(given, tries=6)
    assert len(small["rules"]) < len(given["rules"]) or small["months"] < given["months"]


def test_every_mechanism_written_is_in_the_scenarios():
    assert {name.partition(":")[0] for name in (*INSTANCES, *INSTEAD.values())} == {*cycle.STEPS, *cycle.MODIFIERS}
