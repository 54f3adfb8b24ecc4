"""Deaths, weddings, births and moves for twenty years, dated once so that every arm shares them."""

from __future__ import annotations

import numpy as np

from scslab.base.luck import ONE
from scslab.base.months import NEVER

from .people import Draft
from .tables import band_lookup


def survival_table(draft: Draft) -> np.ndarray:
    """Tabulate thresholds of being alive 0..20 whole years on, by sex and year of age; int64 (2, 125, 21)."""
    out = np.zeros((2, 125, 21))
    for sex, word in enumerate(("female", "male")):
        rates = draft.spec.values(f"demography.deaths_{word}")
        yearly = np.array(list(rates.values()))[band_lookup(list(rates))] / 1000
        out[sex, :, 0] = 1
        for y in range(20):
            out[sex, :, y + 1] = out[sex, :, y] * (1 - yearly[np.minimum(np.arange(125) + y, 124)])
    return (out * ONE + 0.5).astype(np.int64)


def add_weddings(draft: Draft, death: np.ndarray) -> np.ndarray:
    """Date weddings; returns months from the start, -1 where none."""
    from .kernels_demography import wed_blocks

    spec, columns, n = draft.spec, draft.columns, draft.people
    ages = [spec.value(f"demography.marriage_age_{s}") * 12 for s in ("women", "men")]
    chances = [spec.value(f"demography.{p}") * ONE for p in ("ever_marry", "late_marriage")]
    numbers = np.array([*ages, spec.value("demography.marriage_age_spread") * 12, *chances], np.float64).astype(np.int64)
    month, spouse = np.full(n, -1, np.int16), np.full(n, -1, np.int32)
    edges, key = columns["households.start"][draft.blocks].astype(np.int64), draft.key("world/weddings")
    draft.spans(len(edges) - 1, lambda lo, hi: wed_blocks(
        lo, hi, edges, *key, draft.age, columns["persons.sex"], draft.partner, draft.mother, columns["persons.household"], death,
        numbers, month, spouse))  # fmt: skip
    columns["persons.wed_partner"] = spouse
    return month


def add_moves(draft: Draft) -> np.ndarray:
    """Move some households once, to the place of a random person; returns months from the start, -1 where none."""
    spec, columns, n = draft.spec, draft.columns, draft.people
    start = columns["households.start"]
    words = draft.four("world/moves", len(start) - 1)
    moves = np.flatnonzero(words[0] < int(min(20 * spec.value("demography.moves"), 1.0) * ONE))
    first = start[moves]
    province = columns["places.province"][columns["persons.place"][first]]
    near = words[1][moves] < int(spec.value("demography.moves_within_province") * ONE)
    low = np.where(near, draft.province_start[province], 0)
    high = np.where(near, draft.province_start[province + 1], n)
    other = low + (words[2][moves].astype(np.int64) * (high - low) >> 31)
    to = columns["persons.place"][other]
    real = to != columns["persons.place"][first]
    month = np.full(len(start) - 1, -1, np.int16)
    place = columns["persons.place"][start[:-1]].copy()
    month[moves[real]] = 1 + words[3][moves[real]] % 240
    place[moves[real]] = to[real]
    size = np.diff(start)
    columns["persons.move_place"] = np.repeat(place, size)
    return np.repeat(month, size)


def add_births(draft: Draft, death: np.ndarray, wed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """List births; extends nothing yet.

    Returns:
        mother: int32 (births,).
        month: int16 (births,), months from the start.
    """
    from .kernels_demography import date_births

    spec, columns, n = draft.spec, draft.columns, draft.people
    values = spec.values("demography.births_in_marriage")
    rates = np.zeros(60)
    for band, rate in values.items():
        low, high = (int(p) for p in band.split("-"))
        rates[low : high + 1] = rate / 1000
    factors = np.array([v * 1024 for v in spec.values("demography.births_by_children").values()]).astype(np.int64)
    key, whole = draft.key("world/births"), (rates * ONE).astype(np.int64)
    parts: dict[int, tuple[np.ndarray, ...]] = {}

    def work(lo: int, hi: int) -> None:
        lists = np.empty(hi - lo + 64, np.int32), np.empty(hi - lo + 64, np.int32), np.empty(hi - lo + 64, np.int16)
        count = date_births(lo, hi, *key, draft.age, columns["persons.sex"], draft.partner, columns["persons.wed_partner"], wed, death,
                            draft.children, whole, factors, *lists)  # fmt: skip
        parts[lo] = tuple(a[:count] for a in lists)

    draft.spans(n, work)
    mothers, fathers, months = (np.concatenate(arrays) for arrays in zip(*(parts[lo] for lo in sorted(parts)), strict=True))
    draft.mother = np.concatenate([draft.mother, mothers])
    draft.father = np.concatenate([draft.father, fathers])
    return mothers, months


def add_demography(draft: Draft) -> None:
    """Date everything, append the unborn, and turn ages into months since 2000-01."""
    from .kernels_demography import date_deaths

    columns, n = draft.columns, draft.people
    survival = survival_table(draft)
    words = draft.four("world/deaths", n)
    death = np.empty(n, np.int16)
    draft.spans(n, lambda lo, hi: date_deaths(lo, hi, draft.age, columns["persons.sex"], survival, words[0], words[1], death))
    wed, move = add_weddings(draft, death), add_moves(draft)
    mother, month = add_births(draft, death, wed)
    born = len(mother)
    baby = draft.four("world/newborn", born)
    ratio = draft.spec.value("demography.sex_ratio_at_birth")
    sex = (baby[0] < int(ratio / (100 + ratio) * ONE)).astype(np.uint8)
    late = np.empty(born, np.int16)
    date_deaths(0, born, -month, sex, survival, baby[1], baby[2], late)
    moved = (move[mother] >= 0) & (move[mother] < month)
    columns["persons.sex"] = np.concatenate([columns["persons.sex"], sex])
    place = columns["persons.place"]
    columns["persons.place"] = np.concatenate([place, np.where(moved, columns["persons.move_place"][mother], place[mother])])
    for name, fill in (("education", 0), ("status", 0), ("firm", -1), ("income", 0), ("wed_partner", -1)):
        old = columns[f"persons.{name}"]
        columns[f"persons.{name}"] = np.concatenate([old, np.full(born, fill, old.dtype)])
    for name in ("household", "hukou", "quintile", "move_place"):
        columns[f"persons.{name}"] = np.concatenate([columns[f"persons.{name}"], columns[f"persons.{name}"][mother]])
    role = columns["persons.role"]
    columns["persons.role"] = np.concatenate([role, role[mother] & 8])
    age = np.concatenate([draft.age, -month])
    draft.age = age
    draft.partner = np.concatenate([draft.partner, np.full(born, -1, np.int32)])
    columns["persons.birth_month"] = (draft.start_month - age).astype(np.int16)
    columns["persons.death_month"] = date(np.concatenate([death, late]), draft.start_month)
    columns["persons.wed_month"] = date(np.concatenate([wed, np.full(born, -1, np.int16)]), draft.start_month)
    columns["persons.move_month"] = date(np.concatenate([move, np.where(moved, -1, move[mother]).astype(np.int16)]), draft.start_month)


def date(after: np.ndarray, start_month: int) -> np.ndarray:
    """Turn months from the start into months since 2000-01; -1 becomes never.

    Example:
        >>> date(np.array([-1, 3], np.int16), 220).tolist()
        [32767, 223]
    """
    return np.where(after < 0, NEVER, after + np.int32(start_month)).astype(np.int16)
