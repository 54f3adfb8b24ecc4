"""From counters to outcomes: windows of months, sums by group, complete cohorts, months unaware."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from ...base.errors import InputError, Problem, nearest
from ..cells import in_one_cell, marginal, minors
from .declare import FOLLOWED, YEAR, Outcome, Tallies


def windows(months: int) -> dict[str, slice]:
    """Name the windows of a run: the transient is printed in parts, never as one mean.

    Example:
        >>> list(windows(60)), windows(60)["last 12"]
        (['months 1-12', 'months 13-36', 'last 12', 'all'], slice(48, 60, None))
    """
    named = {"months 1-12": slice(0, min(12, months)), "months 13-36": slice(12, 36), "last 12": slice(max(months - 12, 0), months)}
    named = {name: part for name, part in named.items() if part.start < months and part.stop <= months}
    return named | {"all": slice(0, months)}


def years(months: int) -> dict[str, slice]:
    """Name the whole years of a run, for findings of a given year; they are not printed by themselves.

    Example:
        >>> years(24)
        {'year 1': slice(0, 12, None), 'year 2': slice(12, 24, None)}
    """
    return {f"year {n + 1}": slice(n * YEAR, (n + 1) * YEAR) for n in range(months // YEAR)}


def window_of(months: int, window: str | slice | None) -> slice:
    """Turn a window's name into months; None is the last twelve. Any `months A-B` of the run will do, counted from 1.

    Raises:
        InputError: unknown name.

    Example:
        >>> window_of(60, "months 7-9")
        slice(6, 9, None)
    """
    if isinstance(window, slice):
        return window
    found = re.fullmatch(r"months (\d{1,4})-(\d{1,4})", window or "")
    if found and 1 <= int(found[1]) <= int(found[2]) <= months:
        return slice(int(found[1]) - 1, int(found[2]))
    named = windows(months) | years(months)
    if (window or "last 12") not in named:
        raise InputError(Problem(f"'{window}' is not a window of {months} months", fix=nearest(str(window), named)))
    return named[window or "last 12"]


def counter(tallies: Tallies, names: Sequence[str], shape: tuple[int, ...], watched: Sequence[str] = ()) -> np.ndarray:
    """Sum counters by name; one that never rose is zero. `acts@watched` and `acts@unwatched` split acts by kind where they are
    not stored as such.

    Returns:
        int64 array (months, cells).
    """
    total = np.zeros(shape, np.int64)
    for name in names:
        sign, bare = (-1, name[1:]) if name.startswith("-") else (1, name)
        if bare in tallies:
            total += sign * tallies[bare]
        elif bare.startswith("acts@"):
            kinds = {f"acts.{kind}" for kind in watched}
            for one in (t for t in tallies if t.startswith("acts.") and (t in kinds) == (bare == "acts@watched")):
                total += tallies[one]
    return total


def parts(
    measured: Outcome,
    tallies: Tallies,
    followed: np.ndarray,
    by: str | None = None,
    window: str | slice | None = None,
    watched: Sequence[str] = (),
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compute numerator, denominator and events of an outcome in each group, for one arm and seed.

    Args:
        tallies: counters (months, cells) by name; followed: person-months (months, cells).

    Returns:
        Three arrays (groups,). value = numerator / denominator * per.
    """
    shape = followed.shape
    window = window_of(shape[0], window)
    take = _those_meant(measured, by)
    followed = take(followed)
    events = take(counter(tallies, measured.events or measured.numerator, shape, watched))
    if measured.form == "within":
        top, bottom = (take(array) for array in _within(measured, measured.numerator, tallies, shape))
        seen = take(_within(measured, measured.events, tallies, shape)[0]) if measured.events else bottom
        return marginal(top, by), marginal(bottom, by), marginal(seen, by)
    if measured.formula is not None:
        return _formula(measured, tallies, followed, take, by, window)
    top = take(counter(tallies, measured.numerator, shape, watched))
    if measured.form == "ever":
        start = followed[0] if window.start == 0 else followed[window.start]
        return marginal(top[: window.stop].sum(axis=0), by), marginal(start, by), marginal(events[: window.stop].sum(axis=0), by)
    if measured.months:
        window = slice(max(window.start, measured.months), max(window.stop, measured.months))
    if measured.form == "stock":
        window = slice(max(window.start, window.stop - YEAR), window.stop)
    summed = tuple(marginal(array[window].sum(axis=0), by) for array in (top, events))
    bottom = followed if measured.denominator == (FOLLOWED,) else take(counter(tallies, measured.denominator, shape, watched))
    base = marginal(bottom[window].sum(axis=0), by)
    return summed[0], base / YEAR if measured.form == "rate" else base, summed[1]


def _those_meant(measured: Outcome, by: str | None) -> Callable[[np.ndarray], np.ndarray]:
    """Give the step that leaves in a tensor (..., cells) only whom an outcome is about: adults (done by `marginal`), minors, or all cells."""
    if measured.minors:
        return minors
    return (lambda tensor: in_one_cell(tensor) * (by is None)) if measured.whole else np.asarray


def _formula(
    measured: Outcome, tallies: Tallies, followed: np.ndarray, take: Callable[[np.ndarray], np.ndarray], by: str | None, window: slice
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hand a formula the sums of its counters; value over 1, or over 0 where there is nobody to count."""
    assert measured.formula is not None
    sums: dict[str, np.ndarray] = {}
    for name in measured.numerator:
        found = sorted(t for t in tallies if t.startswith(name[:-1])) if name.endswith("*") else [name]
        for one in found:
            sums[one] = marginal(take(counter(tallies, (one,), followed.shape))[window].sum(axis=0), by)
    value = np.asarray(measured.formula(sums, marginal(followed[window].sum(axis=0), by)), float)
    events = marginal(take(counter(tallies, measured.events, followed.shape))[window].sum(axis=0), by) if measured.events else sum(sums.values())
    known = np.isfinite(value)
    return np.where(known, value, 0.0), known.astype(float), np.broadcast_to(np.asarray(events), value.shape)


def _within(measured: Outcome, names: Sequence[str], tallies: Tallies, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Follow complete cohorts: of those counted in month c, how many had an event of these names by month c + `months`."""
    complete = max(shape[0] - measured.months, 0)
    top = np.zeros(shape[1], np.int64)
    for name in names:
        sign, bare = (-1, name[1:]) if name.startswith("-") else (1, name)
        for m in range(measured.months + 1):
            found = tallies.get(f"{bare}.m{m}")
            if found is not None:
                top += sign * found[m : m + complete].sum(axis=0)
    bottom = counter(tallies, measured.denominator, shape)[:complete].sum(axis=0)
    return top, bottom


def survival_unaware(tallies: Tallies, shape: tuple[int, int]) -> dict[str, float | None]:
    """Estimate by Kaplan-Meier how long listings stay unknown to their subject; whoever is still unaware at the run's end is censored.

    Returns:
        'median_months' (None when more than half are unaware as long as we look), 'never_aware' (share of finished spells that no notice,
        refusal or inquiry ended).
    """
    months, longest = shape[0], 36
    started = counter(tallies, ("unaware_started",), shape).sum(axis=1)
    told = [counter(tallies, (f"unaware_told.m{m}",), shape).sum(axis=1) for m in range(longest + 1)]
    ended = [counter(tallies, (f"unaware_ended.m{m}",), shape).sum(axis=1) for m in range(longest + 1)]
    if not started.sum():
        return {"median_months": None, "never_aware": None}
    left, alive, median = started.astype(np.int64), 1.0, None
    for m in range(longest):
        out = np.zeros(months, np.int64)
        inside = max(months - m, 0)
        out[:inside] = told[m][m:] + ended[m][m:]
        at_risk = np.maximum(left[:inside], 0).sum()
        if at_risk:
            alive *= 1 - min(out[:inside].sum() / at_risk, 1)
        if alive <= 0.5 and median is None:
            median = float(m)
        left = left - out
    known, unknown = sum(int(t.sum()) for t in told), sum(int(e.sum()) for e in ended)
    return {"median_months": median, "never_aware": unknown / (known + unknown) if known + unknown else None}
