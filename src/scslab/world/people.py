"""The world in the making: its luck, its threads, and how people are cut into households and places."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from scslab.base.luck import stream_key

from .spec import Spec
from .tables import Tables

BLOCK = 16_384
"""Persons whose ages are dealt together; a whole number of households."""

PIECE = 65_536
"""Ids that NumPy works on at one time, so that what it passes over stays in the cache."""

DISTRICT = 16
"""Blocks whose persons are married, moved and so on together."""


@dataclass
class Draft:
    """A world in the making; ages are months at the start."""

    spec: Spec
    tables: Tables
    people: int
    seed: int
    threads: int
    start_month: int
    columns: dict[str, np.ndarray] = field(default_factory=dict)
    province_start: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    templates: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint8))
    blocks: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    age: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int16))
    partner: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))
    mother: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))
    father: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))
    children: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int8))
    pupil: np.ndarray = field(default_factory=lambda: np.zeros(0, np.bool_))
    schooling: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    statuses: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    earning: int = 0

    def key(self, name: str) -> tuple[np.uint64, np.uint64]:
        """Key of one declared stream."""
        k0, k1 = stream_key(self.seed, name)
        return np.uint64(k0), np.uint64(k1)

    def spans(self, size: int, work: Callable[[int, int], object], grain: int = 1) -> None:
        """Run `work(lo, hi)` over [0, size) on the draft's threads, each span a multiple of `grain`."""
        parts = min(self.threads, max(1, size // max(grain, 1)))
        edges = [(size * p // parts) // grain * grain for p in range(parts)] + [size]
        self._map([(edges[p], edges[p + 1]) for p in range(parts)], work)

    def pieces(self, size: int, work: Callable[[int, int], object]) -> None:
        """Run `work(lo, hi)` over [0, size) in pieces that a cache holds, on the draft's threads: for NumPy, which passes over them often."""
        self._map([(lo, min(lo + PIECE, size)) for lo in range(0, size, PIECE)], work)

    def _map(self, ranges: list[tuple[int, ...]], work: Callable[..., object]) -> None:
        if self.threads == 1 or len(ranges) <= 1:
            for one in ranges:
                work(*one)
            return
        with ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(lambda one: work(*one), ranges))

    def districts(self) -> list[tuple[int, int]]:
        """List ranges of persons, `DISTRICT` blocks each: what is worked through with NumPy at one time. They do not depend on threads."""
        edges = self.columns["households.start"][self.blocks].tolist()
        inner = edges[:-1:DISTRICT]
        return list(zip(inner, [*inner[1:], edges[-1]], strict=True))

    def each_district(self, work: Callable[[int, int, int], object]) -> None:
        """Run `work(number, lo, hi)` for every district on the draft's threads."""
        self._map([(number, lo, hi) for number, (lo, hi) in enumerate(self.districts())], work)

    def words(self, name: str, size: int) -> np.ndarray:
        """Draw one word per id 0..size-1."""
        return self._draw(name, 1, size)[0]

    def four(self, name: str, size: int) -> np.ndarray:
        """Draw four words per id: uint32 (4, size)."""
        return self._draw(name, 4, size)

    def _draw(self, name: str, rows: int, size: int) -> np.ndarray:
        from .kernels_columns import draw_into

        key, out = self.key(name), np.empty((rows, size), np.uint32)
        self.spans(size, lambda lo, hi: draw_into(*key, lo, hi, out))
        return out

    def strata(self, name: str, size: int) -> np.ndarray:
        """Draw one stratified word per id: shares hold tightly in every stretch of ids."""
        from scslab.base.luck_kernels import strata_into

        key, out = self.key(name), np.empty(size, np.uint32)
        self.spans(size, lambda lo, hi: strata_into(*key, lo, hi, out))
        return out


def lay_out_households(draft: Draft) -> None:
    """Cut the population into households of the published sizes; the last few persons live alone."""
    shapes, people = draft.tables.shapes, draft.people
    mean = float((np.diff(draft.tables.template_cut, prepend=0) * shapes[:, 0]).sum()) / 2**31
    guess = int(people / mean * 1.02) + 200
    words = draft.strata("world/household", guess)
    drawn = np.searchsorted(draft.tables.template_cut, words, side="right").astype(np.uint8)
    size = shapes[:, 0].astype(np.int32)[drawn]
    end = np.cumsum(size, dtype=np.int64)
    whole = int(np.searchsorted(end, people, side="right"))
    left = people - (int(end[whole - 1]) if whole else 0)
    alone = int(np.flatnonzero((shapes[:, 0] == 1) & (shapes[:, 5] == 0))[0])
    draft.templates = np.concatenate([drawn[:whole], np.full(left, alone, np.uint8)])
    start = np.zeros(whole + left + 1, np.int32)
    start[1 : whole + 1] = end[:whole]
    start[whole + 1 :] = np.arange(people - left + 1, people + 1)
    draft.columns["households.start"] = start
    draft.columns["households.kind"] = shapes[:, 5].astype(np.uint8)[draft.templates]
    edges = np.searchsorted(start, np.arange(0, max(people - BLOCK // 2, 1), BLOCK), side="left")
    draft.blocks = np.unique(np.concatenate([edges, [len(start) - 1]])).astype(np.int64)


def lay_out_places(draft: Draft) -> None:
    """Share people among provinces, urban and rural, and places by largest remainder, moved to the nearest household border."""
    tables, start = draft.tables, draft.columns["households.start"]
    share = np.stack([tables.population * tables.urban, tables.population * (1 - tables.urban)], axis=1).reshape(-1)
    run = np.cumsum(share)
    edge = (run / run[-1] * draft.people + 0.5).astype(np.int64)
    size = np.diff(edge, prepend=0)
    wanted = draft.spec.value("places.people_per_place")
    number = np.maximum((size / max(wanted, draft.people / 60_000) + 0.5).astype(np.int64), 1)
    ends, group = [], []
    for g in range(len(size)):
        ends.append(edge[g] - size[g] + size[g] * np.arange(1, number[g] + 1) // number[g])
        group.append(np.full(number[g], g))
    after = np.searchsorted(start, np.concatenate(ends), side="left")
    above, below = start[after].astype(np.int64), start[np.maximum(after - 1, 0)].astype(np.int64)
    want = np.concatenate(ends)
    border = np.where(above - want <= want - below, above, below)
    border[-1] = draft.people
    place_start = np.concatenate([[0], border])
    keep = np.diff(place_start) > 0
    groups = np.concatenate(group)[keep]
    place_start = np.concatenate([[0], border[keep]]).astype(np.int32)
    draft.columns["places.start"] = place_start
    draft.columns["places.province"] = (groups // 2).astype(np.uint8)
    draft.columns["places.urban"] = (groups % 2 == 0).astype(np.uint8)
    counts = np.diff(place_start)
    draft.columns["persons.place"] = np.repeat(np.arange(len(counts), dtype=np.uint16), counts)
    draft.columns["persons.household"] = np.repeat(np.arange(len(start) - 1, dtype=np.int32), np.diff(start))
    by_province = np.zeros(len(tables.provinces), np.int64)
    np.add.at(by_province, groups // 2, counts)
    draft.province_start = np.concatenate([[0], np.cumsum(by_province)])
