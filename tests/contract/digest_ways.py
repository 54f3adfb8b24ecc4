"""Ways of computing one run that must not move a number, and how they are drawn: every pair of settings first, then at random.

A *scenario* is a small run. A *way* is one setting of each factor: some are those of a process (`ENVIRONMENT`), the others of a run within it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any


@dataclass(frozen=True)
class Scenario:
    """A small run.

    Args:
        regimes: combined into one arm beside the comparator; also: further arms, whose labels stand between those of the others.
        start: chosen so that rules change in the run or its warm-up.
    """

    regimes: tuple[str, ...]
    world: str
    people: int
    months: int
    warm_up: int
    start: str
    against: str = "ordinary-law"
    also: tuple[str, ...] = ()
    seeds: int = 3


SCENARIOS = {
    "mini": Scenario(("scs-mini",), "mini", 3000, 5, 0, "2018-01", "none"),
    "court-list": Scenario(("court-list",), "county", 2500, 3, 4, "2015-10", also=("joint-sanctions",)),
    "combined": Scenario(("rongcheng-2016", "court-list"), "county", 800, 4, 2, "2021-04", also=("redlists",)),
    "platforms": Scenario(("sesame", "third-platform", "platforms-joint"), "county", 2000, 3, 2, "2018-05", also=("credit-score",)),
    "china-2018": Scenario(("china-2018",), "county", 400, 2, 1, "2018-01", also=("joint-sanctions",)),
    "dated": Scenario(("china-2014-2025",), "county", 300, 3, 2, "2016-05"),
    "tiny-mini": Scenario(("scs-mini",), "mini", 150, 2, 0, "2018-01", "none", seeds=2),
    "tiny-court": Scenario(("court-list",), "county", 100, 2, 0, "2015-12", seeds=2),
}
TINY = ("tiny-mini", "tiny-court")
"""Scenarios small enough for the interpreter alone."""

FACTORS: dict[str, tuple[Any, ...]] = {
    "scenario": tuple(SCENARIOS),
    "threads": (1, 2, 3, 4, 8),
    "spans": (1, 3, 16),
    "checkpoints": ("none", "first", "middle", "last", "each"),
    "seeds": ((0,), (0, 1), (1, 0), (2, 0)),
    "arms": ("all", "pair", "turned"),
    "through": ("simulate", "files", "workers"),
    "warm": ("fresh", "kept"),
    "code": ("compiled", "checked", "off"),
    "processor": ("all", "plain"),
    "hash": ("0", "1", "random"),
}
"""What may vary: `checkpoints` says after which months the run stops and goes on from disk (`first` and `middle` may lie in the warm-up); `seeds` which
replicates one call makes, in which order; `arms` whether further arms run beside the pair; `through` how a replicate is called; `warm` whether the
warm-up is read from the cache; `code` compiled, compiled with bounds checks, or interpreted; `processor` NumPy with all or with the least features."""

ENVIRONMENT = ("code", "processor", "hash")
"""Factors that need a process of their own."""


@dataclass(frozen=True)
class Way:
    """One setting of each factor."""

    scenario: str
    threads: int
    spans: int
    checkpoints: str
    seeds: tuple[int, ...]
    arms: str
    through: str
    warm: str
    code: str
    processor: str
    hash: str

    @property
    def environment(self) -> tuple[str, ...]:
        """What its process must be like."""
        return tuple(getattr(self, name) for name in ENVIRONMENT)

    def plain(self) -> dict[str, Any]:
        """Give it as data."""
        return asdict(self)

    @staticmethod
    def of(plain: dict[str, Any]) -> Way:
        """Make it from data."""
        return Way(**{**plain, "seeds": tuple(plain["seeds"])})


PLAIN = {"threads": 1, "spans": 1, "checkpoints": "none", "seeds": (0, 1, 2), "arms": "all", "through": "simulate", "warm": "fresh", "code": "compiled",
         "processor": "all", "hash": "0"}  # fmt: skip
"""The way with which others are compared."""


def is_possible(way: Way, workers: bool = True) -> bool:
    """Tell whether settings go together.

    Args:
        workers: whether worker processes, which take seconds to start, may be asked for.
    """
    if max(way.seeds) >= SCENARIOS[way.scenario].seeds:
        return False
    if way.through == "workers":  # processes that a run starts itself: a thread each, and no stops
        return workers and len(way.seeds) > 1 and way.threads == 1 and way.spans == 1 and way.checkpoints == "none" and way.code == "compiled"
    if way.through == "files" and (way.spans > 1 or way.checkpoints != "none"):
        return False
    return way.code != "off" or (way.scenario in TINY and way.seeds == (0,))


def pairs_of(way: Way) -> set[tuple[Any, ...]]:
    """List the pairs of settings that a way covers."""
    return {(a, getattr(way, a), b, getattr(way, b)) for a, b in combinations(FACTORS, 2)}


TRIES = 500
"""Draws before settings count as not going together: those that go with an interpreted run come up once in 24."""


def drawn(rng: random.Random, environments: Sequence[tuple[str, ...]], workers: bool, fixed: dict[str, Any] | None = None) -> Way | None:
    """Draw a way at random, some settings given; None when they do not go together."""
    fixed = fixed or {}
    suited = [e for e in environments if all(fixed.get(name, value) == value for name, value in zip(ENVIRONMENT, e, strict=True))]
    for _ in range(TRIES if suited else 0):
        settings = {name: rng.choice(values) for name, values in FACTORS.items()} | dict(zip(ENVIRONMENT, rng.choice(suited), strict=True)) | fixed
        way = Way(**settings)
        if is_possible(way, workers):
            return way
    return None


def draw_ways(count: int, seed: int, environments: Sequence[tuple[str, ...]], workers: bool = True, tries: int = 40) -> tuple[list[Way], int, int]:
    """Draw ways: first so that every pair of settings that can go together occurs, then at random.

    Args:
        count: how many; environments: processes to use; tries: candidates for each, of which the one that covers most new pairs is taken.

    Returns:
        The ways, how many of them it took to cover all pairs, and how many pairs are left out because the ways were too few.
    """
    rng = random.Random(seed)
    every = [(a, x, b, y) for a, b in combinations(FACTORS, 2) for x in FACTORS[a] for y in FACTORS[b]]
    missing = {(a, x, b, y) for a, x, b, y in every if drawn(rng, environments, workers, {a: x, b: y})}
    ways: list[Way] = []
    while missing and len(ways) < count:
        order = sorted(missing, key=str)  # sets have no order of their own
        found = [drawn(rng, environments, workers, {a: x, b: y}) for a, x, b, y in (rng.choice(order) for _ in range(tries))]
        best = max((way for way in found if way), key=lambda way: len(pairs_of(way) & missing))
        missing -= pairs_of(best)
        ways.append(best)
    covering = len(ways)
    while len(ways) < count:
        ways += [way for way in [drawn(rng, environments, workers)] if way]
    return ways, covering, len(missing)
