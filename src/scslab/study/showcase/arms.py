"""From a row to a job: each arm's regimes combined, reforms applied, numbers laid over; one warm-up for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ...base.errors import InputError, Problem
from ...base.months import month, month_text
from ...measure.outcomes import is_counted, outcome
from ...mechanisms.catalogue import catalogue
from ...regime import Regime, apply_reforms, combine, load_reform, load_regime
from ..counterfactual import folded_names, marked, twin_of
from ..job import ArmJob, Job
from ..prepare import warm_up_months
from ..replicate import counters_of
from ..unseen import without_unseen
from .rows import ArmSpec, Row


def make_row_job(row: Row, seeds: int | None = None) -> Job:
    """Make the job of a row; every problem of every arm is reported at once.

    Args:
        seeds: replicates, instead of the row's own number.

    Raises:
        InputError: rules that do not combine, reforms or numbers that fit nothing, rules without values in the months of the row, outcomes
            that no arm counts.
    """
    problems: list[Problem] = []
    found = [_tried(lambda arm=arm: _rules(arm), f"arm {arm.name}", arm.where, problems) for arm in row.arms]
    warm = _tried(lambda: load_regime(row.warm_up_under, catalogue()), "warm_up_under", row.file, problems)
    regimes = [regime for regime in found if regime is not None]
    if problems or warm is None:
        raise InputError(*dict.fromkeys(problems))
    start, before = month(row.start), warm_up_months(warm, row.world, row.warm_up)
    *regimes, warm = without_unseen([*regimes, warm])
    regimes = [marked(regime, start) for regime in regimes] if row.counterfactual else regimes
    for arm, regime in zip(row.arms, regimes, strict=True):
        _tried(lambda regime=regime: regime.check_horizon(start, start + row.months), f"arm {arm.name}", arm.where, problems)
    if before:
        _tried(lambda: warm.check_horizon(start - before, start), "warm-up", row.file, problems)
    arms = [_job_of(arm.name, regime, [*arm.regimes], [*arm.reforms]) for arm, regime in zip(row.arms, regimes, strict=True)]
    arms += [twin_of(arm, regime) for arm, regime in zip(arms, regimes, strict=True)] if row.counterfactual else []
    problems += _uncounted(row, regimes, arms)
    if problems:
        raise InputError(*dict.fromkeys(problems))
    pairs = [(row.seed + i, row.seed + i) for i in range(seeds or row.seeds)]
    return Job(
        row.world, row.people, arms, pairs, start, before, row.months, "off", command=f"scslab showcase {row.name}",
        warm=_job_of("warm-up", warm, [row.warm_up_under], []),
    )  # fmt: skip


def _job_of(name: str, regime: Regime, regimes: list[str], reforms: list[str]) -> ArmJob:
    return ArmJob(name, regimes, reforms, regime.to_yaml(), regime.hash)


def _rules(arm: ArmSpec) -> Regime:
    """Combine, reform and set."""
    known = catalogue()
    regimes = [load_regime(name, known) for name in arm.regimes]
    regime = combine(regimes, known) if len(regimes) > 1 else regimes[0]
    reformed = apply_reforms(regime, [load_reform(name, known) for name in arm.reforms])
    return apply_reforms(reformed, arm.overrides)


def _tried(make: Callable[[], Any], whose: str, where: str, problems: list[Problem]) -> Any:
    """Do something, and note what is wrong with whose it is."""
    try:
        return make()
    except InputError as error:
        problems += [replace(problem, what=f"{whose}: {problem.what}", where=problem.where or where) for problem in error.problems]
        return None


def _uncounted(row: Row, regimes: list[Regime], arms: list[ArmJob]) -> list[Problem]:
    """Find outcomes that no recorder of any arm counts: they would be nothing, not zero."""
    counted = {name for regime in regimes for name in counters_of(regime)}.union(*(folded_names(arms, arm.name) for arm in arms))
    fix = "Switch on the mechanism that a recorder of it wakes on, and let that recorder declare it in `tallies`"
    why = "its counters are " + "{}; no recorder of this row's arms keeps them"
    return [
        Problem(f"no arm counts '{name}'", row.file, why.format(", ".join((*outcome(name).numerator, *outcome(name).denominator))), fix)
        for name in row.outcomes
        if not is_counted(outcome(name), counted)
    ]


def span_words(job: Job) -> str:
    """Say when and how much a row runs.

    Example:
        >>> span_words(job)  # doctest: +SKIP
        '20,000 people, 36 months from 2018-01 after 12, 4 seeds'
    """
    return f"{job.people:,} people, {job.months} months from {month_text(job.start)} after {job.warm_up}, {len(job.seeds)} seeds"
