"""Runs the cases and judges them: each by its own tolerance, those at freshly drawn parameters together, under Holm."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np

from ...base.errors import InputError, Problem
from ...measure.intervals import holm
from .register import DRAWS, FORMULAS, MEASUREMENTS, Inputs, Measured, Measurement, load_cases
from .table import STANDARD_ERRORS, Case, chosen, declared

FAMILY_ERROR = 1e-3
"""Chance that any of the freshly drawn cases is called wrong although all are right."""

BIAS = 0.02
"""Relative bias that must be seen at freshly drawn parameters."""

POWER = 0.9
EXACT = 1e-9

Progress = Callable[..., None]
Row = dict[str, Any]


def verify(names: Sequence[str] = (), seed: int = 1, scale: float = 1.0, progress: Progress | None = None) -> list[Row]:
    """Measure cases and set them beside their closed forms.

    Args:
        names: cases (`CF06a`), or numbers of cases (`CF06`); all by default.
        seed: of worlds and luck.
        scale: share of the recommended size; the tolerance grows accordingly.
        progress: called with (done, total).

    Returns:
        A row a case: case, quantity, expected, measured, standard errors off, tolerance, pass, reason where a miss is declared, size, seconds.

    Raises:
        InputError: unknown cases.
    """
    wanted = chosen(names)
    load_cases()
    rows = []
    for done, case in enumerate(wanted):
        rows.append(_judged(case, seed, scale))
        if progress is not None:
            progress(done + 1, len(wanted))
    return rows


def _judged(case: Case, seed: int, scale: float) -> Row:
    row: Row = {"case": case.name, "mechanism": case.mechanism, "quantity": case.quantity, "expected": case.expected}
    blank = {"measured": None, "standard_errors_off": None, "tolerance": case.tolerance, "pass": False, "size": 0, "seconds": 0.0}
    row |= {**blank, "declared": declared().get(case.name, ""), "note": ""}
    if case.name not in MEASUREMENTS:
        return {**row, "note": "no scenario measures it yet"}
    size = 0 if case.exact else max(1, round(case.size * scale))
    began = time.perf_counter()
    found = MEASUREMENTS[case.name].run(case.inputs, size, seed)
    tolerance = case.tolerance_at(size)
    off, difference = found.error or (0.0 if case.exact else tolerance / STANDARD_ERRORS), found.value - case.expected
    row |= {
        "measured": found.value, "standard_errors_off": difference / off if off else None, "tolerance": tolerance, "size": size,
        "pass": bool(abs(difference) <= tolerance and found.holds), "seconds": round(time.perf_counter() - began, 2), "note": found.note,
    }  # fmt: skip
    return row


def listed(names: Sequence[str] = ()) -> list[Row]:
    """List cases without running them."""
    wanted = chosen(names)
    load_cases()
    return [
        {"case": c.name, "mechanism": c.mechanism, "quantity": c.quantity, "formula": c.formula, "size": c.size, "measured": c.name in MEASUREMENTS,
         "drawn": c.name in DRAWS and c.name in FORMULAS, "declared": declared().get(c.name, "")}
        for c in wanted
    ]  # fmt: skip


def verify_drawn(
    names: Sequence[str], sets: int, seed: int = 1, progress: Progress | None = None, size: int | None = None, error: float = FAMILY_ERROR
) -> list[Row]:
    """Measure the same mechanisms at freshly drawn parameters and test them against the formulas, all together under Holm.

    Args:
        names: as for `verify`; cases without a draw of parameters are left out.
        sets: parameter sets of each case.
        seed: of the draws, of worlds and of luck.
        size: largest size, instead of each case's own: quicker, and sees less.
        error: chance that any of these is called wrong although all are right; who measures in several calls divides it among them.

    Returns:
        A row a case and set: case, set, inputs, formula, measured, standard errors off, p (adjusted), sees (the relative bias that would be
        found in 9 of 10 tries), pass, size, seconds.

    Raises:
        InputError: unknown cases, or none of those named has drawn parameters.
    """
    load_cases()
    wanted = [case for case in chosen(names) if case.name in DRAWS and case.name in FORMULAS and case.name in MEASUREMENTS]
    if not wanted:
        raise InputError(Problem("none of these cases draws parameters", fix="See `scslab verify --list`"))
    tests = [(case, number) for case in wanted for number in range(sets)]
    rows: list[Row] = []
    for case, number in tests:
        # One stream a case, so that leaving out another case changes no draw.
        rng = np.random.default_rng([seed, number, *case.name.encode()])
        rows.append(_drawn(case, number, DRAWS[case.name](rng), 1000 * seed + number, error / len(tests), size))
        if progress is not None:
            progress(len(rows), len(tests))
    for row, adjusted in zip(rows, holm([row["p"] for row in rows]), strict=True):
        row |= {"p": adjusted, "pass": bool(adjusted is not None and adjusted >= error and row["holds"])}
    return rows


def _drawn(case: Case, number: int, inputs: dict[str, Any], seed: int, error: float, most: int | None) -> Row:
    expected, measurement = FORMULAS[case.name](inputs), MEASUREMENTS[case.name]
    began = time.perf_counter()
    found, size = seen_well(case, measurement, inputs, expected, seed, error, most)
    off = abs(found.value - expected)
    limit = max(case.tolerance if case.exact else 0.0, EXACT * max(1.0, abs(expected)))
    p = (float(off <= limit) if not found.error else math.erfc(off / found.error / math.sqrt(2))) if found.holds else 0.0
    return {
        "case": case.name, "set": number, "inputs": inputs, "formula": expected, "measured": found.value,
        "standard_errors_off": (found.value - expected) / found.error if found.error else None, "p": p,
        "sees": _needed(error) * found.error / abs(expected) if expected else None, "pass": False, "holds": found.holds, "size": size,
        "seconds": round(time.perf_counter() - began, 2), "note": found.note,
    }  # fmt: skip


def _needed(error: float) -> float:
    """Tell how many standard errors a bias must be to be found in 9 of 10 tries, at such a chance of a false alarm."""
    return -NormalDist().inv_cdf(error / 2) + NormalDist().inv_cdf(POWER)


def seen_well(
    case: Case, measurement: Measurement, inputs: Inputs, expected: float, seed: int, error: float, most: int | None
) -> tuple[Measured, int]:
    """Measure, and again with other luck and a larger size while a bias of 2 % would be missed; the error decides that, never the value."""
    top = min(most or measurement.most, measurement.most)
    size = 0 if case.exact else min(top, measurement.least)
    found = measurement.run(inputs, size, seed)
    wanted = BIAS * abs(expected) / _needed(error)
    if 0 < wanted < found.error and size < top:
        size = min(top, math.ceil(1.3 * size * (found.error / wanted) ** 2))
        found = measurement.run(inputs, size, seed + 500)
    return found, size
