"""SCS-mini as `scslab bench` runs it: the packaged regime `scs-mini` on the packaged world `mini`, ordinary mechanisms only."""

from __future__ import annotations

import numpy as np

from scslab.engine.loop import Simulation
from scslab.study.replicate import RegimeSchedule, labels_of, load_named, society_of
from scslab.world import build_world

START = 216


class Model:
    """A prepared simulation; `run` advances it."""

    def __init__(self, people: int, rates: float, seed: int, threads: int = 1, months: int = 60) -> None:
        """Draw a world.

        Args:
            people: number of persons.
            rates: multiplies the offence rates.
            seed: of world and luck.
            threads: of the engine.
            months: the most that `run` will be asked for.
        """
        regime = load_named("scs-mini")
        schedule = RegimeSchedule(regime)
        schedule.recorders = {}  # SCS-mini records its four numbers with mechanisms of its own
        world = build_world("mini", people=people, seed=seed)
        society = society_of(world, seed, labels_of([regime]), threads, START, span_people=1)
        if rates != 1:
            chance = world.columns["persons.rate"] / 2.0**31
            raised = np.minimum(np.round((1 - (1 - chance) ** rates) * 2.0**31), 2.0**31 - 1).astype(np.uint32)
            society.columns = {**society.columns, "persons.rate": raised}  # type: ignore[misc]
        self.people, self.threads = people, threads
        self.simulation = Simulation(society, START, months, threads)
        self.simulation.add("mini", schedule)

    def run(self, months: int) -> None:
        """Advance from the start for some months."""
        self.simulation.run(START + months)
        tallies = self.simulation.arms[0].tallies
        listed, restricted = (
            np.cumsum((tallies[f"{name}_started"] - tallies[f"{name}_ended"]).sum(axis=1)) for name in ("listed", "restricted")
        )
        self.records = list(zip(listed[:months].tolist(), restricted[:months].tolist()))
