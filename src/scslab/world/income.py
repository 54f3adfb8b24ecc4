"""Who has which income: households are ranked, read their income off the distribution, and share it among their members."""

from __future__ import annotations

import numpy as np

from .distribution import curve
from .people import Draft

BINS = 1 << 16
_WEIGHT = np.outer([0, 10, 9, 5, 13, 1, 1, 6], [2, 3, 4, 5, 6]).reshape(-1)
"""Relative earnings by status and education (assumed): pensions count for the retired."""


def add_income(draft: Draft) -> None:
    """Rank households by place, education and luck; read incomes per head off the curve; share them among members."""
    columns = draft.columns
    size = np.diff(columns["households.start"]).astype(np.int64)
    rank = ranks(scores(draft), size)
    point = rank / (2 * draft.people)
    income = curve(draft.spec, draft.tables.give, np.minimum(point, 1 - 0.5 / draft.people)).astype(np.int32)
    columns["households.income"] = income
    columns["households.rank"] = (rank * 128 // draft.people).clip(0, 255).astype(np.uint8)
    columns["persons.quintile"] = np.repeat((rank * 5 // (2 * draft.people)).clip(0, 4).astype(np.uint8), size)
    share_income(draft, income, size)


def scores(draft: Draft) -> np.ndarray:
    """Score households by place, the best education of a grown member, and luck; uint16."""
    columns, start = draft.columns, draft.columns["households.start"][:-1]
    urban_effect, education_effect = (int(148 * draft.spec.value(f"income.{n}_effect")) for n in ("urban", "education"))
    w = draft.words("world/income", len(start)).astype(np.int32)
    best = np.maximum.reduceat(np.where(draft.age >= 216, columns["persons.education"], 0), start).astype(np.int32)
    luck = (w & 255) + ((w >> 8) & 255) + ((w >> 16) & 255) + ((w >> 23) & 255) - 510
    score = luck + urban_effect * columns["places.urban"][columns["persons.place"][start]] + education_effect * best + 900
    # Low bits of the word break ties.
    return (score * 24 + (w ^ (w >> 12)) % 24).clip(0, BINS - 1).astype(np.uint16)


def ranks(score: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Rank households by score, weighted by their members.

    Returns:
        int64 (households,), twice the persons below, plus the household's own (so that half of it is a midpoint).

    Example:
        >>> ranks(np.array([5, 2], np.uint16), np.array([1, 3])).tolist()
        [7, 3]
    """
    order = np.argsort(score, kind="stable")
    below = np.cumsum(size[order])
    rank = np.empty(len(score), np.int64)
    rank[order] = 2 * below - size[order]
    return rank


def share_income(draft: Draft, income: np.ndarray, size: np.ndarray) -> None:
    """Share each household's income among its members by weight of status and education; the first has what is left.

    Those still at school have none; their column holds what they will earn: what their weight earns among workers of 25 to 39.
    """
    columns, start = draft.columns, draft.columns["households.start"]
    education, status, home = columns["persons.education"], columns["persons.status"], columns["persons.household"]
    own, paid = np.empty(draft.people, np.int32), {}

    def share(lo: int, hi: int) -> None:
        part = slice(start[lo], start[hi])
        weight, first, house = _WEIGHT[status[part] * 5 + education[part]], start[lo:hi] - start[lo], home[part] - lo
        mine, whole = np.where(draft.pupil[part], np.float64(0), weight), (income[lo:hi] * size[lo:hi]).astype(np.float64)
        # Whole yuan: the quotients of such numbers are never rounded up to the next one.
        given = np.floor(mine * whole[house] / np.maximum(np.add.reduceat(mine, first), 1)[house])
        given[first] += whole - np.add.reduceat(given, first)
        peers = np.flatnonzero((draft.age[part] >= 300) & (draft.age[part] < 480) & (status[part] >= 1) & (status[part] <= 4))
        paid[lo] = int(given[peers].sum()), int((weight[peers] * income[lo:hi][house[peers]].astype(np.int64)).sum())
        own[part] = np.minimum(given, 2**31 - 1)

    draft.pieces(len(size), share)
    earned, weighed = (sum(values) for values in zip(*paid.values(), strict=True))
    draft.earning = earned * 256 // max(weighed, 1)
    pupils = np.flatnonzero(draft.pupil)
    own[pupils] = future_income(draft, status[pupils], education[pupils], income[home[pupils]])
    columns["persons.income"] = own


def future_income(draft: Draft, status: np.ndarray, education: np.ndarray, head: np.ndarray) -> np.ndarray:
    """Tell what persons will earn once they have left school: what their weight earns where the income per head is `head`; int64."""
    return np.minimum(_WEIGHT[status * 5 + education] * head.astype(np.int64) * draft.earning // 256, 2**31 - 1)
