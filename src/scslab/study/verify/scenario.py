"""An ordinary scenario in a few lines: rules as data, an abstract world, a number of periods; what the engine holds at the end.

Rules are written plainly, `{instance: {parameter: value}}`; each number becomes one of grade `invented`, as in a regime file, and the regime
is loaded, checked and compiled as any other. The engine runs the plan that the rules make, with the recorders that they feed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from ...base.declared import Number, Table
from ...base.errors import InputError, Problem, ScslabError, nearest
from ...base.periods import PERIODS, in_period
from ...engine.arm import Arm
from ...engine.loop import Simulation
from ...mechanisms.catalogue import catalogue
from ...regime import Regime
from ...world import World, build_world
from ..replicate import RegimeSchedule, labels_of, load_arm, load_named, society_of

START = 240
"""Number of the first period (2020-01); nothing in an abstract scenario depends on it."""

MOST_PERIODS = 1 << 12
"""Row ids hold the period in 12 bits."""

Rules = Mapping[str, Mapping[str, Any]] | str | Regime
Watch = Callable[[int, dict[str, "Played"]], bool | None]


@dataclass
class Played:
    """One arm of a scenario: what it counted, holds and, where asked for, every row it made."""

    name: str
    world: World
    arm: Arm
    periods: int
    kept: dict[str, list[dict[str, np.ndarray]]] = field(default_factory=dict)

    def counter(self, name: str) -> np.ndarray:
        """Give a counter by period, all groups together: int64 (periods,); zeros where nothing was counted."""
        found = self.arm.tallies.get(name)
        return np.zeros(self.periods, np.int64) if found is None else found.sum(axis=1)

    def total(self, name: str) -> int:
        """Give a counter over all periods."""
        return int(self.counter(name).sum())

    def column(self, name: str) -> np.ndarray:
        """Give a state column (`persons.score`), or a column of the world.

        Raises:
            ScslabError: no such column; the nearest is offered.
        """
        if name in self.arm.columns:
            return self.arm.columns[name]
        if name in self.world.columns:
            return self.world.columns[name]
        raise ScslabError(Problem(f"no column '{name}' in this scenario", fix=nearest(name, {*self.arm.columns, *self.world.columns})))

    def store(self, name: str) -> dict[str, np.ndarray]:
        """Give a store's rows as columns.

        Raises:
            ScslabError: no such store; the nearest is offered.
        """
        if name not in self.arm.stores:
            raise ScslabError(Problem(f"no store '{name}' in this scenario", fix=nearest(name, self.arm.stores)))
        return self.arm.stores[name].data

    def rows(self, table: str) -> dict[str, np.ndarray]:
        """Give every row of a table named in `keep`, as columns, with `period` counted from 0 and `instance` left out.

        Raises:
            ScslabError: the table was not kept.
        """
        if table not in self.kept:
            raise ScslabError(Problem(f"rows of '{table}' were not kept", fix=f"Name it in keep=('{table}',)"))
        parts = self.kept[table]
        if not parts:
            none = np.zeros(0, np.int64)
            return {"subject": none, "id": none, "kind": none, "period": none}
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def scenario(rules: Rules, **settings: Any) -> Played:
    """Run one arm; see `play` for the settings.

    Example:
        >>> played = scenario({"conduct.steady": {"chance": {"offence": 1}}}, people=10, periods=3)
        >>> played.counter("acts.offence").tolist()
        [10, 10, 10]
    """
    return play({"rules": rules}, **settings)["rules"]


def play(
    arms: Mapping[str, Rules],
    *,
    people: int,
    periods: int,
    seed: int = 1,
    world: str | World = "ring",
    period: str = "month",
    keep: Iterable[str] = (),
    watch: Watch | None = None,
    start: int = START,
    begin: Mapping[str, Any] | None = None,
    recorders: bool = True,
    **options: Any,
) -> dict[str, Played]:
    """Run arms that share one abstract world and its luck.

    Args:
        arms: name -> rules: `{instance: {parameter: value}}`, the whole text of a regime file, the name of a regime of the library, or a regime.
        people, periods: size and length.
        seed: of the world and of luck.
        world: ring, regular, complete, islands, mini, or a world made before.
        period: month, day or round: what one step of time is; rates per year are divided accordingly.
        keep: tables whose rows are kept whole.
        watch: called after every period with (period, arms); what it answers with True was the last one.
        start: number of the first period.
        begin: state columns (`persons.score`) -> what they hold before the first period: one value for all, or an array.
        recorders: whether the recorders that the rules feed come along. They change nothing, and cost most of the time where many are listed.
        options: of the world: degree, islands, traits, columns.

    Returns:
        Each arm's `Played` by name.
    """
    regimes = [regime_of(name, rules, period) for name, rules in arms.items()]
    made = world if isinstance(world, World) else build_world(world, people, seed, start_month=start, period=period, **options)
    _check(regimes, made, start, periods)
    society = society_of(made, seed, labels_of(regimes), 1, start)
    tables = tuple(keep)
    played = {}

    def keeper(arm: str, rows: Any, month: int, instance: str) -> None:
        if rows.table in tables and len(rows):
            data = dict(rows.rows().data)
            data["period"] = np.full(len(data["subject"]), month - start, np.int64)
            played[arm].kept[rows.table].append(data)

    simulation = Simulation(society, start, periods, 1, keeper if tables else None)
    for name, regime in zip(arms, regimes, strict=True):
        schedule = RegimeSchedule(regime)
        if not recorders:
            schedule.recorders = {}
        arm = simulation.add(name, schedule)
        _fill(arm, begin or {})
        played[name] = Played(name, made, arm, periods, {table: [] for table in tables})
    for done in range(1, periods + 1):
        simulation.run(start + done)
        if watch is not None and watch(done, played):
            break
    simulation.close()
    return played


def _fill(arm: Arm, begin: Mapping[str, Any]) -> None:
    """Set state columns to what they hold before the first period."""
    for column, values in begin.items():
        if column not in arm.columns:
            raise ScslabError(Problem(f"no state column '{column}' in arm '{arm.name}'", fix=nearest(column, arm.columns)))
        arm.columns[column][:] = values


def _check(regimes: list[Regime], made: World, start: int, periods: int) -> None:
    """Refuse regimes that count time otherwise than the world, and more periods than ids can count."""
    for regime in regimes:
        if regime.period != made.period:
            raise InputError(Problem(f"'{regime.name}' counts in {PERIODS[regime.period].unit}, the world in {PERIODS[made.period].unit}"))
    if start + periods > MOST_PERIODS:
        raise InputError(Problem(f"{periods:,} periods", why=f"ids of rows count {MOST_PERIODS:,} from the number of the first", fix="Give a smaller start="))


def regime_of(name: str, rules: Rules, period: str = "month") -> Regime:
    """Make a regime of plainly written rules, of the text of a file, or by name."""
    if isinstance(rules, Regime):
        return rules
    if isinstance(rules, str):
        return load_arm(rules) if "\n" in rules else load_named(rules)
    return load_arm(regime_text(name, rules, period))


def regime_text(name: str, rules: Mapping[str, Mapping[str, Any]], period: str = "month") -> str:
    """Write plain rules as the text of a regime file: every number with its unit, grade `invented`, and itself as range."""
    known = catalogue()
    lines = ["schema: 1", f"name: {name}", f"title: {name}", "kind: society", "status: invented", "mechanisms:"]
    if period != "month":
        lines.insert(4, f"period: {period}")
    for instance, stated in rules.items():
        mechanism = instance.partition(":")[0]
        fields = in_period(known[mechanism], period).fields() if mechanism in known else {}
        lines.append(f"  {instance}: {{}}" if not stated else f"  {instance}:")
        for parameter, value in stated.items():
            declared = fields.get(parameter)
            lines.append(f"    {parameter}: {_number(declared, value) if isinstance(declared, Number) else _flow(value)}")
    return "\n".join(lines) + "\n"


def _number(declared: Number, value: Any) -> str:
    numbers = [number for number in _leaves(value) if number is not None]
    low, high = (min(numbers), max(numbers)) if numbers else (0, 0)
    unit = declared._number.unit if isinstance(declared, Table) else declared.unit
    return f"{{value: {_flow(value)}, unit: {_flow(unit)}, evidence: invented, range: [{_flow(low)}, {_flow(high)}]}}"


def _leaves(value: Any) -> list[Any]:
    return [leaf for child in value.values() for leaf in _leaves(child)] if isinstance(value, Mapping) else [value]


def _flow(value: Any) -> str:
    """Write a plain value in one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(child)}" for key, child in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(child) for child in value) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return f"'{value}'"
    return format(Decimal(str(value)), "f")
