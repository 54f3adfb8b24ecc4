"""Deaths, and everybody who is born within twenty years; dated once, so that every arm shares them."""

from __future__ import annotations

import numpy as np

from scslab.base.luck import ONE
from scslab.base.months import NEVER

from .income import future_income
from .marriages import date_families
from .model import MOVES_ALONE
from .moves import date_moves
from .people import Draft
from .persons import MINORITY, pick
from .rates import FAR, HORIZON, yearly_rate
from .tables import band_lookup, by_year, total
from .work import DRIVER, driver_table

YEARS = HORIZON // 12


def survival_table(draft: Draft) -> np.ndarray:
    """Tabulate thresholds of being alive 0..20 whole years on, by sex and year of age; int64 (2, 125, 21).

    Each year's chances of death by age are scaled so that the published population, ageing under them, dies at the published rate of
    that year; after the last published year they stay.
    """
    spec, chance = draft.spec, np.zeros((2, 125))
    for sex, word in enumerate(("female", "male")):
        rates = spec.values(f"demography.deaths_{word}")
        chance[sex] = np.array(list(rates.values()))[band_lookup(list(rates))] / 1000
    people = np.zeros((2, 125))
    people[:, :105] = total(by_year(draft.tables.by_age) * draft.tables.population[:, None, None], 0)
    out, factor = np.ones((2, 125, YEARS + 1)), 1.0
    for y in range(YEARS):
        month = draft.start_month + 12 * y + 1 + np.arange(12)
        asked = [yearly_rate(spec, "deaths", 2000 + int(m) // 12) for m in month]
        if None not in asked:
            wanted = sum(rate for rate in asked if rate is not None) / 12000
            factor = wanted * float(total(people.reshape(-1))) / float(total((people * chance).reshape(-1)))
        yearly = np.minimum(chance * factor, 1.0)
        out[:, :, y + 1] = out[:, :, y] * (1 - yearly[:, np.minimum(np.arange(125) + y, 124)])
        born = float(total(people.reshape(-1))) * (yearly_rate(spec, "births", 2000 + int(month[6]) // 12) or 0.0) / 2000
        people[:, 1:] = (people * (1 - yearly))[:, :-1]
        people[:, 0] = born
    return (out * ONE + 0.5).astype(np.int64)


def date_deaths(age: np.ndarray, sex: np.ndarray, survival: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Date deaths.

    Args:
        age: int16, months at the start; negative for those not yet born, whose clock starts at birth.
        survival: from `survival_table`.
        words: uint32 (n,); where it falls among thresholds says the year, its rest by twelve the month.

    Returns:
        int16, months from the start, `FAR` beyond the horizon.
    """
    row = sex.astype(np.int64) * 125 + np.maximum(age, 0) // 12
    lines = survival.reshape(250, YEARS + 1)
    dies = np.flatnonzero(words >= lines[row, YEARS])
    word, row, unborn = words[dies].astype(np.int64), row[dies], np.maximum(-age[dies].astype(np.int64), 0)
    # Whole years survived: how many thresholds lie above the word.
    whole = np.zeros(len(dies), np.int64)
    for y in range(1, YEARS):
        whole += word < lines[row, y]
    at = unborn + whole * 12 + 1 + word % 12
    out = np.full(len(age), FAR, np.int16)
    out[dies] = np.where(at <= HORIZON, at, FAR)
    return out


def add_demography(draft: Draft) -> None:
    """Date everything, append the unborn, and turn ages into months since 2000-01."""
    columns, n = draft.columns, draft.people
    survival, words = survival_table(draft), draft.words("world/deaths", n)
    death = np.empty(n, np.int16)

    def work(lo: int, hi: int) -> None:
        death[lo:hi] = date_deaths(draft.age[lo:hi], columns["persons.sex"][lo:hi], survival, words[lo:hi])

    draft.pieces(n, work)
    wed, divorce, mother, father, born = date_families(draft, death)
    move = date_moves(draft, death, wed, divorce)
    draft.mother, draft.father = np.concatenate([draft.mother, mother]), np.concatenate([draft.father, father])
    never = np.full(len(mother), FAR, np.int16)
    draft.partner = np.concatenate([draft.partner, np.full(len(mother), -1, np.int32)])
    death, move = add_unborn(draft, mother, born, survival, death, move)
    draft.age = np.concatenate([draft.age, -born])
    columns["persons.birth_month"] = (draft.start_month - draft.age).astype(np.int16)
    months = {"death": death, "move": move, "wed": np.concatenate([wed, never]), "divorce": np.concatenate([divorce, never])}
    for name, after in months.items():
        columns[f"persons.{name}_month"] = date(after, draft.start_month)


def add_unborn(draft: Draft, mother: np.ndarray, born: np.ndarray, survival: np.ndarray, death: np.ndarray, move: np.ndarray
               ) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Append those not yet born to the columns: with their mother in everything but sex, death, and what becomes of them once grown.

    Args:
        mother: int32, born: int16, months from the start, one per person not yet born.
        death, move: int16, months from the start, of those alive.

    Returns:
        death and move of everybody.
    """
    columns, n = draft.columns, len(mother)
    baby, school = draft.four("world/newborn", n), draft.four("world/newborn school", n)
    ratio = draft.spec.value("demography.sex_ratio_at_birth")
    sex = (baby[0] < int(ratio / (100 + ratio) * ONE)).astype(np.uint8)
    moved = move[mother] < born
    place = np.where(moved, columns["persons.move_place"][mother], columns["persons.place"][mother])
    urban = columns["places.urban"][place].astype(np.int64)
    schooling = draft.schooling.reshape(-1, draft.schooling.shape[2], 5)[:, 0]
    education = pick(school[0], schooling, columns["places.province"][place].astype(np.int64) * 2 + urban)
    status = pick(school[1], draft.statuses, (urban * 2 + sex) * 5)
    # A child moves as the mother does, if she still does.
    role = columns["persons.role"][mother] & np.where(moved, MINORITY, MINORITY | MOVES_ALONE).astype(np.uint8)
    driver = (school[2] < driver_table(draft)[sex, 0]).astype(np.uint8) * np.uint8(DRIVER)
    new = {
        "sex": sex, "place": place, "education": education, "status": status, "role": role | driver,
        "income": future_income(draft, status, education, columns["households.income"][columns["persons.household"][mother]]),
        "firm": np.full(n, -1), "wed_partner": np.full(n, -1),
        **{name: columns[f"persons.{name}"][mother] for name in ("household", "hukou", "quintile", "move_place")},
    }  # fmt: skip
    for name, values in new.items():
        old = columns[f"persons.{name}"]
        columns[f"persons.{name}"] = np.concatenate([old, values.astype(old.dtype, copy=False)])
    late = date_deaths(-born, sex, survival, baby[1])
    return np.concatenate([death, late]), np.concatenate([move, np.where(moved, np.int16(FAR), move[mother])])


def date(after: np.ndarray, start_month: int) -> np.ndarray:
    """Turn months from the start into months since 2000-01; `FAR` becomes never.

    Example:
        >>> date(np.array([FAR, 3], np.int16), 220).tolist()
        [32767, 223]
    """
    return np.where(after == FAR, np.int16(NEVER), after + np.int16(start_month))
