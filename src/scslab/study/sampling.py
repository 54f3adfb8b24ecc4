"""Joint draws of assumptions: what is drawn, stratified quantiles, balanced structures, values inside ranges, repairs.

A *factor* is what one quantile moves: a number with a range of its own, or a table whose entries share one stated range (one judgement
about all of them; an entry at an end of that range is a structural zero or the reference group, and stays). Arms share factors, and so luck.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np

from ..base import luck
from ..base.errors import InputError
from ..regime import Regime
from ..regime.clauses import Clause, Plain, check_compiles
from ..regime.draws import NumberKey
from ..regime.model import NumberRow

FORMS = ("form", "among")
"""Structural choices drawn as forms: how a response works; among whom a mistaken match falls."""

WIDE = 10
"""A positive range whose ends differ by more than this factor is drawn log-uniformly."""

PAIRS = (("floor", "start"), ("start", "cap"), ("term", "longest"), ("least", "most"))
"""Parameters of a clause that keep their order, beside every `X_low` and `X_high`, and the names of steps."""

REPAIRS = (1.0, 0.5, 0.25, 0.0)
"""How far a clause that did not compile is moved as one, as a share of the draw; the last is the stated values."""

Draw = dict[str, Any]
"""One world: `at` (quantile by factor), `structure` (form by 'instance param'), `values` (text by arm, or 'all', and number), `moved`."""


@dataclass(frozen=True)
class Drawn:
    """A number of an arm that is drawn: its row, what moves it, and how."""

    row: NumberRow
    factor: str
    how: str
    whole: bool

    @property
    def key(self) -> NumberKey:
        """Name the number."""
        return self.row.instance, self.row.param, self.row.key


def text_key(key: Sequence[str]) -> str:
    """Write the key of a number as text.

    Example:
        >>> text_key(("conduct.payment", "exposure", "male/minor")), text_key(("respond.risk", "own", ""))
        ('conduct.payment exposure male/minor', 'respond.risk own')
    """
    return " ".join(key).strip()


def split_key(text: str) -> NumberKey:
    """Read the key of a number."""
    instance, param, *key = text.split(" ", 2)
    return instance, param, key[0] if key else ""


def drawn_numbers(regimes: Sequence[Regime]) -> list[dict[NumberKey, Drawn]]:
    """List the numbers that are drawn in each arm.

    Where arms state a number differently (a rule's dose), it moves from its stated value in each, so that the arms' order stays.

    Args:
        regimes: arms, comparator first; the first arm that states a number decides what moves it.
    """
    found: list[dict[NumberKey, tuple[NumberRow, bool]]] = []
    factors: dict[NumberKey, tuple[str, str]] = {}
    stated: dict[NumberKey, set[Any]] = {}
    for regime in regimes:
        mine = {}
        for row in regime.assumed_numbers():
            key = row.instance, row.param, row.key
            shared = _shares_range(regime, row)
            factors.setdefault(key, (text_key(shared), "table") if shared else (text_key(key), "own"))
            stated.setdefault(key, set()).add((row.value, row.range))
            number = regime.number_of(regime.clauses[row.instance], row.param)
            mine[key] = row, bool(number.whole)
        found.append(mine)

    def drawn(key: NumberKey, row: NumberRow, whole: bool) -> Drawn:
        factor, kind = factors[key]
        return Drawn(row, factor, _how(row, kind, len(stated[key]) > 1), whole)

    return [{key: drawn(key, *about) for key, about in mine.items()} for mine in found]


def _shares_range(regime: Regime, row: NumberRow) -> NumberKey | None:
    """Name the table whose entries share this number's range; None where it has its own."""
    path = tuple(row.key.split("/")) if row.key else ()
    for name, series in regime.clauses[row.instance].series():
        paths = {found for _, leaves in series.dates for found, _ in leaves}
        if name == row.param and path in paths:
            shared = len(paths) > 1 and path not in dict(series.ranges)
            return (row.instance, row.param, "/".join((*series.prefix, "*"))) if shared else None
    return None


def _how(row: NumberRow, kind: str, differs: bool) -> str:
    assert row.range
    if kind == "table":
        return "table"
    low, high = row.range
    return "moved" if differs else "log-uniform" if low > 0 and high > WIDE * low else "uniform"


def value_at(drawn: Drawn, u: float, how: str = "") -> Decimal:
    """Give the value of a number at a quantile, inside its range.

    Args:
        u: 0 to 1. how: 'uniform', 'log-uniform', 'moved' (from the stated value towards the end of the range; 0.5 is the stated value),
            'table' (as 'moved', ends of the range stay); default the number's own.
    """
    row, how = drawn.row, how or drawn.how
    assert row.range and row.value is not None
    low, high, base = float(row.range[0]), float(row.range[1]), float(row.value)
    if how in ("table", "moved"):
        if u == 0.5 or (how == "table" and base in (low, high)):
            return row.value
        value = base + (2 * u - 1) * (high - base if u > 0.5 else base - low)
    elif how == "log-uniform":
        value = low * (high / low) ** u
    elif drawn.whole:
        value = math.floor(low + u * (high - low + 1))
    else:
        value = low + u * (high - low)
    digits = _finest(drawn, value)
    rounded = Decimal(repr(value)).quantize(digits)
    return min(max(rounded, row.range[0]), row.range[1])


def _finest(drawn: Drawn, value: float) -> Decimal:
    """Give the step values are rounded to: whole numbers, hundredths of points, else six significant digits."""
    if drawn.whole:
        return Decimal(1)
    if drawn.row.unit == "points":
        return Decimal("0.01")
    return Decimal(1).scaleb(math.floor(math.log10(abs(value))) - 5 if value else 0)


def stratified(seed: int, factor: str, worlds: int) -> np.ndarray:
    """Draw one quantile per world, exactly one in each of `worlds` equal strata (a Latin hypercube over factors).

    Example:
        >>> sorted(int(u * 4) for u in stratified(1, "a", 4))
        [0, 1, 2, 3]
    """
    key = luck.stream_key(seed, f"worlds/{factor}")
    order = np.argsort(luck.words(key, np.arange(worlds)), kind="stable")
    inside = luck.words(key, np.arange(worlds), ordinal=1) / luck.ONE
    return (order + inside) / worlds


def forms_of(regimes: Sequence[Regime]) -> dict[str, tuple[str, ...]]:
    """List the choices of form by 'instance param', where all arms that have the block state the same one (else it is the treatment)."""
    stated: dict[str, set[str]] = {}
    options: dict[str, tuple[str, ...]] = {}
    for regime in regimes:
        for instance, clause in sorted(regime.clauses.items()):
            fields = regime.catalogue[clause.mechanism].fields()
            for name in FORMS:
                declared = fields.get(name)
                choices = getattr(declared, "options", ())
                if declared is not None and choices:
                    given = clause.params.get(name)
                    key = f"{instance} {name}"
                    stated.setdefault(key, set()).add(str(given.value if isinstance(given, Plain) else declared.default))
                    options[key] = tuple(choices)
    return {key: options[key] for key in sorted(options) if len(stated[key]) == 1}


def shared_choices(options: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """Group choices that are one: sensors with the same forms sense alike in a world; every other choice stands for itself.

    Example:
        >>> shared_choices({"observe.camera form": ("a", "b"), "observe.police form": ("a", "b"), "respond.risk form": ("c", "d")})
        {'observe a or b': ['observe.camera form', 'observe.police form'], 'respond.risk form': ['respond.risk form']}
    """
    groups: dict[str, list[str]] = {}
    for key, names in options.items():
        phase = key.partition(".")[0]
        groups.setdefault(f"{phase} {' or '.join(names)}" if phase == "observe" else key, []).append(key)
    return groups


def structures(seed: int, options: dict[str, tuple[str, ...]], worlds: int) -> list[dict[str, str]]:
    """Assign a structure to each world by keyed luck: each form of a choice in an equal share of the worlds.

    Where there are no more combinations than worlds, all of them come about equally often; else each choice is balanced by itself.
    """
    groups = shared_choices(options)
    sizes = [len(options[keys[0]]) for keys in groups.values()]
    if math.prod(sizes) <= worlds:
        chosen = _combinations(seed, sizes, worlds)
    else:
        chosen = list(zip(*(_balanced(seed, name, n, worlds) for name, n in zip(groups, sizes, strict=True)), strict=True))
    form_at = [{key: k for keys, k in zip(groups.values(), picked, strict=True) for key in keys} for picked in chosen]
    return [{key: names[at[key]] for key, names in options.items()} for at in form_at]


def _balanced(seed: int, name: str, n: int, worlds: int) -> list[int]:
    """Give one of n forms to each world, each in an equal share of them; which share gets one more is keyed too."""
    order = np.argsort(luck.words(luck.stream_key(seed, f"worlds/structure/{name}"), np.arange(worlds)), kind="stable")
    first = int(luck.words(luck.stream_key(seed, f"worlds/structure/{name}"), np.array([worlds]))[0]) % n
    return ((order + first) % n).tolist()


def _combinations(seed: int, sizes: Sequence[int], worlds: int) -> list[tuple[int, ...]]:
    """Give a combination to each world, all about equally often."""
    every = list(product(*(range(n) for n in sizes)))
    word = luck.words(luck.stream_key(seed, "worlds/structures"), np.arange(len(every)))
    chosen: list[tuple[int, ...]] = []
    for i in np.argsort(word, kind="stable"):
        if every[i] not in chosen:  # each beside its opposite, so that a part of the list is balanced too
            opposite = tuple(n - 1 - k for n, k in zip(sizes, every[i], strict=True))
            chosen += [every[i]] if opposite == every[i] else [every[i], opposite]
    order = np.argsort(luck.words(luck.stream_key(seed, "worlds/structure"), np.arange(worlds)), kind="stable")
    return [chosen[at % len(chosen)] for at in order.tolist()]


def draw_worlds(regimes: Sequence[Regime], arms: Sequence[str], worlds: int, seed: int) -> list[Draw]:
    """Draw assumptions and structure of each world; every draw compiles in every arm.

    Args:
        regimes: arms, comparator first; arms: their names.
        seed: keys the draws.

    Returns:
        One draw a world, as plain data.
    """
    numbers, options = drawn_numbers(regimes), forms_of(regimes)
    names = sorted({d.factor for mine in numbers for d in mine.values()})
    quantiles = {name: stratified(seed, name, worlds) for name in names}
    found = []
    for world, structure in enumerate(structures(seed, options, worlds)):
        at = {name: float(quantiles[name][world]) for name in names}
        found.append(_compiling(regimes, arms, numbers, at, structure))
    return found


def _compiling(regimes: Sequence[Regime], arms: Sequence[str], numbers: list[dict[NumberKey, Drawn]], at: dict[str, float], structure: dict[str, str]) -> Draw:
    """Make a draw; a clause whose numbers do not fit together is moved as one by a common quantile, ever nearer to its stated values."""
    first: dict[str, float] = {}
    tries: dict[str, int] = {}
    while True:
        how = dict.fromkeys(tries, "moved")
        values = [{key: value_at(d, at[d.factor], how.get(key[0], "")) for key, d in mine.items()} for mine in numbers]
        draw = {"at": at, "structure": structure, "values": _shared(arms, values), "moved": sorted(tries)}
        failed = {i for regime, arm in zip(regimes, arms, strict=True) for i in unfit(regime, arm, draw)}
        if not failed:
            return draw
        at = dict(at)
        for instance in sorted(failed):
            mine = sorted({d.factor for arm in numbers for key, d in arm.items() if key[0] == instance})
            if not mine or tries.get(instance, 0) >= len(REPAIRS):
                raise InputError(*(p for r in regimes if instance in r.clauses for p in check_compiles(r.clauses[instance], r.catalogue)))
            common = first.setdefault(instance, at[mine[0]])
            at |= dict.fromkeys(mine, 0.5 + (common - 0.5) * REPAIRS[tries.get(instance, 0)])
            tries[instance] = tries.get(instance, 0) + 1


def _shared(arms: Sequence[str], values: list[dict[NumberKey, Decimal]]) -> dict[str, dict[str, str]]:
    """Write values once where all arms that state the number agree, else by arm."""
    every: dict[NumberKey, set[Decimal]] = {}
    for mine in values:
        for key, value in mine.items():
            every.setdefault(key, set()).add(value)
    made: dict[str, dict[str, str]] = {"all": {text_key(key): str(next(iter(found))) for key, found in sorted(every.items()) if len(found) == 1}}
    for arm, mine in zip(arms, values, strict=True):
        own = {text_key(key): str(value) for key, value in sorted(mine.items()) if len(every[key]) > 1}
        if own:
            made[arm] = own
    return made


@lru_cache(maxsize=16)
def _drawable(regime: Regime) -> frozenset[str]:
    return frozenset(text_key((row.instance, row.param, row.key)) for row in regime.assumed_numbers())


def drawn_regime(regime: Regime, arm: str, draw: Draw) -> Regime:
    """Give the rules of an arm in one world.

    Args:
        arm: its name; draw: from `draw_worlds`, or read back from a job.
    """
    mine = {**draw["values"]["all"], **draw["values"].get(arm, {})}
    moved = regime.with_values({split_key(text): Decimal(mine[text]) for text in _drawable(regime) if text in mine})
    clauses = dict(moved.clauses)
    for text, form in draw["structure"].items():
        instance, _, name = text.partition(" ")
        if instance in clauses:
            clauses[instance] = replace(clauses[instance], params={**clauses[instance].params, name: Plain(form)})
    return replace(moved, clauses=clauses)


def unfit(regime: Regime, arm: str, draw: Draw) -> Iterator[str]:
    """Yield the clauses of an arm that do not compile in a world, or whose numbers left their stated order."""
    drawn = drawn_regime(regime, arm, draw)
    changed = {split_key(text)[0] for values in draw["values"].values() for text in values}
    for instance, clause in drawn.clauses.items():
        if instance in changed and (check_compiles(clause, regime.catalogue) or _orders(clause, regime) != _orders(regime.clauses[instance], regime)):
            yield instance


def _orders(clause: Clause, regime: Regime) -> list[tuple[str, ...]]:
    """List the orders a clause keeps: the names of its steps by number, and the pairs of parameters of which the first is not above the second."""
    fields, found = regime.catalogue[clause.mechanism].fields(), []
    steps = [name for name in clause.params if getattr(fields.get(name), "ascending", False)]
    pairs = [pair for pair in PAIRS if set(pair) <= set(clause.params)]
    pairs += [(name, name[:-4] + "_high") for name in clause.params if name.endswith("_low") and name[:-4] + "_high" in clause.params]
    for month in sorted(clause.change_months() | {clause.span[0]}) if steps or pairs else ():
        plain = clause.plain_at(month)[0]
        found += [tuple(sorted(plain[name], key=plain[name].get)) for name in steps if name in plain]
        for low, high in pairs:
            if isinstance(plain.get(low), Decimal | int) and isinstance(plain.get(high), Decimal | int) and plain[low] <= plain[high]:
                found.append((low, high))
    return found
