"""Weddings, divorces and births, dated year by year to the published rates (two years at a time where those stay the same).

Each year so many of a district's people wed, divorce and bear as the year's rate says; who they are is drawn in proportion to a rate
by age (for births also by children so far). The draw is systematic: a random start, then equal steps along the sum of the rates in
order of persons, so numbers hold exactly and no part of a district is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scslab.base.luck import ONE

from .families import YEARS, Queues
from .people import DISTRICT, Draft
from .rates import FAR, Period, by_age, periods, settled_from, yearly_rate
from .slots import PARTNER_SPREAD, partner_gap

OLDEST = 720
_NEAR = (0, 1, -1, 2, 3)
_BAND = 24
"""Months of age within which a bride does not choose."""
_BETWEEN_BIRTHS = 10
_SCALE = 1024


@dataclass(frozen=True)
class Rates:
    """What the years ask for.

    Args:
        periods: of the horizon; shares: by quantity, events per person in each period.
        births, weddings, divorces: int64, relative rates by a woman's months of age, times 1,024.
        children: int64 (4,), factors of births by children so far, times 1,024.
        gaps: int64, mean and spread of the groom's age less the bride's, months.
    """

    periods: list[Period]
    shares: dict[str, list[float]]
    births: np.ndarray
    weddings: np.ndarray
    divorces: np.ndarray
    children: np.ndarray
    gaps: np.ndarray


def make_rates(draft: Draft) -> Rates:
    """Read the spec's rates for the calendar years of the horizon."""
    spec, when = draft.spec, periods(draft.start_month, settled_from(draft.spec))
    shares = {q: [(yearly_rate(spec, q, p.year) or 0.0) / 1000 * p.months / 12 for p in when] for q in ("births", "weddings", "divorces")}
    births, weddings, divorces = (
        (by_age(spec, t) * _SCALE).astype(np.int64) for t in ("births_in_marriage", "weddings_by_age", "divorces_by_age")
    )
    births[:192] = 0  # mothers of at least 16
    children = np.array([v * _SCALE for v in spec.values("demography.births_by_children").values()]).astype(np.int64)
    older = spec.value("demography.marriage_age_men") - spec.value("demography.marriage_age_women")
    gaps = np.array([older * 12, draft.tables.numbers[PARTNER_SPREAD]]).astype(np.int64)
    return Rates(when, shares, births, weddings, divorces, children, gaps)


class Rows:
    """Columns that grow at the end and are thinned out together, in place while they have room."""

    def __init__(self, **columns: np.ndarray) -> None:
        self._room = {name: np.concatenate([column, np.empty(len(column) // 3 + 64, column.dtype)]) for name, column in columns.items()}
        self._show(len(next(iter(columns.values()))))

    def __getattr__(self, name: str) -> np.ndarray:
        raise AttributeError(f"no column '{name}'")

    def __len__(self) -> int:
        return self._size

    def rows(self, at: np.ndarray) -> dict[str, np.ndarray]:
        """Read some rows of every column."""
        return {name: column[at] for name, column in self._room.items()}

    def _show(self, size: int) -> None:
        self._size = size
        self.__dict__.update({name: column[:size] for name, column in self._room.items()})

    def add(self, **columns: np.ndarray) -> None:
        """Append rows."""
        old, size = self._size, self._size + len(next(iter(columns.values())))
        for name, column in columns.items():
            if size > len(self._room[name]):
                self._room[name] = np.concatenate([self._room[name], np.empty(size, column.dtype)])
            self._room[name][old:size] = column
        self._show(size)

    def keep(self, mask: np.ndarray) -> None:
        """Drop all other rows."""
        at = np.flatnonzero(mask)
        for column in self._room.values():
            column[: len(at)] = column[at]
        self._show(len(at))


def systematic(weight: np.ndarray, number: int, word: int) -> np.ndarray:
    """Draw positions in proportion to their weights: a random start, then equal steps along the running sum.

    Args:
        weight: int64; number: how many; word: in [0, 2^31), sets the start.

    Returns:
        ascending positions, at most `number` (each counts once, however heavy).

    Example:
        >>> systematic(np.array([1, 0, 1, 2]), 2, 0).tolist()
        [0, 3]
    """
    run = np.cumsum(weight)
    if number <= 0 or not len(run) or run[-1] == 0:
        return np.zeros(0, np.int64)
    points = int(run[-1]) * np.arange(number) // number + int(run[-1]) * word // number // ONE
    at = np.searchsorted(run, points, side="right")
    return at[np.diff(at, prepend=-1) > 0]


def month_of(who: np.ndarray, period: Period, salt: int) -> np.ndarray:
    """Spread events over the months of a period by a hash of the person; int16."""
    low = np.uint64(0xFFFFFFFF)
    mixed = (who.astype(np.uint64) * np.uint64(0x9E3779B1) + np.uint64(salt)) & low
    mixed = ((mixed ^ (mixed >> np.uint64(15))) * np.uint64(0x85EBCA6B)) & low
    return (period.first + ((mixed >> np.uint64(8)) * np.uint64(period.months) >> np.uint64(24)).astype(np.int64)).astype(np.int16)


class District:
    """The families of one district, year by year.

    Args:
        luck: uint32 (people,): for women the age of the groom they look for, for men their order, and starts of draws.
        death: int16, months from the start, `FAR` beyond the horizon.
        dates: `wed`, `divorce` (int16, `FAR` = never) and `spouse` (int32, -1), written.
    """

    def __init__(self, draft: Draft, lo: int, hi: int, luck: np.ndarray, death: np.ndarray, dates: dict[str, np.ndarray]) -> None:
        self.draft, self.luck, self.death, self.dates, self.lo = draft, luck, death, dates, lo
        edges = draft.columns["households.start"][draft.blocks].astype(np.int64)
        inside = edges[np.searchsorted(edges, lo) : np.searchsorted(edges, hi) + 1]
        self.block = np.repeat(np.arange(len(inside) - 1), np.diff(inside))
        sex, age, partner = draft.columns["persons.sex"][lo:hi], draft.age[lo:hi], draft.partner[lo:hi]
        # Old wives, young single women and boys come first, so that what a year needs not look at lies in front.
        wives = np.flatnonzero((sex == 0) & (partner >= 0) & (age < OLDEST))
        wives = wives[np.argsort((OLDEST - age[wives]).astype(np.uint16), kind="stable")] + lo
        husbands = self._persons(draft.partner[wives].astype(np.int64))
        self.couples = Rows(**self._couples(self._persons(wives), husbands, np.zeros(len(wives), np.int16)))
        alone = (age < OLDEST) & (partner < 0)
        # Within their age men stand in a random order, in which they are found.
        men = np.flatnonzero(alone & (sex == 1))
        men = men[np.argsort((luck[lo:hi][men] >> np.uint32(15)).astype(np.uint16), kind="stable")]
        self.women, self.men = (
            Rows(**self._singles(who[np.argsort(age[who].astype(np.uint16), kind="stable")] + lo))
            for who in (np.flatnonzero(alone & (sex == 0)), men)
        )
        self.deaths, self.alive, self.size = np.bincount(np.minimum(death[lo:hi], 999), minlength=1000), float(hi - lo), hi - lo
        # What is left over when events are rounded down; it starts at random, so that small districts do not round everything down.
        self.owed = {quantity: int(luck[lo + k % self.size]) / ONE for k, quantity in enumerate(("births", "weddings", "divorces"))}
        self.born: list[tuple[np.ndarray, ...]] = []

    def _couples(self, wives: dict[str, np.ndarray], husbands: dict[str, np.ndarray], since: np.ndarray) -> dict[str, np.ndarray]:
        return {
            "wife": wives["id"], "husband": husbands["id"], "since": since, "age": wives["age"], "father_age": husbands["age"],
            "end": np.minimum(wives["end"], husbands["end"]), "first": wives["first"] & husbands["first"],
            "last_birth": np.full(len(since), -99, np.int16),
            "children": np.minimum(self.draft.children[wives["id"]], 3).astype(np.int64),
        }  # fmt: skip

    def _persons(self, who: np.ndarray, first: bool = True) -> dict[str, np.ndarray]:
        """Look up what couples and singles are asked; `first`: they have not been divorced."""
        return {"id": who, "age": self.draft.age[who].astype(np.int64), "end": self.death[who], "first": np.full(len(who), first)}

    def _singles(self, who: np.ndarray, first: bool = True) -> dict[str, np.ndarray]:
        """Look up what else singles are asked: where they live, and their mothers."""
        home = self.draft.columns["persons.household"][who]
        return {**self._persons(who, first), "block": self.block[who - self.lo], "home": home, "mother": self.draft.mother[who]}

    def live(self, rates: Rates) -> None:
        """Go through the years."""
        for k, period in enumerate(rates.periods):
            gone = int(self.deaths[period.first : period.last + 1].sum())
            people = self.alive - gone / 2
            counts = {quantity: self._number(quantity, rates.shares[quantity][k] * people) for quantity in self.owed}
            words = self.luck[self.lo + (3 * k + np.arange(3, 6)) % self.size]
            born = self._bear(rates, period, counts["births"], int(words[0]))
            parted = self._part(rates, period, counts["divorces"], int(words[1]))
            self._wed(rates, period, counts["weddings"], int(words[2]))
            for singles, who in zip((self.women, self.men), parted, strict=True):
                singles.add(**self._singles(who[self.dates["wed"][who] == FAR], first=False))
            self.alive += born - gone
            if k % 5 == 4:
                for rows in (self.couples, self.women, self.men):
                    rows.keep((rows.end > period.last) & (rows.age + period.last < OLDEST))

    def _number(self, quantity: str, expected: float) -> int:
        """Turn an expected number of events into a whole one; what is not met waits, at most for a year."""
        self.owed[quantity] = min(self.owed[quantity], 1.0 + expected) + expected
        return int(self.owed[quantity])

    def _bear(self, rates: Rates, period: Period, number: int, word: int) -> int:
        """Date births of couples who wed before this year."""
        c = self.couples
        skip = _leading(c.age >= 600 - period.first)
        age = c.age[skip:] + period.first
        able = (c.end[skip:] > period.last) & (c.since[skip:] < period.first) & (c.last_birth[skip:] <= period.first - _BETWEEN_BIRTHS)
        able &= (c.father_age[skip:] <= 720 - period.last) & (c.father_age[skip:] >= 192 - period.first)
        at = skip + systematic(rates.births[age] * rates.children[c.children[skip:]] * able, number, word)
        month = month_of(c.wife[at], period, 1)
        c.last_birth[at] = month
        c.children[at] = np.minimum(c.children[at] + 1, 3)
        self.born.append((c.wife[at].astype(np.int32), c.husband[at].astype(np.int32), month))
        self.owed["births"] -= len(at)
        return len(at)

    def _part(self, rates: Rates, period: Period, number: int, word: int) -> tuple[np.ndarray, np.ndarray]:
        """Date divorces; a person divorces at most once."""
        c = self.couples
        able = (c.end > period.last) & (c.since < period.first) & c.first
        at = systematic(rates.divorces[c.age + period.first] * able, number, word)
        month = month_of(c.wife[at], period, 2)
        c.end[at] = month
        for who in (c.wife[at], c.husband[at]):
            self.dates["divorce"][who] = month
        self.owed["divorces"] -= len(at)
        return c.wife[at], c.husband[at]

    def _wed(self, rates: Rates, period: Period, number: int, word: int) -> None:
        """Date weddings of women drawn by age with men of the same block of about the age they look for, never with kin."""
        w, m = self.women, self.men
        skip = _leading(w.age < 240 - period.first)
        brides = skip + systematic(rates.weddings[w.age[skip:] + period.first] * (w.end[skip:] > period.last), number, word)
        wish = (w.age[brides] + period.first + partner_gap(self.luck[w.id[brides]], rates.gaps)) // _BAND
        skip = _leading(m.age < 264 - period.first)
        age = m.age[skip:] + period.first
        able = np.flatnonzero((m.end[skip:] > period.last) & (age < OLDEST))
        grooms = skip + able
        offers = Queues(m.block[grooms] * YEARS + age[able] // _BAND, (DISTRICT + 1) * YEARS)
        seeks, pairs = w.block[brides] * YEARS + wish, []
        for near in _NEAR:
            a, b = offers.take(seeks + near)
            one, other = brides[a], grooms[b]
            # Neither of one home nor of one mother; and too near in age to be parent and child.
            fit = (np.abs(w.age[one] - m.age[other]) < 192) & (w.home[one] != m.home[other]) & ((w.mother[one] < 0) | (w.mother[one] != m.mother[other]))
            pairs.append((one[fit], other[fit]))
            stays = np.ones(len(brides), bool)
            stays[a[fit]] = False
            brides, seeks = brides[stays], seeks[stays]
            if not len(brides):
                break
        a, b = (np.concatenate(side) for side in zip(*pairs, strict=True))
        month = month_of(w.id[a], period, 3)
        for one, other in ((w.id[a], m.id[b]), (m.id[b], w.id[a])):
            self.dates["wed"][one], self.dates["spouse"][one] = month, other
        self.couples.add(**self._couples(w.rows(a), m.rows(b), month))
        w.end[a] = m.end[b] = 0
        self.owed["weddings"] -= len(a)


def _leading(mask: np.ndarray) -> int:
    """Count the true values in front."""
    return int(np.argmin(mask)) if len(mask) and not mask.all() else len(mask)


def date_families(draft: Draft, death: np.ndarray) -> tuple[np.ndarray, ...]:
    """Date weddings, divorces and births; adds `persons.wed_partner`, and the parents of those born.

    Args:
        death: int16, months from the start, `FAR` beyond the horizon.

    Returns:
        wed, divorce: int16 (people,), months from the start, `FAR` where none.
        mother, father: int32, month: int16 (births,), district by district, in order of year.
    """
    n, rates = draft.people, make_rates(draft)
    dates = {"wed": np.full(n, FAR, np.int16), "divorce": np.full(n, FAR, np.int16), "spouse": np.full(n, -1, np.int32)}
    luck, born = draft.words("world/families", n), {}

    def work(number: int, lo: int, hi: int) -> None:
        district = District(draft, lo, hi, luck, death, dates)
        district.live(rates)
        born[number] = [np.concatenate(column) for column in zip(*district.born, strict=True)]

    draft.each_district(work)
    draft.columns["persons.wed_partner"] = dates["spouse"]
    lists = [np.concatenate(column) for column in zip(*(born[k] for k in sorted(born)), strict=True)]
    return dates["wed"], dates["divorce"], *lists
