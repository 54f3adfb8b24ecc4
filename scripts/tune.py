"""Tune assumed numbers of china-2014-2025 to the half of the published figures that may be tuned to, and to nothing else.

Usage: python scripts/tune.py [--people N] [--seeds K] [--trials T] [--log FILE]

What it may do is fixed here and checked before anything runs: it moves only numbers graded `assumed`, each within the range that its rules
state, and it looks only at figures whose half is `tune`. The sum over figures of ((value - published) / half width of the band) squared is made
small by Nelder and Mead's method (scipy), begun at the values in force. Every trial runs with the same seeds, which `scslab validate` does not
use, so that two trials differ by the numbers tried and not by luck. A figure that none of the numbers moves is measured and left out of the sum.
Every trial is a line of the log. Nothing is written into the rules: that is done by hand, with a note, when the result is kept.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from scslab.base.months import month
from scslab.base.strict_yaml import parse
from scslab.mechanisms.catalogue import catalogue
from scslab.regime import load_regime
from scslab.regime.inline import read_inline
from scslab.regime.values import Reader
from scslab.study.showcase.rows import ArmSpec
from scslab.study.validate import Figure, Moments, load_moments
from scslab.study.validate.judge import judged
from scslab.study.validate.run import ARM, make_moments_job, measured

NUMBERS = (("observe.court_feed", "list_application", "2018-07"), ("review.unable:court", "searched", "2018-07"))
"""What is moved: instance, parameter, and a month at which the value in force is taken; none of them is keyed."""

UNMOVED = ("regional-spread",)
"""Figures that no number of the rules can move: nothing in them or in conduct differs between provinces."""

FIRST_SEED = 1000
FEWEST_WITHIN = 0.02
"""How far from the end of a range a trial stays, as a share of the range."""


@dataclass(frozen=True)
class Tuned:
    """One number that may be moved: the value in force and its range."""

    instance: str
    parameter: str
    value: float
    low: float
    high: float


def numbers_of(moments: Moments) -> list[Tuned]:
    """Find the numbers in the rules, and refuse any that is not assumed.

    Raises:
        SystemExit: a number that is not there, or graded otherwise, or without a range.
    """
    rows, made = load_regime(moments.regimes[0], catalogue()).numbers(), []
    for instance, parameter, at in NUMBERS:
        held = [row for row in rows if (row.instance, row.param, row.key) == (instance, parameter, "") and since(row.month) <= month(at)]
        if not held:
            sys.exit(f"there is no number {instance} {parameter} in {moments.regimes[0]}")
        row = max(held, key=lambda found: since(found.month))
        if row.evidence != "assumed" or row.range is None:
            sys.exit(f"{instance} {parameter} is {row.evidence}, range {row.range}: only assumed numbers within a stated range are tuned")
        made.append(Tuned(instance, parameter, float(row.value), float(row.range[0]), float(row.range[1])))
    return made


def since(text: str) -> int:
    """Give the month from which a number holds; one without a date holds from the first."""
    return month(text) if text else -(10**6)


def figures_of(moments: Moments) -> tuple[Figure, ...]:
    """Give the figures that may be tuned to."""
    return tuple(figure for figure in moments.figures if figure.half == "tune")


def arm_with(moments: Moments, numbers: list[Tuned], values: list[float]) -> ArmSpec:
    """Set the numbers tried over the rules."""
    stated: dict[str, dict[str, float]] = {}
    for number, value in zip(numbers, values, strict=True):
        stated.setdefault(number.instance, {})[number.parameter] = round(value, 4)
    reader = Reader("scripts/tune.py")
    overrides = tuple(read_inline(reader, parse(json.dumps(stated), "scripts/tune.py"), catalogue()))
    if reader.problems:
        sys.exit("\n".join(map(str, reader.problems)))
    return ArmSpec(ARM, moments.regimes, overrides=overrides)


def main() -> None:
    """Try values, and say which come nearest."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name, default in (("--people", 20_000), ("--seeds", 4), ("--trials", 18)):
        asked.add_argument(name, type=int, default=default)
    asked.add_argument("--log", type=Path, default=Path("tune.jsonl"))
    given = asked.parse_args()
    moments = load_moments()
    numbers, figures = numbers_of(moments), figures_of(moments)
    last = max(figure.end for figure in figures)
    short = replace(moments, months=last - month(moments.start) + 1)
    trials: dict[tuple[float, ...], float] = {}

    def distance(scaled: np.ndarray) -> float:
        values = [float(np.clip(n.low + s * (n.high - n.low), n.low, n.high)) for n, s in zip(numbers, scaled, strict=True)]
        key = tuple(round(value, 4) for value in values)
        if key not in trials:
            job = make_moments_job(short, given.people, given.seeds, arm_with(moments, numbers, values), FIRST_SEED)
            results = measured(job)
            rows = [judged(figure, results, ARM) for figure in figures]
            if few := [f"{r['figure']}: {r['why']}" for r in rows if r["value"] is None]:
                sys.exit("no number to tune to: " + "; ".join(few))
            away = {r["figure"]: (r["value"] - r["published"]) / ((r["band"][1] - r["band"][0]) / 2) for r in rows if r["moment"] not in UNMOVED}
            trials[key] = sum(value**2 for value in away.values())
            line = {"tried": {f"{n.instance} {n.parameter}": v for n, v in zip(numbers, key, strict=True)}, "distance": round(trials[key], 4),
                    "figures": {r["figure"]: r["value"] and round(r["value"], 4) for r in rows}}  # fmt: skip
            with given.log.open("a", encoding="utf-8") as log:
                log.write(json.dumps(line) + "\n")
            print(json.dumps(line), flush=True)
        return trials[key]

    begin = np.array([(n.value - n.low) / (n.high - n.low) for n in numbers])
    simplex = np.array([begin, *(begin + step for step in np.diag(np.where(begin > 0.5, -0.25, 0.25)))])
    bounds = [(FEWEST_WITHIN, 1 - FEWEST_WITHIN)] * len(numbers)
    minimize(distance, begin, method="Nelder-Mead", bounds=bounds, options={"maxfev": given.trials, "initial_simplex": simplex, "xatol": 0.01, "fatol": 0.01})
    best = min(trials, key=lambda key: trials[key])
    for number, value in zip(numbers, best, strict=True):
        print(f"{number.instance} {number.parameter}: {number.value:g} in force, {value:g} nearest, range {number.low:g} to {number.high:g}")
    print(f"distance {trials[tuple(round(n.value, 4) for n in numbers)]:.3f} in force, {trials[best]:.3f} nearest; {len(trials)} trials in {given.log}")


if __name__ == "__main__":
    main()
