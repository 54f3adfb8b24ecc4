"""One trial: a small world, some rules, some of their mechanisms left out, a few months. Everything that decides its numbers is in `Trial`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from ...base import luck
from ...base.errors import InputError
from ...base.months import month_text
from ...base.parameters import Number
from ...engine import batches, loop
from ...engine.arm import Arm, Society
from ...engine.checkpoint import restore, save
from ...engine.declare import REGISTRY, Mechanism
from ...engine.loop import Simulation, make_spans
from ...engine.plan import Block
from ...engine.rows import TooManyRows
from ...mechanisms.catalogue import catalogue
from ...regime import Regime, apply_reforms, combine, load_reform, load_regime
from ...world import World, build_world
from ..replicate import RegimeSchedule, labels_of, society_of
from .trace import Rows, Trace

PER_HEAD = "per 10,000 persons"
"""Unit of what is rationed: a hundred people would have none of it."""

OCCASION = "yearly rate"
"""Kind of parameter that says how often something happens."""

Change = Callable[[dict[str, Block], int], dict[str, Block]]
"""Changes the blocks of a month, by instance."""

Step = Callable[..., Any]


@dataclass(frozen=True)
class Trial:
    """What a contract is tried on.

    Args:
        regimes: names or paths, combined; reforms: laid over them in order.
        world, people, seed, luck: who exists, and what happens to them.
        start, months: first month (months since 2000-01) and how many.
        busy: how many times as often occasions come as the rules say, so that a few people in a few months meet everything.
        likely: whether chances between 0 and 1 are moved half-way to a half, for the same reason.
        without: instances left out; extra: mechanisms that no rule states, put in with their defaults.
        pick: a number from which a contract chooses what it changes: a person, a month, an order.
    """

    regimes: tuple[str, ...]
    reforms: tuple[str, ...] = ()
    world: str = "county"
    people: int = 120
    seed: int = 1
    luck: int = 1
    start: int = 216
    months: int = 6
    busy: int = 24
    likely: bool = True
    without: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    pick: int = 0

    def plain(self) -> dict[str, Any]:
        """Give the trial as a document."""
        plain = dataclasses.asdict(self)
        plain["start"] = month_text(self.start)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}

    def choose(self, name: str, count: int) -> int:
        """Choose one of `count` things, by `pick` and what it is for."""
        return int(luck.words(luck.stream_key(self.pick, f"contract/{name}"), np.arange(1))[0]) % count if count else 0

    def order(self, name: str, count: int) -> np.ndarray:
        """Give an order of `count` things, by `pick` and what it is for."""
        return np.argsort(luck.words(luck.stream_key(self.pick, f"contract/{name}"), np.arange(count)), kind="stable")


class TooBusy(Exception):
    """More rows of a kind for one person in a month than ids can number: the trial is too busy, nobody's fault."""


class Broken(Exception):
    """A step failed: which mechanism, in which month, and how."""

    def __init__(self, mechanism: str, month: int, error: BaseException) -> None:
        self.mechanism, self.month, self.error = mechanism, month, error
        super().__init__(f"{mechanism} in {month_text(month)}: {type(error).__name__}: {error}")


@lru_cache(maxsize=256)
def rules(regimes: tuple[str, ...], reforms: tuple[str, ...] = ()) -> Regime:
    """Load, combine and reform; once."""
    known = catalogue()
    loaded = [load_regime(name, known) for name in regimes]
    whole = combine(loaded, known) if len(loaded) > 1 else loaded[0]
    return apply_reforms(whole, [load_reform(name, known) for name in reforms])


@lru_cache(maxsize=64)
def world_of(name: str, people: int, seed: int, start: int) -> World:
    """Build a world; once."""
    return build_world(name, people=people, seed=seed, start_month=start)


class TrialSchedule:
    """The blocks of each month of a trial: those of its rules, with what is left out and what is changed."""

    def __init__(self, trial: Trial, change: Change | None = None, recorders: bool = True) -> None:
        self.trial, self.change, self.recorders = trial, change, recorders
        self.inner = RegimeSchedule(rules(trial.regimes, trial.reforms))
        self._made: dict[int, dict[str, Block]] = {}

    def at(self, month: int) -> dict[str, Block]:
        """Give the blocks in force in a month."""
        if month not in self._made:
            made = {name: block for name, block in self.inner.at(month).items() if name not in self.trial.without}
            made |= {name: with_defaults(name) for name in self.trial.extra if name not in made}
            if not self.recorders:
                made = {name: block for name, block in made.items() if not name.startswith("measure.")}
            made = {name: stirred(block, self.trial.busy, self.trial.likely) for name, block in made.items()}
            self._made[month] = made if self.change is None else self.change(made, month)
        return self._made[month]

    def change_months(self, start: int, end: int) -> set[int]:
        """Give the months in which blocks change."""
        return self.inner.change_months(start, end)


def with_defaults(name: str) -> Block:
    """Make a block of a mechanism that needs no numbers."""
    params = REGISTRY[name].params
    return Block(name, None if params is None else params.compile({}))


def stirred(block: Block, busy: int, likely: bool) -> Block:
    """Make occasions more frequent, and chances neither rare nor sure."""
    made = REGISTRY.get(block.mechanism)
    if made is None or made.params is None:
        return block
    changed: dict[str, Any] = {}
    for name, declared in made.params.fields().items():
        value = getattr(block.params, name, None)
        if not isinstance(declared, Number) or value is None or isinstance(value, tuple):
            continue
        if declared.kind == OCCASION and busy > 1:
            changed[name] = _capped(np.asarray(value, np.int64) * busy)
        elif declared.unit == PER_HEAD and busy > 1:
            changed[name] = int(value) * busy
        elif declared.kind == "probability" and likely:
            old = np.asarray(value, np.int64)
            changed[name] = _capped(np.where((old > 0) & (old < luck.ONE), old // 2 + luck.ONE // 4, old))
    return Block(block.mechanism, with_values(block.params, changed)) if changed else block


def _capped(value: np.ndarray) -> Any:
    value = np.minimum(value, luck.ONE)
    return int(value) if value.ndim == 0 else value


def with_values(params: Any, values: Mapping[str, Any]) -> Any:
    """Copy compiled parameters with some of them replaced; arrays stay read-only."""
    made = object.__new__(type(params))
    for value in values.values():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
    made.__dict__.update({**params.__dict__, **values})
    return made


@dataclass
class Setting:
    """How a trial is carried out: nothing here may change a number.

    Args:
        spans: cuts of the population; threads over them; tile, block: sizes of pieces that screenings and sweeps come in.
        checkpoint: months after which state is saved, and restored into a fresh simulation; None for never.
        folder: where the checkpoint goes. recorders: whether the measure phase takes part. backwards: register everything the other way round.
    """

    spans: int = 1
    threads: int = 1
    tiles: int = batches.GROUP_TILES
    block: int = batches.SWEEP_BLOCK
    checkpoint: int | None = None
    folder: Any = None
    recorders: bool = True
    backwards: bool = False
    steps: Mapping[str, Step] = field(default_factory=dict)


def run(trial: Trial, setting: Setting | None = None, change: Change | None = None, society: Callable[[Society], Society] | None = None,
        watch: Any = None) -> Trace:  # fmt: skip
    """Carry out a trial and keep every row, state and counter.

    Args:
        change: changes blocks; society: changes the society; watch: a `Watch` of `probe`, told of every step.

    Raises:
        Broken: when a step fails, or what it returns cannot be carried out; TooBusy: when ids run out; InputError: when the rules do not fit the world.
    """
    setting = setting or Setting()
    schedule = TrialSchedule(trial, change, setting.recorders)
    made = _society(trial, schedule, setting)
    made = made if society is None else society(made)
    trace = Trace(trial.start, made)
    last = [""]
    with _wrapped(watch, last), _sizes(setting):
        try:
            simulation = _advanced(trial, setting, schedule, made, trace)
        except TooManyRows as error:
            raise TooBusy(str(error)) from error
        except (Broken, InputError):
            raise
        except Exception as error:  # what a step returned could not be carried out
            raise Broken(last[0], trace.month, error) from error
    simulation.close()
    trace.finish(simulation.arms[0])
    return trace


def _advanced(trial: Trial, setting: Setting, schedule: TrialSchedule, society: Society, trace: Trace) -> Simulation:
    last = trial.start + trial.months
    simulation = Simulation(society, trial.start, trial.months, setting.threads, trace.keep)
    arm = simulation.add("trial", schedule)
    if setting.checkpoint is not None:
        simulation.run(trial.start + setting.checkpoint, lambda month: trace.month_end(arm, month - 1))
        path = setting.folder / "state.npz"
        save(path, simulation, None, "contract")
        simulation.close()
        simulation = Simulation(society, trial.start, trial.months, setting.threads, trace.keep, trial.start)
        simulation.month = trial.start + setting.checkpoint - 1  # the rules of the month before made what was saved
        arm = simulation.add("trial", schedule)
        restore(path, simulation, None, "contract")
    simulation.run(last, lambda month: trace.month_end(arm, month - 1))
    return simulation


def _society(trial: Trial, schedule: TrialSchedule, setting: Setting) -> Society:
    world = world_of(trial.world, trial.people, trial.seed, trial.start)
    made = society_of(world, trial.luck, labels_of([schedule.inner.regime]), 1, trial.start)
    if setting.spans > 1:
        made = dataclasses.replace(made, spans=make_spans(made.people, made.columns.get("households.start"), setting.spans))
    return made


class _wrapped:
    """Put a wrapper around every step, so that a failure says whose it is and a watch sees what goes in and out."""

    def __init__(self, watch: Any, last: list[str]) -> None:
        self.watch, self.last = watch, last

    def __enter__(self) -> None:
        self.before = dict(REGISTRY)
        for name, made in self.before.items():
            REGISTRY[name] = dataclasses.replace(made, step=_guarded(made, self.watch, self.last))

    def __exit__(self, *_: object) -> None:
        for name, made in self.before.items():
            REGISTRY[name] = made


def _guarded(made: Mechanism, watch: Any, last: list[str]) -> Step:
    def step(batch: Any, cols: Any, p: Any, luck: Any) -> Any:
        is_asked = isinstance(batch, str)  # a modifier: (quantity, subjects, cols, p)
        month = p.month if is_asked else cols.month
        last[0] = made.name if not is_asked else last[0]
        try:
            if watch is None:
                return made.step(batch, cols, p, luck)
            return watch.ask(made, batch, cols, p, luck) if is_asked else watch.step(made, batch, cols, p, luck)
        except (Broken, InputError):
            raise
        except Exception as error:  # somebody else's step may fail in any way
            raise Broken(made.name, month, error) from error

    return step


class _sizes:
    """Cut screenings and sweeps into other pieces, and hand even small steps to spans."""

    def __init__(self, setting: Setting) -> None:
        pieces = (batches, "GROUP_TILES", setting.tiles), (batches, "SWEEP_BLOCK", setting.block), (loop, "THREAD_ROWS", 0)
        self.values: tuple[tuple[Any, str, int], ...] = pieces

    def __enter__(self) -> None:
        self.before = [getattr(module, name) for module, name, _ in self.values]
        for module, name, value in self.values:
            setattr(module, name, value)

    def __exit__(self, *_: object) -> None:
        for (module, name, _size), value in zip(self.values, self.before, strict=True):
            setattr(module, name, value)


def fits(trial: Trial) -> bool:
    """Tell whether a world has what the rules of a trial ask for, in its months."""
    return _fits(trial.regimes, trial.reforms, trial.world, trial.start, trial.start + trial.months)


@lru_cache(maxsize=1024)
def _fits(regimes: tuple[str, ...], reforms: tuple[str, ...], world: str, start: int, end: int) -> bool:
    try:
        whole = rules(regimes, reforms)
        whole.check_horizon(start, end)
        trial = Trial(regimes, reforms, world, 100, 1, 1, start, end - start)
        schedule = TrialSchedule(trial)
        arm = Arm("trial", _society(trial, schedule, Setting()))
        for month in (start, *sorted(schedule.change_months(start, end))):
            arm.adopt(schedule.at(month))
    except InputError:
        return False
    return True


__all__ = ["Broken", "Change", "Rows", "Setting", "Trial", "TrialSchedule", "fits", "rules", "run", "stirred", "with_values", "world_of"]
