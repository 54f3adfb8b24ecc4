"""What a run over worlds adds to its folder: the draws, every world's outcome, and which inputs move the outcomes most."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ..measure.outcomes import BY_NAME, PRIMARY, outcomes_of, windows
from ..measure.worlds import ENOUGH, RANGE, by_world, deciding_words, tornado
from ..regime.draws import NumberKey
from ..store import write_table
from .job import Job
from .replicate import load_arm
from .results import Results, Row
from .sampling import Drawn, drawn_numbers, split_key

DRAWS, OUTCOMES_BY_WORLD, TORNADO = "worlds.parquet", "world_outcomes.parquet", "tornado.parquet"


@lru_cache(maxsize=2)
def _numbers(texts: tuple[str, ...]) -> list[dict[NumberKey, Drawn]]:
    return drawn_numbers([load_arm(text) for text in texts])


def draws_table(job: Job) -> dict[str, np.ndarray]:
    """Give every drawn number and form of every world as columns of `worlds.parquet`.

    Returns:
        world, instance, param, key, value (NaN for a form), form, how (uniform, log-uniform, table, moved, form), quantile, factor, arm
        ('all', or the arm where arms differ).
    """
    numbers = dict(zip((arm.name for arm in job.arms), _numbers(tuple(arm.yaml for arm in job.arms)), strict=True))
    anywhere = {key: drawn for mine in reversed(numbers.values()) for key, drawn in mine.items()}
    rows: list[tuple[Any, ...]] = []
    for world, draw in enumerate(job.draws):
        moved = set(draw["moved"])
        for arm, values in draw["values"].items():
            for text, value in values.items():
                key = split_key(text)
                drawn = anywhere[key] if arm == "all" else numbers[arm][key]
                how = "moved" if key[0] in moved else drawn.how
                rows.append((world, *key, float(value), "", how, draw["at"][drawn.factor], drawn.factor, arm))
        rows += [(world, *split_key(text), np.nan, form, "form", np.nan, text, "all") for text, form in draw["structure"].items()]
    names = ("world", "instance", "param", "key", "value", "form", "how", "quantile", "factor", "arm")
    return {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def outcomes_table(results: Results, job: Job) -> dict[str, np.ndarray]:
    """Give each outcome of each world, arm and window as columns of `world_outcomes.parquet`, with its structure; NaN where there is nobody to count."""
    rows: list[tuple[Any, ...]] = []
    made = [structure_of(draw) for draw in job.draws]
    for arm, against in _pairs(job):
        for window in windows(results.months):
            for measured in outcomes_of(results.counted):
                values, _ = by_world(measured, results.tallies, results.people, (arm, against), None, window)
                rows += [(world, measured.name, window, a, b, a - b, arm, against, made[world]) for world, (a, b) in enumerate(values[:, :, 0].T.tolist())]
    names = ("world", "outcome", "window", "with", "without", "difference", "arm", "against", "structure")
    return {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def _pairs(job: Job) -> list[tuple[str, str]]:
    """Compare the regime with every comparator, and each reform with the comparator and the regime."""
    comparator, regime = job.arms[0].name, job.arms[1].name
    pairs = [(regime, comparator)]
    for arm in (*job.reformed, *job.further):
        pairs += [(arm.name, comparator), (arm.name, regime)] if arm.reforms else [(regime, arm.name)]
    return pairs


def inputs_of(job: Job) -> dict[str, np.ndarray]:
    """Give what was drawn in each world by input: quantiles of numbers and tables, and forms as 0, 1."""
    found = {name: np.array([draw["at"][name] for draw in job.draws]) for name in job.draws[0]["at"]}
    for name, drawn in choices_of(job).items():
        forms = sorted({*drawn})
        if len(forms) > 1:
            found[f"{name} ({' or '.join(forms)})"] = np.array([float(forms.index(form)) for form in drawn])
    return found


def primary_differences(results: Results) -> dict[str, np.ndarray]:
    """Give the difference of each primary outcome in each world: last 12 months, or the whole run where that needs a longer look."""
    differences = {}
    for name in filter(results.counts, PRIMARY):
        for window in ("last 12", "all"):
            values, _ = by_world(BY_NAME[name], results.tallies, results.people, (results.arms[1], results.arms[0]), None, window)
            differences[name] = values[0, :, 0] - values[1, :, 0]
            if np.isfinite(differences[name]).any():
                break
    return differences


def tornado_rows(results: Results, job: Job) -> list[Row]:
    """Rank the inputs of each primary outcome."""
    return [{**row, "words": BY_NAME[row["outcome"]].words} for row in tornado(inputs_of(job), primary_differences(results))]


def structure_of(draw: dict[str, Any]) -> str:
    """Name the structure of a world."""
    return ", ".join(f"{text.partition(' ')[0]} {form}" for text, form in draw["structure"].items())


def choices_of(job: Job) -> dict[str, list[str]]:
    """Give the form of each choice in each world; sensors that sense alike are one choice."""
    found: dict[tuple[str, ...], list[str]] = {}
    for text in job.draws[0]["structure"]:
        forms = tuple(draw["structure"][text] for draw in job.draws)
        key = ("sensors", *forms) if text.startswith("observe.") else (text, *forms)
        found.setdefault(key, []).append(text.removesuffix(" form"))
    return {", ".join(names): list(key[1:]) for key, names in found.items()}


def structure_rows(results: Results, job: Job) -> list[Row]:
    """Tell for each form of each choice in how many worlds each primary outcome has the sign of the median over all worlds.

    A claim needs the sign in every form of every response: combinations of forms are more than worlds, forms are not.
    """
    rows: list[Row] = []
    choices = {name: np.array(forms) for name, forms in choices_of(job).items()}
    for name, difference in primary_differences(results).items():
        known = np.isfinite(difference)
        sign = np.sign(np.median(difference[known])) if known.any() else 0
        for choice, forms in choices.items():
            for form in np.unique(forms[known]):
                d = difference[known & (forms == form)]
                same = int((np.sign(d) == sign).sum())
                rows.append({"outcome": name, "structure": f"{choice} {form}", "worlds": len(d), "same_sign": same, "median": float(np.median(d))})
    return rows


def deciding(rows: list[Row], job: Job) -> str:
    """Say which input moves the outcomes most."""
    return deciding_words(rows, {name: BY_NAME[name].words for name in PRIMARY}, len(job.draws))


def world_notes(job: Job) -> list[str]:
    """Say what a world of this run is, what its draws cover, and what had to be moved."""
    if not job.draws:
        return []
    worlds, numbers = len(job.draws), {key: d for mine in _numbers(tuple(a.yaml for a in job.arms)) for key, d in mine.items()}
    how = Counter(d.how for d in numbers.values())
    notes = [
        f"Each replicate is a world: one joint draw of {len(numbers)} numbers that are not documented ({len(job.draws[0]['at'])} "
        f"independent inputs), one structure (forms: {', '.join(job.draws[0]['structure']) or 'none'}) and one seed, shared by its arms.",
        f"Inputs are stratified (Latin hypercube): {how['uniform']} numbers are uniform in their range, {how['log-uniform']} log-uniform "
        f"(range above 0, ends more than a factor of 10 apart), {how['table']} stand in tables with one range for all entries, which "
        f"move together, {how['moved']} are stated differently by the arms and move from the value of each.",
        f"The range is the {RANGE} over worlds, not a confidence interval; with, without and difference are medians over worlds.",
    ]
    if worlds < ENOUGH:
        notes.append(f"Only {worlds} worlds: a claim needs at least {ENOUGH}.")
    moved = sorted({instance for draw in job.draws for instance in draw["moved"]})
    if moved:
        count = sum(bool(draw["moved"]) for draw in job.draws)
        notes.append(f"In {count} worlds draws did not fit together and moved as one: {', '.join(moved)}.")
    return notes


def write_worlds(folder: Path, job: Job, results: Results) -> None:
    """Write the tables of a run over worlds."""
    write_table(folder / DRAWS, draws_table(job))
    write_table(folder / OUTCOMES_BY_WORLD, outcomes_table(results, job))
    rows = tornado_rows(results, job)
    if rows:
        write_table(folder / TORNADO, {name: np.array([row[name] for row in rows]) for name in rows[0]})
