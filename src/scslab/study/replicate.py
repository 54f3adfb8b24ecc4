"""One replicate: build the world of a seed, warm up under the comparator, fork the arms, run them in lock-step."""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ..base import luck
from ..base.errors import ScslabError
from ..base.files import cache_dir
from ..base.jit import package_hash
from ..base.memory import give_back
from ..engine.arm import Arm, Society
from ..engine.checkpoint import restore, save
from ..engine.declare import REGISTRY
from ..engine.digest import arm_digest
from ..engine.events import EventLog
from ..engine.loop import Simulation, make_spans
from ..engine.plan import Block
from ..measure.across import count_want
from ..measure.cells import adults, cell_of, followed, n_cells
from ..measure.disparity import BREACHES
from ..measure.effects import near_and_far
from ..measure.outcomes import FOLLOWED
from ..measure.recorders import counted_kinds, paired_blocks, paired_names, watched_kinds
from ..mechanisms.catalogue import catalogue, fed_recorders
from ..mechanisms.tables import SHARED
from ..regime import Regime, load_regime
from ..world import World, build_world
from ..world.partners import Networks
from .job import Job
from .sampling import drawn_regime

ACTS = "acts"
"""Counter of acts; `acts.KIND` counts one kind."""

ALWAYS_KEPT = frozenset({"listings", "listing_ends"})
"""Rows kept for everybody when events are on: every listing, so that any list can be counted again."""

KEPT_PEOPLE = 100_000
"""Warm-up states of societies up to this size are kept in the cache folder."""

SPAN_PEOPLE = 2_000_000
"""Threads over spans pay from this many persons on."""


class Interrupted(Exception):
    """The run was stopped at a month end; its state is saved."""


@dataclass
class SeedResult:
    """What one replicate gives: counters per arm, persons per cell, digests, ledger, panel, timings."""

    index: int
    tallies: dict[str, dict[str, np.ndarray]]
    cells: np.ndarray
    digests: dict[str, str]
    ledger: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    panel: dict[str, np.ndarray] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    strata: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


class RegimeSchedule:
    """A regime as the engine wants it: its blocks of a month, with the recorders that something in the regime feeds, in force or not."""

    def __init__(self, regime: Regime) -> None:
        self.regime = regime
        catalogue()
        self.recorders = {name: Block(name, None) for name in fed_recorders({clause.mechanism for clause in regime.clauses.values()})}

    def at(self, month: int) -> Mapping[str, Block]:
        """Give the blocks in force in a month."""
        stated = {name: Block(b.mechanism, b.params) for name, b in self.regime.at(month).items()}
        return {**self.recorders, **(paired_blocks(stated) if self.recorders else {}), **stated}

    def change_months(self, start: int, end: int) -> set[int]:
        """Give the months in which blocks change."""
        return {*self.regime.change_months(start - 1, end)}


@lru_cache(maxsize=64)
def load_arm(yaml: str) -> Regime:
    """Load a regime from its whole YAML text; once per process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "arm.yaml"
        path.write_text(yaml, encoding="utf-8")
        return load_regime(str(path), catalogue())


def arms_of(job: Job, index: int) -> list[Regime]:
    """Load the rules of all arms, as they are in one replicate: where it is a world of its own, with its assumptions and structure."""
    regimes = [load_arm(arm.yaml) for arm in job.arms]
    if not job.draws:
        return regimes
    return [drawn_regime(regime, arm.name, job.draws[index]) for regime, arm in zip(regimes, job.arms, strict=True)]


def mechanisms_of(regime: Regime) -> list[str]:
    """Name every mechanism that a regime's arm may run, in any month: those it states, and its recorders."""
    stated = {clause.mechanism for clause in regime.clauses.values()}
    return sorted({*stated, *paired_names(stated), *fed_recorders(stated)})


def tables_of(regimes: Sequence[Regime]) -> frozenset[str]:
    """Name the tables that the ledger of a run has columns for: the shared ones, and those that a mechanism of some arm emits."""
    return SHARED.union(*(REGISTRY[name].emits for regime in regimes for name in mechanisms_of(regime)))


def counters_of(regime: Regime) -> list[str]:
    """Name the counters that the recorders of a regime's arm keep; one stands for those that split it."""
    return sorted({name for made in mechanisms_of(regime) for name in REGISTRY[made].tallies})


def load_named(name: str) -> Regime:
    """Load a regime of the library."""
    return load_regime(name, catalogue())


def labels_of(regimes: list[Regime], warm: Regime | None = None) -> dict[str, int]:
    """Number the instance labels of all arms and of the warm-up alike, from 1, by name: two labels stand in one order beside whatever arms."""
    names = sorted({name.partition(":")[2] for regime in (*regimes, *([warm] if warm else ())) for name in regime.clauses if ":" in name})
    return {name: code for code, name in enumerate(names, start=1)}


def label_names(job: Job) -> dict[int, str]:
    """Name the codes of labels in a job's rows."""
    names = labels_of([load_arm(arm.yaml) for arm in job.arms], None if job.warm is None else load_arm(job.warm.yaml))
    return {code: name for name, code in names.items()}


def society_of(world: World, luck_seed: int, labels: dict[str, int], threads: int, start: int, span_people: int = SPAN_PEOPLE) -> Society:
    """Wrap a world for the engine, with its persons in group cells."""

    people = world.count("persons")
    spans = make_spans(people, world.columns.get("households.start"), threads if people >= span_people else 1)
    rows = {
        table: world.count(table)
        for table in ("persons", "households", "places")
        if table == "persons" or f"{table}.start" in world.columns
    }
    rows["firms"] = world.count("firms")
    return Society(world.columns, Networks(world), rows, spans, cell_of(world, start), n_cells(), luck_seed, labels)


def choose_panel(job: Job, world: World, luck_seed: int) -> np.ndarray | None:
    """Mark the persons whose rows are kept: those named, and a keyed random sample; None keeps everybody."""
    if job.events == "full":
        return None
    people = world.count("persons")
    panel = np.zeros(people, bool)
    panel[[i for i in panel_of(job, luck_seed) if i < people]] = True
    return panel


def panel_of(job: Job, luck_seed: int) -> list[int]:
    """List the persons of a job's panel in one replicate: a keyed random sample, and those named."""
    word = luck.words(luck.stream_key(luck_seed, "panel"), np.arange(job.people))
    return [*np.argsort(word, kind="stable")[: job.panel_size].tolist(), *job.panel]


def simulate(
    job: Job,
    index: int,
    threads: int = 1,
    checkpoint: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] | None = None,
    every_seconds: float = 60.0,
    spans: int | None = None,
) -> SeedResult:
    """Run one replicate of a job.

    Args:
        job: the run; index: which of its seeds.
        threads: threads over spans.
        checkpoint: file for state at month ends; resumed from when it is there.
        progress: called with (months done, months in all), warm-up included.
        stop: asked at each month end; when it says yes the state is saved and `Interrupted` raised.
        spans: pieces in which persons are cut; default one, or one a thread where they are many.

    Returns:
        The replicate's result.
    """
    began = time.perf_counter()
    world_seed, luck_seed = job.seeds[index]
    regimes = arms_of(job, index)
    warm = regimes[0] if job.warm is None else load_arm(job.warm.yaml)
    world = build_world(job.world, job.people, world_seed, start_month=job.start)
    give_back()
    built = time.perf_counter()
    society = society_of(world, luck_seed, labels_of(regimes, warm), spans or threads, job.start, 0 if spans else SPAN_PEOPLE)
    panel = None if job.events == "off" else choose_panel(job, world, luck_seed)
    log = None if job.events == "off" else EventLog(panel, ALWAYS_KEPT, job.start, tables_of(regimes))
    runner = _Runner(job, index, society, regimes, warm, log, threads, checkpoint, progress, stop, every_seconds)
    arms = runner.run()
    ledger = {} if log is None else {arm.name: log.table(arm.name) for arm in arms}
    rules = [s.at(job.start) for s in runner.schedules]
    tallies = _finished(arms, followed(world, job.start, job.months), watched_kinds(rules), counted_kinds(rules))
    here = np.bincount(society.cells[: world.people], minlength=society.n_cells)
    result = SeedResult(index, tallies, here, {a.name: arm_digest(a, ledger.get(a.name)) for a in arms}, ledger)
    result.panel = _panel_attributes(world, panel)
    plain = [arm for arm, of in zip(arms, job.arms, strict=True) if not of.twin_of]
    result.strata = _strata(plain, adults(society.cells))
    for name, counters in _never_near(plain, society.cells, society.n_cells, job.months).items():
        tallies[name] |= counters
    result.seconds = {"world": built - began, "run": time.perf_counter() - built, **runner.profile()}
    return result


def _strata(arms: list[Arm], adult: np.ndarray) -> dict[str, list[dict[str, Any]]]:
    """Split each arm's effect on speech by who was sanctioned in any arm; empty where no arm keeps the columns, zeros where one does not."""
    names = ("persons.speech", "persons.touched")
    if not all(any(name in arm.columns for arm in arms) for name in names):
        return {}
    nobody = np.zeros(len(adult), np.uint8)
    speech, touched = ({arm.name: arm.columns.get(name, nobody) for arm in arms} for name in names)
    return {arm.name: near_and_far(speech, touched, arm.name, arms[0].name, adult) for arm in arms[1:]}


def _never_near(arms: list[Arm], cells: np.ndarray, n_cells: int, months: int) -> dict[str, dict[str, np.ndarray]]:
    """Count protected acts of adults never near a sanction in any arm, and of all adults, by arm and group; they stand in the last month."""
    names = ("persons.speech", "persons.touched")
    if not all(any(name in arm.columns for arm in arms) for name in names):
        return {}
    nobody = np.zeros(len(cells), np.uint8)
    adult, bits = adults(cells), np.bitwise_or.reduce([arm.columns.get("persons.touched", nobody).astype(np.uint8) for arm in arms])
    far = adult & (bits & 3 == 0)

    def last(who: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
        found = np.zeros((months, n_cells), np.int64)
        found[-1] = np.bincount(cells[who], None if weight is None else weight[who], n_cells)
        return found

    done = {}
    for arm in arms:
        speech = arm.columns.get("persons.speech", nobody).astype(np.int64)
        done[arm.name] = {
            "speech_far": last(far, speech), "far_people": last(far), "speech_adults": last(adult, speech), "far_adults": last(adult),
        }  # fmt: skip
    return done


def _finished(arms: list[Arm], months: np.ndarray, watched: tuple[str, ...], counted: tuple[str, ...]) -> dict[str, dict[str, np.ndarray]]:
    """Add to each arm's counters the person-months behind every rate, acts of kinds that some sensor of some arm looks at or none does, and
    unexcused breaches of kinds that a list or ledger of some arm counts.
    """
    done = {}
    for arm in arms:
        mine = {**arm.tallies, FOLLOWED: months}
        for name, wanted in ((f"{ACTS}@watched", True), (f"{ACTS}@unwatched", False)):
            kinds = [t for k, t in arm.tallies.items() if k.startswith(f"{ACTS}.") and (k.partition(".")[2] in watched) is wanted]
            mine[name] = np.sum(kinds, axis=0) if kinds else np.zeros_like(months)
        none = np.zeros_like(months)
        mine[BREACHES] = sum((arm.tallies.get(f"{ACTS}.{k}", none) - arm.tallies.get(f"{ACTS}_excused.{k}", none) for k in counted), none)
        done[arm.name] = mine
    return done


class _Runner:
    """Warm-up, fork, arms; with checkpoints at month ends."""

    def __init__(self, job: Job, index: int, society: Society, regimes: list[Regime], warm: Regime, log: Any, threads: int, checkpoint: Any, progress: Any,
                 stop: Any, every: float) -> None:  # fmt: skip
        self.job, self.society, self.log, self.threads = job, society, log, threads
        self.schedules, self.warm = [RegimeSchedule(r) for r in regimes], RegimeSchedule(warm)
        self.checkpoint, self.progress, self.stop, self.every = checkpoint, progress, stop, every
        self.stamp = f"{job.stamp()}/{index}"
        parts = (package_hash(), job.world, job.people, job.seeds[index], warm.hash, job.start, job.warm_up, society.labels)
        self.warm_stamp = repr(parts)
        self.saved = time.monotonic()
        self.simulation: Simulation | None = None
        self.seconds: dict[str, float] = {}

    def run(self) -> list[Arm]:
        job = self.job
        began = time.perf_counter()
        first, last = job.start - job.warm_up, job.start + job.months
        resumed = None
        if self.checkpoint is not None and self.checkpoint.exists():
            from ..engine.checkpoint import read_header

            resumed = read_header(self.checkpoint, self.stamp)
        warm: Arm | None = None
        if job.warm_up and (resumed is None or resumed["arms"] == ["warm-up"]):
            warm = self._warm_up(first, resumed)
            resumed = None
        forked = time.perf_counter()
        self.seconds["warm-up"] = forked - began
        # What was saved was made by the rules of the month before, which may own what the next month's do not.
        simulation = self._simulation(job.start if resumed is None else resumed["month"] - 1, self.log)
        for arm, schedule in zip(job.arms, self.schedules, strict=True):
            simulation.add(arm.name, schedule, warm)
        warm = None  # its state would stand beside that of the arms
        give_back()
        if resumed is not None:
            assert self.checkpoint is not None  # what is resumed was read from it
            restore(self.checkpoint, simulation, self.log, self.stamp)
        simulation.run(last, self._month)
        simulation.close()
        self.seconds["arms"] = time.perf_counter() - forked
        return simulation.arms

    def _warm_up(self, first: int, resumed: Any) -> Arm:
        """Run the comparator up to the start; a small society's state is kept, so that the next run with it starts at once."""
        job, stamp = self.job, f"warm-up/{self.warm_stamp}"
        kept = cache_dir() / "warm-up" / f"{hashlib.sha256(stamp.encode()).hexdigest()[:32]}.npz"
        simulation = self._simulation(first, None)
        warm = simulation.add("warm-up", self.warm)
        if kept.exists() and resumed is None:
            with contextlib.suppress(ScslabError):
                warm.adopt(self.warm.at(job.start - 1))
                restore(kept, simulation, None, stamp)
                return warm
        if resumed is not None:
            warm.adopt(self.warm.at(resumed["month"] - 1))
            restore(self.checkpoint, simulation, None, self.stamp)
        simulation.run(job.start, self._month)
        simulation.close()
        if job.people <= KEPT_PEOPLE and not job.draws:  # a world's warm-up serves no other run
            with contextlib.suppress(OSError, ScslabError):
                kept.parent.mkdir(parents=True, exist_ok=True)
                save(kept, simulation, None, stamp)
        return warm

    def _simulation(self, month: int, log: Any) -> Simulation:
        self.simulation = Simulation(self.society, month, self.job.months, self.threads, log, self.job.start)
        return self.simulation

    def _month(self, month: int) -> None:
        job = self.job
        if self.progress is not None:
            self.progress(month - (job.start - job.warm_up), job.warm_up + job.months)
        if self.simulation is not None and self.simulation.arms[0].name != "warm-up":
            count_want(self.simulation.arms, month - 1, job.start, job.months)
        if month == job.start + job.months:
            return  # the run is over: nothing to save, nothing to stop
        stopping = self.stop is not None and self.stop()
        late = time.monotonic() - self.saved > self.every
        if self.checkpoint is not None and self.simulation is not None and (stopping or late):
            log = self.log if self.simulation.arms[0].name != "warm-up" else None
            save(self.checkpoint, self.simulation, log, self.stamp)
            self.saved = time.monotonic()
        if stopping:
            raise Interrupted

    def profile(self) -> dict[str, float]:
        """Seconds per instance, all arms together."""
        spent: dict[str, float] = {}
        for arm in self.simulation.arms if self.simulation else ():
            for bound in arm.bound:
                name = f"mechanism {bound.entry.instance}"
                spent[name] = spent.get(name, 0.0) + bound.seconds
        return {**spent, **self.seconds}


def _panel_attributes(world: World, panel: np.ndarray | None) -> dict[str, np.ndarray]:
    who = np.arange(min(world.people, 1000)) if panel is None else np.flatnonzero(panel)
    columns = {"person": who}
    for name in ("birth_month", "sex", "education", "status", "role", "hukou", "income", "quintile", "household", "place"):
        column = world.columns.get(f"persons.{name}")
        if column is not None:
            columns[name] = column[who]
    if {"education", "status", "income"} <= columns.keys():
        columns.update(world.standing(world.start_month, who))
    return columns
