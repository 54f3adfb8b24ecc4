"""SCS-mini in plain NumPy, one array operation after another, as its author would write it."""

from __future__ import annotations

import numpy as np

REGIONS = 64
SIZES, SIZE_SHARES = np.arange(1, 7), (0.24, 0.29, 0.22, 0.16, 0.06, 0.03)


class Model:
    """The world and state of SCS-mini; `step` advances a month."""

    def __init__(self, people: int, rates: float, seed: int, threads: int = 1) -> None:
        """Draw a world.

        Args:
            people: number of persons.
            rates: multiplies the offence rates.
            seed: of world and luck.
            threads: not used, NumPy runs these operations on one.
        """
        self.rng = rng = np.random.default_rng(seed)
        self.people, self.month, self.threads = people, 0, 1
        self.monthly = rng.gamma(0.5, 0.6, people) * (rates / 12)
        sizes = rng.choice(SIZES, people, p=SIZE_SHARES)
        sizes = sizes[: np.searchsorted(np.cumsum(sizes), people) + 1]
        sizes[-1] -= sizes.sum() - people
        self.household = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        self.household_size = sizes
        self.region_start = people * np.arange(REGIONS + 1) // REGIONS
        self.friends = np.empty((8, people), np.int32)
        for k in range(0, 8, 2):
            self.friends[k] = rng.permutation(people)
            self.friends[k + 1][self.friends[k]] = np.arange(people)
        self.score = np.full(people, 1000, np.int16)
        self.listed = np.zeros(people, bool)
        self.until = np.zeros(people, np.int16)
        self.observed = np.zeros(people, bool)
        self.records: list[tuple[int, int, int, float]] = []

    def run(self, months: int) -> None:
        """Advance some months."""
        for _ in range(months):
            self.step()

    def step(self) -> None:
        """Advance one month."""
        rng, score, listed = self.rng, self.score, self.listed
        offences = rng.poisson(np.where(listed, 0.8 * self.monthly, self.monthly))

        offenders = np.flatnonzero(offences)
        offender = np.repeat(offenders, offences[offenders])
        charged = offender[rng.random(len(offender)) < 0.3]
        self.observed[charged] = True
        wrong = np.flatnonzero(rng.random(len(charged)) < 0.05)
        actor = charged[wrong]
        region = np.searchsorted(self.region_start, actor, side="right") - 1
        start, end = self.region_start[region], self.region_start[region + 1]
        other = rng.integers(start, end - 1)
        charged[wrong] = other + (other >= actor)
        charges = np.bincount(charged, minlength=self.people)

        np.minimum(score + 2, 1000, out=score, where=charges == 0)
        hit = np.flatnonzero(charges)
        score[hit] = np.maximum(score[hit] - 20 * charges[hit], 0)

        total = 80 * score.astype(np.int32)
        for friend in self.friends:
            total += score[friend]
        low = total < 84_000

        expired = listed & (self.until <= self.month)
        entering = low & ~listed
        listed[expired] = False
        score[expired] = 975
        listed[entering] = True
        self.until[entering] = self.month + 24

        restricted = np.zeros(len(self.household_size), bool)
        restricted[self.household[listed]] = True
        self.records.append((int(listed.sum()), int(self.household_size[restricted].sum()), int((listed & ~self.observed).sum()), float(score.mean())))
        self.month += 1
