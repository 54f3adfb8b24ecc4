"""A job: everything that decides the numbers of a run, as plain data that reproduces it byte for byte."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

EVENTS = ("off", "panel", "full")
COUNTERFACTUALS = ("misfortune",)
"""What can be taken away from an arm to compare it with itself; see `counterfactual.py`."""
BOUNDS = {
    "people": (100, 100_000_000),
    "months": (1, 600),
    "seeds": (1, 1000),
    "worlds": (1, 1000),
    "warm_up": (0, 600),
    "threads": (1, 64),
    "seed": (0, 2**63 - 1),
}
"""Least and greatest value of each whole number of a job."""

FULL_LIMIT = 200_000
"""Most persons for whom every row may be kept."""


@dataclass(frozen=True)
class ArmJob:
    """One arm: its name, what it was laid over, and its rules as a whole YAML text.

    Args:
        twin_of: for a counterfactual arm the arm it is compared with; such arms stand last, and no table has a row of theirs.
    """

    name: str
    regimes: list[str]
    reforms: list[str]
    yaml: str
    hash: str
    twin_of: str = ""


@dataclass(frozen=True)
class Job:
    """A run as data.

    Args:
        arms: the comparator first.
        seeds: (world seed, luck seed) of each replicate.
        start: month index of the first measured month; `warm_up` months run before it under the comparator.
        warm: other rules for the warm-up than the comparator's, which no arm need follow.
        panel: ids of persons whose rows are kept (events 'panel'); `panel_size` more are drawn by keyed luck.
        threads: worker processes over seeds, or threads over spans of one seed; never changes a number.
        draws: where each replicate is a world of its own, its assumptions and structure; see `sampling.draw_worlds`.
    """

    world: str
    people: int
    arms: list[ArmJob]
    seeds: list[tuple[int, int]]
    start: int
    warm_up: int
    months: int
    events: str = "panel"
    panel: list[int] = field(default_factory=list)
    panel_size: int = 300
    threads: int = 1
    command: str = ""
    python_call: str = ""
    estimand: str = "introduction"
    draws: list[dict[str, Any]] = field(default_factory=list)
    warm: ArmJob | None = None

    @property
    def reformed(self) -> list[ArmJob]:
        """Arms with reforms laid over the regime."""
        return [arm for arm in self.arms[2:] if arm.reforms and not arm.twin_of]

    @property
    def further(self) -> list[ArmJob]:
        """Further comparators."""
        return [arm for arm in self.arms[2:] if not arm.reforms and not arm.twin_of]

    def stamp(self) -> str:
        """Hash what decides the numbers (not threads, not the command)."""
        plain = dataclasses.asdict(self)
        for name in ("threads", "command", "python_call"):
            plain.pop(name)
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()

    def to_json(self) -> str:
        """Write the job."""
        return json.dumps(dataclasses.asdict(self), indent=1)

    @staticmethod
    def from_json(text: str) -> Job:
        """Read a job written by `to_json`."""
        plain = json.loads(text)
        plain["arms"] = [ArmJob(**arm) for arm in plain["arms"]]
        plain["seeds"] = [tuple(pair) for pair in plain["seeds"]]
        plain["warm"] = ArmJob(**plain["warm"]) if plain.get("warm") else None
        return Job(**plain)
