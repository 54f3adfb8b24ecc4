"""Counters of all replicates and arms, in memory and on disk, and the effects computed from them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ..base.errors import InputError, Problem, nearest
from ..base.files import write_text
from ..base.months import month, month_text
from ..measure.cells import DIMENSIONS, groups, marginal
from ..measure.disparity import poor_rich
from ..measure.effects import effects, monthly
from ..measure.intervals import LUCK_ONLY
from ..measure.moves import moves
from ..measure.outcomes import FOLLOWED, is_counted, outcome, windows
from ..measure.outcomes.ledgers import GRADES
from ..measure.worlds import EDGES, RANGE, is_worlds, label_of, world_effects
from ..store import read_table, write_table
from .counterfactual import folded, folded_names
from .job import Job
from .parallel import SeedResult
from .replicate import counters_of, load_arm

COUNTERS, NAMES = "counters.parquet", "counters.json"
Row = dict[str, Any]


@dataclass
class Results:
    """What a run counted.

    Args:
        arms: the comparator first; tallies: counters (months, cells) by arm, seed index and name; start: first month; months: how many.
        counted: counters that recorders keep, by arm; None where a folder does not say. An outcome that no arm counts is left out.
        strata: speech by who was sanctioned in any arm, per arm, mean over seeds (`measure.effects.near_and_far`).
    """

    arms: list[str]
    tallies: dict[str, dict[int, dict[str, np.ndarray]]]
    start: int
    months: int
    label: str = LUCK_ONLY
    strata: dict[str, list[Row]] = field(default_factory=dict)
    counted: dict[str, list[str]] | None = None

    @staticmethod
    def of(job: Job, found: Sequence[SeedResult]) -> Results:
        """Collect the results of all replicates."""
        arms = [arm.name for arm in job.arms if not arm.twin_of]
        label = label_of(len(found)) if job.draws else LUCK_ONLY
        counts = {r.index: folded(job.arms, r.tallies) for r in found}
        tallies = {arm: {index: by_arm[arm] for index, by_arm in counts.items()} for arm in arms}
        counted = {arm.name: counters_of(load_arm(arm.yaml)) + folded_names(job.arms, arm.name) for arm in job.arms if not arm.twin_of}
        return Results(arms, tallies, job.start, job.months, label, mean_strata([r.strata for r in found]), counted)

    @cached_property
    def people(self) -> list[np.ndarray]:
        """Person-months of the cohort by month and cell, one array a seed."""
        first = self.tallies[self.arms[0]]
        return [first[seed][FOLLOWED] for seed in sorted(first)]

    def counts(self, name: str) -> bool:
        """Tell whether some arm counts an outcome."""
        return self.counted is None or any(is_counted(outcome(name), counters) for counters in self.counted.values())

    def effects(
        self,
        by: str | None = None,
        arm: str | None = None,
        against: str | None = None,
        window: str | None = "all",
        outcomes: Sequence[str] | None = None,
    ) -> list[Row]:
        """Compute effects of the outcomes named, or of those of the headline that some arm counts; see `measure.effects.effects`.

        Raises:
            InputError: unknown arm, group or window.
        """
        arm, against = self._arm(arm or self.arms[1]), self._arm(against or self.arms[0])
        if by is not None and by not in DIMENSIONS:
            raise InputError(Problem(f"'{by}' is not a group", fix=nearest(by, DIMENSIONS)))
        if window is not None and window not in windows(self.months):
            raise InputError(Problem(f"'{window}' is not a window of this run", fix=nearest(window, windows(self.months))))
        measure = world_effects if is_worlds(self.label) else effects
        rows = measure(self.tallies, self.people, arm, against, by, window, outcomes=outcomes, counted=self.counted)
        return [{"arm": arm, "window": window, **row} for row in rows]

    def moves(self, arm: str | None = None, window: str | None = "all") -> list[Row]:
        """List the moves between the grades of an arm's ledger from one January to the next; none where it has no ledger."""
        return moves(self.tallies[self._arm(arm or self.arms[1])].values(), window, GRADES)

    def _arm(self, name: str) -> str:
        if name not in self.arms:
            raise InputError(Problem(f"this run has no arm '{name}'", fix=nearest(name, self.arms)))
        return name

    def monthly(self, arm: str, name: str = "listed_stock") -> np.ndarray:
        """Give an outcome of an arm month by month, mean over seeds."""
        return monthly(self.tallies, self.people, self._arm(arm), name)

    def poor_rich(self, arm: str | None = None, name: str = "listed", per: str = "person") -> Row:
        """Compare the poorest and the richest quintile, standardised by age and sex, per person or per 1,000 unexcused breaches."""
        arm, against = arm or self.arms[1], self.arms[0]
        row = poor_rich(self.tallies, self.people, arm, against, name, "all", per)
        if is_worlds(self.label) and row["difference"] is not None:
            each = [
                poor_rich({a: {seed: self.tallies[a][seed]} for a in (arm, against)}, [self.people[i]], arm, against, name, "all", per)
                for i, seed in enumerate(sorted(self.tallies[arm]))
            ]
            row |= {"label": self.label, "note": f"{row['note']}; in brackets the {RANGE} over worlds"}
            for value, low, high in (("difference", "low", "high"), ("contrast", "contrast_low", "contrast_high")):
                known = [found[value] for found in each if found[value] is not None]
                row[low], row[high] = np.percentile(known, EDGES) if len(known) > 1 else (None, None)
        return row

    def counter(self, arm: str, name: str) -> float:
        """Sum a counter over seeds, months and the cohort."""
        return float(sum(marginal(seed[name]).sum() for seed in self.tallies[arm].values() if name in seed))

    def effects_table(self) -> dict[str, np.ndarray]:
        """Give effects of every arm, window and group as columns for `effects.parquet`."""
        rows = []
        for arm in self.arms[1:]:
            for window in windows(self.months):
                rows += [{"by": "all", **row} for row in self.effects(arm=arm, window=window)]
            for by in DIMENSIONS:
                rows += [{"by": by, **row} for row in self.effects(by, arm, window="all")]
        texts = ("arm", "window", "by", "group", "outcome", "words", "unit", "kind", "clear", "label", "note", "in_worlds")
        numbers = ("with", "without", "difference", "low", "high", "p", "p_holm", "share")
        table: dict[str, np.ndarray] = {name: np.array([str(row[name]) for row in rows]) for name in texts}
        table |= {name: np.array([np.nan if row[name] is None else float(row[name]) for row in rows]) for name in numbers}
        table["events"] = np.array([row["events"] for row in rows], np.int64)
        return table

    def tidy(self) -> dict[str, np.ndarray]:
        """Give monthly counters as columns for `outcomes.parquet`: for everybody, and by group; zeros are left out."""
        parts: list[tuple[str, int, str, str, str, np.ndarray]] = []
        for arm in self.arms:
            for seed, names in sorted(self.tallies[arm].items()):
                for name, array in sorted(names.items()):
                    parts.append((arm, seed, "all", "all", name, marginal(array)[:, 0]))
                    if "." not in name:
                        for by in DIMENSIONS:
                            values = marginal(array, by)
                            parts += [(arm, seed, by, level, name, values[:, k]) for k, level in enumerate(groups(by))]
        texts = np.array([month_text(self.start + t) for t in range(self.months)])
        kept = [np.flatnonzero(p[5]) for p in parts]
        counts = [len(k) for k in kept]
        repeat = [np.repeat(np.array([p[i] for p in parts]), counts) for i in range(5)]
        at = np.concatenate(kept) if kept else np.empty(0, np.int64)
        value = np.concatenate([p[5][k] for p, k in zip(parts, kept, strict=True)]) if kept else np.empty(0)
        arm, seed, group, level, outcome = repeat
        return {
            "arm": arm,
            "seed": seed,
            "month": texts[at],
            "group": group,
            "level": level,
            "outcome": outcome,
            "value": value.astype(np.int64),
        }

    def save(self, folder: Path) -> None:
        """Write the counters by cell: what `effects` needs to be computed again."""
        names = sorted({name for arm in self.tallies.values() for seed in arm.values() for name in seed})
        columns: dict[str, list[np.ndarray]] = {k: [] for k in ("arm", "seed", "counter", "month", "cell", "value")}
        for a, arm in enumerate(self.arms):
            for seed, tallies in sorted(self.tallies[arm].items()):
                for name, array in tallies.items():
                    at, cell = np.nonzero(array)
                    codes = (a, seed, names.index(name))
                    for column, code in zip(("arm", "seed", "counter"), codes, strict=True):
                        columns[column].append(np.full(len(at), code, np.int16))
                    columns["month"].append(at.astype(np.int16))
                    columns["cell"].append(cell.astype(np.int16))
                    columns["value"].append(array[at, cell])
        write_table(folder / COUNTERS, {name: np.concatenate(parts) for name, parts in columns.items()})
        cells = int(next(iter(next(iter(self.tallies.values())).values()))[FOLLOWED].shape[1])
        head = {"strata": self.strata, "arms": self.arms, "counters": names, "start": month_text(self.start), "months": self.months, "cells": cells,
                "seeds": sorted(self.tallies[self.arms[0]]), "label": self.label, "counted": self.counted}  # fmt: skip
        write_text(folder / NAMES, json.dumps(head, indent=1))

    @staticmethod
    def load(folder: Path) -> Results:
        """Read the counters of a finished run.

        Raises:
            InputError: the folder is no run, or damaged.
        """
        try:
            head = json.loads((folder / NAMES).read_text(encoding="utf-8"))
            table = read_table(folder / COUNTERS)
            shape = (head["months"], head["cells"])
            size, n_counters, n_seeds = shape[0] * shape[1], len(head["counters"]), len(head["seeds"])
            group = (table["arm"].astype(np.int64) * n_seeds + np.searchsorted(head["seeds"], table["seed"])) * n_counters + table[
                "counter"
            ]
            order = np.argsort(group, kind="stable")
            tallies: dict[str, dict[int, dict[str, np.ndarray]]] = {arm: {seed: {} for seed in head["seeds"]} for arm in head["arms"]}
            found, first = np.unique(group[order], return_index=True)
            flat, value = table["month"].astype(np.int64) * shape[1] + table["cell"], table["value"]
            for code, rows in zip(found.tolist(), np.split(order, first[1:]), strict=True):
                array = np.zeros(size, np.int64)
                array[flat[rows]] = value[rows]
                arm, seed, name = code // n_counters // n_seeds, code // n_counters % n_seeds, code % n_counters
                tallies[head["arms"][arm]][head["seeds"][seed]][head["counters"][name]] = array.reshape(shape)
            return Results(head["arms"], tallies, month(head["start"]), head["months"], head["label"], head["strata"], head.get("counted"))
        except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
            why = f"{error} is missing" if isinstance(error, KeyError) else " ".join(str(error).split())
            fix = "The folder is damaged, or another version wrote it; run it again with the command in its run.json"
            raise InputError(Problem(f"the counters of '{folder}' cannot be read", why=why, fix=fix)) from error


def mean_strata(seeds: Sequence[dict[str, list[Row]]]) -> dict[str, list[Row]]:
    """Average the strata over seeds, stratum by stratum; a number is missing where some seed has nobody there."""
    made: dict[str, list[Row]] = {}
    for arm in seeds[0] if seeds else ():
        for k, first in enumerate(seeds[0][arm]):
            rows = [seed[arm][k] for seed in seeds]
            mean = {n: None if any(r[n] is None for r in rows) else float(np.mean([r[n] for r in rows])) for n in first if n != "stratum"}
            made.setdefault(arm, []).append({"stratum": first["stratum"], **mean})
    return made
