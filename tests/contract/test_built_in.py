"""Every registered mechanism, recorder, regime and reform keeps every contract: nobody is named here, the registries are walked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scslab.engine.declare import REGISTRY
from scslab.mechanisms.catalogue import fed_recorders
from scslab.regime import list_reforms, list_regimes
from scslab.study.contract.contract import CONTRACTS, PAIR
from scslab.study.contract.kit import FAILED, OK, Kit
from scslab.study.contract.subjects import built_in
from scslab.study.contract.trial import rules

NEEDS_COUNTERFACTUAL = {"measure.first_misfortune"}
"""Recorders that only a counterfactual arm switches on."""
ROUNDS = 24
"""Rounds of trials in which every mechanism must be woken; the second and later are of the rules that state one that is not yet."""


def broken(results):
    """Tell what does not hold, with its counterexample."""
    return [(row.contract, row.subject, row.failure.plain()) for row in results if row.result == FAILED]


def stated(rule_set) -> set[str]:
    """Name the mechanisms that rules state."""
    return {clause.mechanism for clause in rules(rule_set.regimes, rule_set.reforms).clauses.values()}


def test_everything_registered_is_a_subject() -> None:
    brought = built_in()
    assert set(brought.mechanisms) == set(REGISTRY)
    assert {name for name, kind in brought.kinds.items() if kind == "regime"} == set(list_regimes())
    assert {name for name, kind in brought.kinds.items() if kind == "reform"} == set(list_reforms())


def test_a_trial_of_every_set_of_rules_keeps_every_contract() -> None:
    """One short trial of each regime and reform; contracts that need a second trial take turns."""
    kit = Kit(built_in(), 1, 1, None, months=(2, 3), beside=False)
    results = kit.run()
    assert broken(results) == []
    held = {(row.contract, row.kind) for row in results if row.result == OK}
    assert {name for name, _ in held} == set(CONTRACTS)
    assert {(name, kind) for name, made in CONTRACTS.items() if made.how == PAIR and name != "spill" for kind in ("regime", "mechanism")} <= held


@pytest.mark.soak
@pytest.mark.parametrize("part", range(12))
def test_many_trials_of_every_set_of_rules_keep_every_contract(part: int) -> None:
    """Every contract on trials of up to a year, rules beside other rules; in parts, so that each stays well below an hour."""
    brought = built_in()
    mine = replace(brought, rule_sets=brought.rule_sets[part::12])
    assert broken(Kit(mine, 6, None, None, seed=part, months=(4, 12)).run()) == []


@pytest.mark.soak
def test_every_mechanism_is_woken_by_some_trial() -> None:
    """What no trial wakes no contract has looked at."""
    brought = built_in()
    untried, sets = set(brought.mechanisms), brought.rule_sets
    for seed in range(ROUNDS):
        mine = replace(brought, rule_sets=sets)
        months = (48, 60) if seed else (12, 24)  # some wait for a term of two years to end
        results = Kit(mine, 2, 0, frozenset(["runs"]), seed=seed << 16, months=months).run()
        assert broken(results) == []
        untried -= {row.subject for row in results if row.contract == "runs" and row.result == OK}
        sets = tuple(one for one in brought.rule_sets if untried & {*stated(one), *fed_recorders(stated(one))})
    assert untried <= NEEDS_COUNTERFACTUAL


def test_every_mechanism_is_stated_by_some_rules() -> None:
    """A mechanism that no rules of the library switch on would be looked at by nobody; recorders join what they record."""
    brought = built_in()
    assert {name for name in brought.mechanisms if REGISTRY[name].phase != "measure"} <= set().union(*map(stated, brought.rule_sets))
