"""What several mechanisms need: ages, who can act, traits as factors, chances in fixed point, rationing in keyed order.

Chances are thresholds in [0, 2^31], factors numerators over 2^16 (`engine.access.FACTOR_SHIFT`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from ..base.luck import ONE
from ..base.parameters import FACTOR_ONE, Domain
from ..engine import kernels
from ..engine.declare import LABEL_BITS
from ..engine.rows import APART, SUBJECT_SHIFT
from ..world.model import SCHOOL_ENDS
from .kinds import BASIS

FACTOR_SHIFT = 16
ADULT = 18
DRIVER = 4
"""Bit of `persons.role`: holds a driving licence."""

ROOT_BITS = LABEL_BITS
"""Numbers of lists lie below 2^10; above them stands the number of the agency that acts upon a listing (`enforce.joint`), 0 for the list's own."""

ALIVE = ("persons.birth_month", "persons.death_month")
"""What `living`, `age_years` and `age_band` read."""

SEX = Domain("sex", ("female", "male"))
AGE = Domain("age", ("minor", "18_29", "30_39", "40_49", "50_59", "60_plus"))
AGE_CUTS = (18, 30, 40, 50, 60)
STATUS = Domain("status", ("minor", "employee", "self_employed", "farmer", "public_sector", "unemployed", "not_in_labour_force", "retired"))
"""Codes of `persons.status`."""

OFFICE = Domain("office", ("none", "officer", "official"))
"""What `office` tells: officers of firms, officials of the state, everybody else."""

EVERYBODY = 10_000
"""Capacity of a `Pool` trigger that hands over every waiting row at once, of the whole population: for rationing."""


def age_years(cols: Any, subjects: np.ndarray) -> np.ndarray:
    """Give ages in completed years (negative before birth)."""
    return (cols.month - cols.persons.birth_month[subjects].astype(np.int64)) // 12


def age_band(cols: Any, subjects: np.ndarray) -> np.ndarray:
    """Give codes of `AGE`."""
    birth, band = cols.persons.birth_month[subjects], np.zeros(len(subjects), np.uint8)
    for cut in AGE_CUTS:  # a comparison of narrow numbers is far quicker than a division and a search
        band += birth <= cols.month - 12 * cut
    return band


def office(role: np.ndarray) -> np.ndarray:
    """Give codes of `OFFICE` from values of `persons.role`; an official who is an officer of a firm too counts as an official.

    Example:
        >>> office(np.array([0, 1, 2, 3, 4], np.uint8)).tolist()
        [0, 2, 1, 2, 0]
    """
    role = np.asarray(role)
    return np.where(role & 1 > 0, OFFICE.code("official"), np.where(role & 2 > 0, OFFICE.code("officer"), OFFICE.code("none")))


def living(cols: Any, subjects: np.ndarray, least_years: int = ADULT) -> np.ndarray:
    """Tell who is alive and at least so old."""
    able = cols.persons.birth_month[subjects] <= cols.month - 12 * least_years
    able &= cols.persons.death_month[subjects] > cols.month
    return able


def living_in_all(cols: Any, least_years: int = ADULT) -> int:
    """Count who is alive and at least so old, without looking anybody up."""
    able = cols.persons.birth_month <= cols.month - 12 * least_years
    able &= cols.persons.death_month > cols.month
    return int(np.count_nonzero(able))


def _living_from(least_years: int) -> Callable[[Any, int], np.ndarray]:
    def able(columns: Any, month: int) -> np.ndarray:
        return (columns["persons.birth_month"] <= month - 12 * least_years) & (columns["persons.death_month"] > month)

    return able


alive, adults, over_14, over_16 = (_living_from(years) for years in (0, ADULT, 14, 16))
"""Who can meet an occasion, for `Occasions(able=)`: everybody alive, everybody of age, and the young from 14 or 16 years on."""


def drivers(columns: Any, month: int) -> np.ndarray:
    """Tell who is of age and holds a driving licence, for `Occasions(able=)`."""
    return adults(columns, month) & (columns["persons.role"] & DRIVER > 0)


def left_school(cols: Any, subjects: np.ndarray) -> np.ndarray:
    """Tell who has left school: from then on `persons.status` and `persons.income` hold. Reads `persons.birth_month` and `persons.education`."""
    return age_years(cols, subjects) >= SCHOOL_ENDS[cols.persons.education[subjects]]


def standing(cols: Any, subjects: np.ndarray, name: str) -> np.ndarray:
    """Give the status or income that persons have now: 0 (no status, as of minors; no income) as long as they are at school. Reads what `left_school` reads."""
    return np.where(left_school(cols, subjects), getattr(cols.persons, name)[subjects].astype(np.int64), 0)


@cache
def _curve(power: int) -> np.ndarray:
    """Tabulate (quantile / 255) to a whole power over 2^16, in integers."""
    share = np.arange(256, dtype=np.int64) * FACTOR_ONE // 255
    factor = share
    for _ in range(power - 1):
        factor = (factor * share) >> FACTOR_SHIFT
    return factor


def of_place(cols: Any, who: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the first person and the number of persons of each one's place, for `cols.pick`. Reads persons.place and places.start."""
    place = cols.persons.place[who].astype(np.int64)
    start = cols.places.start[place].astype(np.int64)
    return start, cols.places.start[place + 1] - start


def rising(quantile: np.ndarray, power: int = 1) -> np.ndarray:
    """Turn a stored propensity 0..255 into a factor from 0 to 1 (over 2^16), to a whole power that concentrates it on few."""
    return _curve(power)[quantile]


def falling(quantile: np.ndarray, power: int = 1) -> np.ndarray:
    """Turn a stored propensity into a factor from 1 to 0 (over 2^16): the mirror image of `rising`."""
    return _curve(power)[::-1][quantile]


def thinned(chance: Any, *factors: Any) -> Any:
    """Multiply a threshold by factors over 2^16, cut at certainty."""
    for factor in factors:
        chance = np.minimum((chance * factor) >> FACTOR_SHIFT, ONE)
    return chance


def shares(chance: int, curve: str, power: int = 1) -> np.ndarray:
    """Give the threshold of each class of a propensity: `chance` times its rising or falling curve; for `Occasions(share=)`."""
    return thinned(chance, _curve(power) if curve == "rising" else _curve(power)[::-1])


def by_kind(limits: np.ndarray) -> np.ndarray:
    """Stretch thresholds by kind to all 256 codes; for `Rows(prune=)`."""
    return np.concatenate([limits, np.zeros(256 - len(limits), limits.dtype)])


def lasting(luck: Any, draw: str, ids: np.ndarray) -> np.ndarray:
    """Draw words that last: the same for a person (or the id of a row that stays) in every month."""
    word = np.empty(len(ids), np.uint32)
    kernels.philox_ids(np.ascontiguousarray(ids, np.int64), np.uint64(0), np.uint64(0), *luck.key(draw), word)
    return word


def word_then(luck: Any, draw: str, ids: np.ndarray, months: np.ndarray, ordinal: int = 0) -> np.ndarray:
    """Draw again the words that rows drew in an earlier month, each in its own."""
    ids, months = np.asarray(ids, np.int64), np.asarray(months, np.int64)
    word = np.empty(len(ids), np.uint32)
    for month in np.unique(months).tolist():
        at = np.flatnonzero(months == month)
        then = np.empty(len(at), np.uint32)
        kernels.philox_ids(np.ascontiguousarray(ids[at]), np.uint64(month), np.uint64(ordinal), *luck.key(draw), then)
        word[at] = then
    return word


def times(chance: Any, other: Any) -> Any:
    """Multiply two thresholds: the chance that both of two independent things happen."""
    return (chance * other) >> 31


def acting(rows: Any, cols: Any, luck: Any, quantity: str, chance: Any, at: np.ndarray | None = None, draw: str = "act") -> np.ndarray:
    """Give the positions of those who act, of all rows or of those `at`: chance times what modifiers of the quantity say, one word each."""
    moved = cols.moved(quantity, rows.subject if at is None else rows.subject[at])
    acts = luck.of(rows).below(draw, chance if moved is None else thinned(chance, moved), at)
    return np.flatnonzero(acts) if at is None else at[acts]


def unless_deterred(rows: Any, cols: Any, luck: Any, quantity: str, draw: str = "act") -> np.ndarray | None:
    """Give the positions of those who act although modifiers (at most 1) of the quantity speak against it; None when everybody does."""
    moved = cols.moved(quantity, rows.subject)
    if moved is None:
        return None
    torn = np.flatnonzero(moved < FACTOR_ONE)
    if not len(torn):
        return None
    acts = np.ones(len(rows), bool)
    acts[torn] = luck.of(rows).below(draw, moved[torn] * (ONE // FACTOR_ONE), torn)
    return np.flatnonzero(acts)


def between(words: np.ndarray, low: Any, high: Any) -> np.ndarray:
    """Spread words evenly over the whole numbers low..high."""
    return low + (words.astype(np.int64) * (np.asarray(high, np.int64) - low + 1) >> 31)


def cut_to_int32(amount: np.ndarray) -> np.ndarray:
    """Cut sums of money to what an int32 column holds."""
    return np.minimum(amount, 2**31 - 1).astype(np.int32)


MOST_CODES = 1 << 12


@cache
def _flags(codes: bytes) -> np.ndarray:
    table = np.zeros(MOST_CODES, bool)
    table[np.frombuffer(codes, np.int64)] = True
    return table


def among(values: np.ndarray, codes: Any) -> np.ndarray:
    """Tell which codes are among some: a look-up, where `np.isin` sorts or counts at every call.

    Args:
        values: int array of codes, 0 to 4095 (kinds, causes, faults, grades, measures); codes: the codes looked for, in the same range.

    Raises:
        IndexError: a code out of that range.

    Example:
        >>> among(np.array([3, 1, 2], np.uint8), (1, 3)).tolist()
        [True, True, False]
    """
    return _flags(np.asarray(codes, np.int64).tobytes())[values]


MANY_ASKED = 4
"""Where one in so many of a store's rows is asked about, one walk through the store is quicker than looking each person up."""


def _masks_of_many(store: Any, subjects: np.ndarray) -> np.ndarray:
    """Join the masks of everybody in the store, which is in order of subject, and pick those asked about."""
    if not len(store):
        return np.zeros(len(subjects), np.int64)
    runs = first_rows(store.subject)
    joined, who = np.bitwise_or.reduceat(store.mask, runs), store.subject[runs]
    if np.array_equal(who, subjects):
        return joined
    at = np.minimum(np.searchsorted(who, subjects), len(who) - 1)
    return np.where(who[at] == subjects, joined[at], 0)


def masks(store: Any, subjects: np.ndarray) -> np.ndarray:
    """Join the measure masks of each subject's rows in a store of burdens, over all lists."""
    if len(store) <= MANY_ASKED * len(subjects):
        return _masks_of_many(store, subjects)
    found = np.zeros(len(subjects), np.int64)
    if len(store):
        source, at = store.of(subjects)
        np.bitwise_or.at(found, source, store.mask[at])
    return found


def bits_in(masks: np.ndarray) -> list[int]:
    """List the bits that occur in some mask.

    Example:
        >>> bits_in(np.array([1, 4, 5]))
        [0, 2]
    """
    union = int(np.bitwise_or.reduce(masks)) if len(masks) else 0
    return [bit for bit in range(union.bit_length()) if union >> bit & 1]


def has_bit(mask: np.ndarray, code: int) -> np.ndarray:
    """Tell whether a measure is in a mask."""
    return (mask >> code) & 1 == 1


def barred(cols: Any, subjects: np.ndarray, measure: int) -> tuple[np.ndarray, np.ndarray]:
    """Tell whom a measure bars, and on which basis: own where there is one, else kin. Reads stores `burdens` and `kin_burdens`."""
    own = has_bit(masks(cols.stores.burdens, subjects), measure)
    kin = has_bit(masks(cols.stores.kin_burdens, subjects), measure)
    return own | kin, np.where(own, BASIS.code("own"), BASIS.code("kin"))


def root_list(lists: np.ndarray) -> np.ndarray:
    """Give the list that measures rest on, whoever carries them out."""
    return np.asarray(lists) & ((1 << ROOT_BITS) - 1)


def copy_key(number: np.ndarray, holder: np.ndarray) -> np.ndarray:
    """Give the sub key under which a copy of a row stands with a holder: the row's low bits, moved by how far the holder is from whom the row is about.

    Rows about two persons, alike in month, kind and ordinal, may be matched to the same third one: with the low bits alone one copy would replace the other.

    Example:
        >>> copy_key(np.array([(7 << 28) + 5, (8 << 28) + 5]), np.array([7, 7])).tolist()
        [5, 238516662]
    """
    return (number + (number >> SUBJECT_SHIFT) * APART - holder * APART) & ((1 << SUBJECT_SHIFT) - 1)


def first_rows(subjects: np.ndarray) -> np.ndarray:
    """Give the position of each subject's first row; subjects are sorted."""
    first = np.ones(len(subjects), bool)
    first[1:] = subjects[1:] != subjects[:-1]
    return np.flatnonzero(first)


def running_number(subjects: np.ndarray) -> np.ndarray:
    """Number the rows of each subject from 0; subjects are sorted."""
    first = first_rows(subjects)
    return np.arange(len(subjects)) - np.repeat(first, np.diff(np.append(first, len(subjects))))


def ration(words: np.ndarray, ids: np.ndarray, blocked: np.ndarray, capacity: int) -> tuple[np.ndarray, np.ndarray]:
    """Give places to applicants in keyed order; a blocked applicant's place goes to the next.

    Returns:
        (got a place, got it only because somebody before was blocked), masks.
    """
    order = np.lexsort((ids, words))
    free = ~blocked[order]
    got = free & (np.cumsum(free) <= capacity)
    gained = got & (np.arange(len(order)) >= capacity)
    placed, gainers = np.zeros(len(order), bool), np.zeros(len(order), bool)
    placed[order], gainers[order] = got, gained
    return placed, gainers
