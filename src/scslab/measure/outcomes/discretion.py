"""Outcomes about discretion: how far outcomes of like acts lie apart, and for whom they are milder."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ...mechanisms.common import OFFICE
from .declare import PER_10000, Outcome

Sums = Mapping[str, np.ndarray]
COUNTERS = ("rulings.*", "ruling_months.*", "ruling_squares.*")
WITHIN = "within kinds of acts, so that only acts of one kind are compared; 0 where one tariff holds"


def _by_kind(sums: Sums, held: tuple[str, ...]) -> dict[str, list[np.ndarray]]:
    """Add up number, months and squares of each kind over the offices meant; whole numbers up to 2^53 are exact."""
    found: dict[str, list[np.ndarray]] = {}
    for place, what in enumerate(("rulings", "ruling_months", "ruling_squares")):
        for name, value in sums.items():
            root, _, rest = name.partition(".")
            rank, _, kind = rest.partition(".")
            if root == what and rank in held:
                three = found.setdefault(kind, [np.zeros_like(value) for _ in range(3)])
                three[place] = three[place] + value
    return found


def variance_for_like_acts(held: tuple[str, ...] = OFFICE.names) -> Callable[[Sums, np.ndarray], np.ndarray]:
    """Make the formula of the variance of months within kinds: sum of (squares - months^2 / number) over the number of rulings."""

    def formula(sums: Sums, followed: np.ndarray) -> np.ndarray:
        top = bottom = np.zeros(np.shape(followed))
        for number, months, squares in _by_kind(sums, held).values():
            top = top + (number * squares - months * months) / np.maximum(number, 1)
            bottom = bottom + number
        return top / np.where(bottom > 0, bottom, np.nan)

    return formula


def mean_for_like_acts(held: tuple[str, ...]) -> Callable[[Sums, np.ndarray], np.ndarray]:
    """Make the formula of the months that those of some offices get, per 100 months that everybody gets for acts of the same kinds."""

    def formula(sums: Sums, followed: np.ndarray) -> np.ndarray:
        mine, everybody = _by_kind(sums, held), _by_kind(sums, OFFICE.names)
        top = bottom = np.zeros(np.shape(followed))
        for kind, (number, months, _) in mine.items():
            all_number, all_months, _ = everybody[kind]
            top, bottom = top + months, bottom + number * all_months / np.maximum(all_number, 1)
        return top / np.where(bottom > 0, bottom, np.nan)

    return formula


def _mean(sums: Sums, followed: np.ndarray) -> np.ndarray:
    """Give the months of a ruling."""
    number = sum((value for name, value in sums.items() if name.startswith("rulings.")), np.zeros(np.shape(followed)))
    months = sum((value for name, value in sums.items() if name.startswith("ruling_months.")), np.zeros(np.shape(followed)))
    return months / np.where(number > 0, number, np.nan)


def _of(name: str, words: str, unit: str, formula: Callable[[Sums, np.ndarray], np.ndarray], per: float = 1.0, note: str = WITHIN) -> Outcome:
    return Outcome(name, words, unit, COUNTERS, "level", "formula", ("rulings",), per, events=("rulings",), formula=formula, note=note)


OUTCOMES: tuple[Outcome, ...] = (
    Outcome("rulings", "rulings of officials", PER_10000, ("rulings",), "level"),
    _of("like_acts_variance", "variance of months for like acts", "months squared", variance_for_like_acts()),
    _of("like_acts_variance_officials", "the same, acts of officials", "months squared", variance_for_like_acts(("official",))),
    _of("like_acts_variance_others", "the same, acts of those without office", "months squared", variance_for_like_acts(("none",))),
    _of("ruling_months", "months that a ruling brings", "months", _mean, note="mean over all rulings, those who were let off included"),
    _of("officials_share", "months of officials for like acts", "per 100 months of everybody", mean_for_like_acts(("official",)), 100.0,
        note="100 = the same for acts of the same kinds"),
    Outcome("let_off", "let off", "per 100 rulings", ("rulings_off",), "level", "ratio", ("rulings",), 100.0),
    Outcome("stretched", "rulings on acts the words do not name", "per 100 rulings", ("rulings_stretched",), "level", "ratio", ("rulings",), 100.0),
    Outcome("rulings_protected", "rulings on protected conduct", PER_10000, ("rulings_protected",), "level", events=("rulings",)),
)  # fmt: skip
