"""SCS-mini on LASER: properties in LaserFrames, one component for each phase, each with a parallel Numba kernel of its own."""

# ruff: noqa: NPY002 (Numba kernels have only the legacy generators)
from __future__ import annotations

import numba as nb
import numpy as np
from laser.core import LaserFrame, PropertySet
from laser.core.random import prng
from laser.core.random import seed as seed_all

PARAMETERS = PropertySet({
    "regions": 64, "shape": 0.5, "scale": 0.6, "listed_factor": 0.8, "seen": 0.3, "misattributed": 0.05,
    "start": 1000, "charge": 20, "recovery": 2, "threshold": 84_000, "own_weight": 80, "term": 24, "reset": 975,
    "household_shares": [0.24, 0.29, 0.22, 0.16, 0.06, 0.03],
})  # fmt: skip


class Conduct:
    """Offences, their observation and their attribution. A charge stays in its region, so regions run in parallel without races."""

    def __init__(self, model: Model) -> None:
        self.model = model
        model.people.add_scalar_property("rate", dtype=np.float32)
        model.people.add_scalar_property("charges", dtype=np.uint8)
        model.people.add_scalar_property("observed", dtype=np.uint8)
        p = model.params
        model.people.rate[:] = prng().gamma(p.shape, p.scale, model.people.count) * (p.rates / 12)

    def step(self, tick: int) -> None:
        people, p = self.model.people, self.model.params
        self.nb_step(self.model.region_start, people.rate, people.listed, people.charges, people.observed, p.listed_factor, p.seen, p.misattributed)

    @staticmethod
    @nb.njit(nogil=True, parallel=True)
    def nb_step(region_start, rate, listed, charges, observed, listed_factor, seen, misattributed):
        for region in nb.prange(len(region_start) - 1):
            start, end = region_start[region], region_start[region + 1]
            charges[start:end] = 0
            for i in range(start, end):
                offences = np.random.poisson(rate[i] * listed_factor if listed[i] else rate[i])
                for _ in range(offences):
                    if np.random.random() < seen:
                        observed[i] = 1
                        charged = i
                        if np.random.random() < misattributed:
                            charged = np.random.randint(start, end - 1)
                            charged += charged >= i
                        charges[charged] += 1


class Ledger:
    """Scores fall by charges and recover without."""

    def __init__(self, model: Model) -> None:
        self.model = model
        model.people.add_scalar_property("score", dtype=np.int16, default=model.params.start)

    def step(self, tick: int) -> None:
        p = self.model.params
        self.nb_step(self.model.people.count, self.model.people.charges, self.model.people.score, p.charge, p.recovery, p.start)

    @staticmethod
    @nb.njit(nogil=True, parallel=True)
    def nb_step(count, charges, score, charge, recovery, start):
        for i in nb.prange(count):
            if charges[i] > 0:
                score[i] = max(0, score[i] - charge * charges[i])
            else:
                score[i] = min(start, score[i] + recovery)


class Friends:
    """Who falls below the cut when the friends' scores are counted in."""

    def __init__(self, model: Model) -> None:
        self.model = model
        count = model.people.count
        model.people.add_vector_property("friends", 8, dtype=np.int32)
        model.people.add_scalar_property("low", dtype=np.uint8)
        friends = model.people.friends
        for k in range(0, 8, 2):
            friends[k] = prng().permutation(count)
            friends[k + 1][friends[k]] = np.arange(count)

    def step(self, tick: int) -> None:
        people, p = self.model.people, self.model.params
        self.nb_step(people.count, people.score, people.friends, people.low, p.own_weight, p.threshold)

    @staticmethod
    @nb.njit(nogil=True, parallel=True)
    def nb_step(count, score, friends, low, own_weight, threshold):
        for i in nb.prange(count):
            total = own_weight * np.int32(score[i])
            for k in range(8):
                total += score[friends[k, i]]
            low[i] = total < threshold


class Register:
    """The list: entries, and removals after the term."""

    def __init__(self, model: Model) -> None:
        self.model = model
        model.people.add_scalar_property("listed", dtype=np.uint8)
        model.people.add_scalar_property("timer", dtype=np.uint8)

    def step(self, tick: int) -> None:
        people, p = self.model.people, self.model.params
        self.nb_step(people.count, people.low, people.listed, people.timer, people.score, p.term, p.reset)

    @staticmethod
    @nb.njit(nogil=True, parallel=True)
    def nb_step(count, low, listed, timer, score, term, reset):
        for i in nb.prange(count):
            if listed[i]:
                timer[i] -= 1
                if timer[i] == 0:
                    listed[i] = 0
                    score[i] = reset
            elif low[i]:
                listed[i] = 1
                timer[i] = term


class Households:
    """Everybody who lives with a listed person is restricted."""

    def __init__(self, model: Model) -> None:
        self.model = model
        count = model.people.count
        sizes = prng().choice(np.arange(1, 7), count, p=model.params.household_shares)
        sizes = sizes[: np.searchsorted(np.cumsum(sizes), count) + 1]
        sizes[-1] -= sizes.sum() - count
        model.households = LaserFrame(len(sizes))
        model.households.add_scalar_property("start", dtype=np.int32)
        model.households.add_scalar_property("size", dtype=np.uint8)
        model.households.add_scalar_property("restricted", dtype=np.uint8)
        model.households.size[:] = sizes
        model.households.start[:] = np.cumsum(sizes) - sizes

    def step(self, tick: int) -> None:
        homes, results = self.model.households, self.model.results
        results.restricted[tick] = self.nb_step(homes.count, homes.start, homes.size, homes.restricted, self.model.people.listed)

    @staticmethod
    @nb.njit(nogil=True, parallel=True)
    def nb_step(count, start, size, restricted, listed):
        persons = 0
        for h in nb.prange(count):
            found = np.uint8(0)
            for i in range(start[h], start[h] + size[h]):
                found |= listed[i]
            restricted[h] = found
            persons += found * size[h]
        return persons


class Recorder:
    """Listed, wrongly listed, mean score of the month."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def step(self, tick: int) -> None:
        people, results = self.model.people, self.model.results
        listed, wrongly, total = self.nb_step(people.count, people.listed, people.observed, people.score)
        results.listed[tick], results.wrongly[tick], results.mean_score[tick] = listed, wrongly, total / people.count

    @staticmethod
    @nb.njit(nogil=True, parallel=True)
    def nb_step(count, listed, observed, score):
        n_listed, n_wrongly, total = 0, 0, 0
        for i in nb.prange(count):
            n_listed += listed[i]
            n_wrongly += listed[i] & (observed[i] ^ 1)
            total += score[i]
        return n_listed, n_wrongly, total


class Model:
    """The frames, and the components in the order of the phases."""

    def __init__(self, people: int, rates: float, seed: int, threads: int = 1, nticks: int = 60) -> None:
        """Draw a world.

        Args:
            people: number of persons.
            rates: multiplies the offence rates.
            seed: of world and luck.
            threads: of the kernels.
            nticks: most months that `run` will be asked for.
        """
        nb.set_num_threads(threads)
        seed_all(seed)
        self.threads = threads
        self.params = PARAMETERS + PropertySet({"rates": rates, "nticks": nticks})
        self.people = LaserFrame(people)
        self.region_start = people * np.arange(self.params.regions + 1) // self.params.regions
        self.results = LaserFrame(nticks)
        for name, dtype in {"listed": np.int64, "restricted": np.int64, "wrongly": np.int64, "mean_score": np.float64}.items():
            self.results.add_scalar_property(name, dtype=dtype)
        self.components = [kind(self) for kind in (Conduct, Ledger, Friends, Register, Households, Recorder)]

    def run(self, months: int) -> None:
        """Advance from the start for some months."""
        for tick in range(months):
            for component in self.components:
                component.step(tick)
        results = self.results
        columns = (results.listed, results.restricted, results.wrongly, results.mean_score)
        self.records = list(zip(*(column[:months].tolist() for column in columns)))
