"""Counterfactual arms: the same rules, people and luck, in which everybody's first misfortune after the fork does nothing.

A sanction after an illness or a lost job says little by itself: some of the struck would have been sanctioned anyhow. Beside an arm A stands
the arm `A~spared`; both follow each person from the first misfortune after the fork, which strikes in A and is spared in A~spared. The
difference is what the misfortune did, under those rules, to the very same persons in the very same months. Later misfortunes strike in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ..base.errors import InputError, Problem
from ..regime import Regime
from ..regime.clauses import Clause, Plain
from .job import ArmJob, Job

SHOCKS, RECORDER = "conduct.misfortune", "measure.first_misfortune"
SPARED = "~spared"
"""Ends the name of an arm that spares first misfortunes."""

COUNTERS = ("first_struck", "first_struck_sanctioned", "first_struck_listings")
PREFIX = "spared_"
"""Begins the name of a twin's counters in the arm it belongs to."""


def marked(regime: Regime, start: int) -> Regime:
    """Give an arm the recorder that follows first misfortunes, from the fork on.

    Args:
        start: first measured month, months since 2000-01.

    Raises:
        InputError: no misfortune strikes under these rules.
    """
    if SHOCKS not in regime.clauses:
        why = f"{regime.name} has no {SHOCKS}"
        raise InputError(Problem("there is no misfortune to spare", "--counterfactual", why, "Use rules that extend 'society'"))
    return replace(regime, clauses={**regime.clauses, RECORDER: Clause(RECORDER, {}, (start, None))})


def spared(regime: Regime) -> Regime:
    """Give the rules of a marked arm in which everybody's first misfortune is spared."""
    clause = regime.clauses[SHOCKS]
    return replace(regime, clauses={**regime.clauses, SHOCKS: replace(clause, params={**clause.params, "spares": Plain("first")})})


def twin_of(arm: ArmJob, regime: Regime) -> ArmJob:
    """Make the job of an arm's spared twin.

    Args:
        arm, regime: the marked arm and its rules.
    """
    other = spared(regime)
    return ArmJob(arm.name + SPARED, arm.regimes, arm.reforms, other.to_yaml(), other.hash, arm.name)


def twin_notes(job: Job) -> list[str]:
    """Say what counterfactual arms a run has, for its manifest."""
    twins = [arm.name for arm in job.arms if arm.twin_of]
    words = "Arms in which everybody's first misfortune after the fork is spared, for comparing the struck with themselves"
    return [f"{words}: {', '.join(twins)}."] if twins else []


def folded(arms: list[ArmJob], tallies: Mapping[str, Mapping[str, np.ndarray]]) -> dict[str, dict[str, np.ndarray]]:
    """Fold what spared twins counted of first misfortunes into the arms they belong to, under names of their own, and leave the twins out.

    Args:
        tallies: counters by arm and name, of one replicate.
    """
    kept = {arm.name: dict(tallies[arm.name]) for arm in arms if not arm.twin_of}
    for twin in (arm for arm in arms if arm.twin_of):
        for name, array in tallies[twin.name].items():
            if name.partition(".")[0] in COUNTERS:
                kept[twin.twin_of][PREFIX + name] = array
    return kept


def folded_names(arms: list[ArmJob], name: str) -> list[str]:
    """Name the counters that `folded` adds to an arm."""
    return [PREFIX + counter for counter in COUNTERS] if any(arm.twin_of == name for arm in arms) else []
