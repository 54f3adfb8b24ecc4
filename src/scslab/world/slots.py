"""The ages wanted in each slot of a household (husband, wife, child, elder, single, ...), before people are dealt to them.

Family gaps are drawn here; who then fills the slots follows the published cells exactly, so gaps stay lifelike and cells hold.
"""

from __future__ import annotations

import numpy as np

MONTHS = 1272
"""Ages run over [0, MONTHS) months."""

FEMALE, MALE, ANY = 0, 1, 2
CHILD, COLLECTIVE, WIFE, SINGLE = 0, 1, 2, 3
# Columns of the template table, and positions in the array of household numbers.
SIZE, COUPLE, CHILDREN, ELDERS, SIBLINGS, KIND = 0, 1, 2, 3, 4, 5
PARTNER_GAP, PARTNER_SPREAD, MOTHER_GAP, MOTHER_SPREAD, SIBLING_GAP, SINGLE_MOTHERS = 0, 1, 2, 3, 4, 5


def bell(word: np.ndarray) -> np.ndarray:
    """Sum four bytes of a word: whole numbers around 0 with spread 148, close to normal.

    Example:
        >>> bell(np.array([0, 2**31 - 1], np.uint32)).tolist()
        [-510, 510]
    """
    w = word.astype(np.int64)
    return (w & 255) + ((w >> 8) & 255) + ((w >> 16) & 255) + ((w >> 23) & 255) - 510


def mother_gap(word: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Draw mothers' ages at a birth, in months."""
    return np.clip(numbers[MOTHER_GAP] + numbers[MOTHER_SPREAD] * bell(word) // 148, 216, 528)


def partner_gap(word: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Draw husbands' ages less their wives', in months."""
    return np.clip(numbers[PARTNER_GAP] + numbers[PARTNER_SPREAD] * bell(word) // 148, -120, 168)


def wanted_ages(start: np.ndarray, templates: np.ndarray, shapes: np.ndarray, numbers: np.ndarray, ages: np.ndarray, luck: np.ndarray,
                target: np.ndarray, need: np.ndarray) -> None:  # fmt: skip
    """Write the age (months) and sex wanted in every slot.

    Args:
        start: int (households + 1), first slot of each household.
        templates: uint8 (households,), rows of `shapes`.
        ages: int16 (4, 1024), inverse cumulative tables of ages by CHILD, COLLECTIVE, WIFE, SINGLE.
        luck: uint32 (8, households).
        target: int16 (slots,), written; need: uint8 (slots,), FEMALE, MALE or ANY, written.
    """
    order = np.argsort(templates, kind="stable")
    ends = np.cumsum(np.bincount(templates, minlength=len(shapes)))
    for t, shape in enumerate(shapes):
        homes = order[ends[t - 1] if t else 0 : ends[t]]
        if not len(homes):
            continue
        at, word = start[homes].astype(np.int64), _Words(luck, homes)
        if shape[KIND] == 1 or (shape[COUPLE] == 0 and shape[CHILDREN] == 0):
            slots = [(age, ANY) for age in _unrelated(shape, ages, word)]
        else:
            slots = _family(shape, numbers, ages, word)
        for j, (age, sex) in enumerate(slots):
            target[at + j], need[at + j] = np.clip(age, 0, MONTHS - 1), sex


class _Words:
    """The words of some households, read when asked for."""

    def __init__(self, luck: np.ndarray, homes: np.ndarray) -> None:
        self.luck, self.homes = luck, homes

    def __getitem__(self, row: int) -> np.ndarray:
        return self.luck[row].take(self.homes)


def _unrelated(shape: np.ndarray, ages: np.ndarray, word: _Words) -> list[np.ndarray]:
    """Draw the ages of single persons, siblings who live together, and members of collective households."""
    table = ages[COLLECTIVE if shape[KIND] == 1 else SINGLE]
    base = table[word[0] >> np.uint32(21)].astype(np.int64)
    others = range(1, shape[SIZE])
    if shape[SIBLINGS] == 1:
        return [base, *(base + bell(word[j]) * 30 // 148 for j in others)]
    return [base, *(table[word[j] >> np.uint32(21)].astype(np.int64) for j in others)]


def _family(shape: np.ndarray, numbers: np.ndarray, ages: np.ndarray, word: _Words) -> list[tuple[np.ndarray, int | np.ndarray]]:
    """Draw the ages of a couple or single parent, their children and one parent's parents, in this order."""
    children, elders = int(shape[CHILDREN]), int(shape[ELDERS])
    first = word[0] >> np.uint32(21)
    young: list[np.ndarray] = []
    if children:
        young = _children(ages[CHILD][first].astype(np.int64), children, int(numbers[SIBLING_GAP]), word[3].astype(np.int64))
        wife = np.maximum.reduce(young) + mother_gap(word[1], numbers) - 12 * (children - 1)
    elif elders:
        wife = 300 + (word[0].astype(np.int64) >> 7) % 300
    else:
        wife = ages[WIFE][first].astype(np.int64)
    husband = wife + partner_gap(word[2], numbers)
    slots: list[tuple[np.ndarray, int | np.ndarray]]
    if shape[COUPLE]:
        slots = [(husband, MALE), (wife, FEMALE)]
    else:
        is_mother = word[7] < numbers[SINGLE_MOTHERS]
        slots = [(np.where(is_mother, wife, husband), np.where(is_mother, FEMALE, MALE))]
    slots += [(age, ANY) for age in young]
    if elders:
        woman = husband + mother_gap(word[4], numbers)
        slots.append((woman, FEMALE))
        if elders > 1:
            slots.append((woman + partner_gap(word[5], numbers), MALE))
    return slots


def _children(base: np.ndarray, number: int, sibling_gap: int, word: np.ndarray) -> list[np.ndarray]:
    """Draw children's ages around the middle one's."""
    found = []
    for j in range(number):
        gap = sibling_gap // 2 + ((word >> (5 * j)) & 1023) % sibling_gap
        age = base + ((number - 1) // 2 - j) * gap
        found.append(np.where(age < 0, base + (j + 1) * gap, age))
    return found
