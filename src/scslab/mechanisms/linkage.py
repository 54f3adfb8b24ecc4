"""Finding the person behind a file: names that several bear, and weights of agreement (Fellegi and Sunter 1969), in whole numbers.

A field of which a share m agrees when two files are of one person, and a share u when they are not, weighs log2(m/u) bits where
it agrees and log2((1-m)/(1-u)) where it differs. Logarithms are taken once, exactly, by comparing whole powers of integers, and
kept in 1/1024 bit; a decision adds and compares integers.

Everybody has a name, a keyed hash of the id, out of as many equally common names as the rules say; it lasts for life.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np

from ..base.luck import ONE
from ..base.parameters import Domain
from ..engine import kernels

FIELD = Domain("field", ("name", "birth", "sex", "place"))
"""What files of different agencies can be compared by when they carry no common key."""

BITS = 10
"""Weights are kept in 1/2^10 bit."""

CERTAIN = 64 << BITS
"""Stands for an infinite weight: a field that never agrees by chance, or never differs by mistake."""

PAIRS = 1 << 21
"""Pairs compared at a time: bounds the memory of comparing with everybody."""


@lru_cache(maxsize=256)
def log2_ratio(top: int, bottom: int) -> int:
    """Give log2(top / bottom) in 1/1024 bit, rounded down, exactly.

    Args:
        top, bottom: whole numbers, not negative.

    Example:
        >>> log2_ratio(8, 1), log2_ratio(1, 2), log2_ratio(3, 1)
        (3072, -1024, 1623)
    """
    if top <= 0 or bottom <= 0:
        return 0 if top == bottom else CERTAIN if bottom <= 0 else -CERTAIN
    above, below = top ** (1 << BITS), bottom ** (1 << BITS)
    bits = above.bit_length() - below.bit_length()
    fits = below << bits <= above if bits >= 0 else below <= above << -bits
    return bits if fits else bits - 1


@lru_cache(maxsize=16)
def weights(agrees: tuple[int, ...], by_chance: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Give the weight of each field where it agrees, and where it differs.

    Args:
        agrees, by_chance: thresholds of m and u by field.

    Returns:
        Two int64 arrays in 1/1024 bit.

    Example:
        >>> [w.tolist() for w in weights((ONE,), (ONE // 4,))]
        [[2048], [-65536]]
    """
    pairs = list(zip(agrees, by_chance, strict=True))
    agree = np.array([log2_ratio(m, u) for m, u in pairs], np.int64)
    differ = np.array([log2_ratio(ONE - m, ONE - u) for m, u in pairs], np.int64)
    return agree, differ


class Names:
    """The names of a population, and who bears each: a pure function of key, population and number of names.

    Bearers of a name stand together, in order of what the register holds of them in one other field. So those who agree in both are found at once,
    and no file is compared with the hundreds of others who merely share its name.
    """

    def __init__(self, key: tuple[Any, Any], people: int, names: int) -> None:
        word = np.empty(people, np.uint32)
        kernels.philox_ids(np.arange(people), np.uint64(0), np.uint64(0), *key, word)
        narrow = np.uint16 if names <= 1 << 16 else np.int32  # narrow numbers are sorted several times as fast
        self.of = ((word.astype(np.int64) * max(names, 1)) >> 31).astype(narrow)
        self._first = np.append(0, np.cumsum(np.bincount(self.of, minlength=max(names, 1))))
        self._orders: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def _bearers(self, field: str, held: np.ndarray) -> np.ndarray:
        """List everybody in order of name, what is held in the field, and number; kept as long as the register is the same."""
        known = self._orders.get(field)
        if known is None or not np.array_equal(known[0], held):
            order = np.argsort(held, kind="stable")
            order = order[np.argsort(self.of[order], kind="stable")]
            known = self._orders[field] = (held.copy(), order.astype(np.int32))
        return known[1]

    def borne_by(self, names: np.ndarray, field: str = "", held: Any = None, written: Any = None) -> tuple[np.ndarray, np.ndarray]:
        """List the bearers of each name, or those of whom the register holds in a field what is written: (position in `names`, person)."""
        last = len(self._first) - 1
        low, high = self._first[np.minimum(names, last)], self._first[np.minimum(names + 1, last)]
        bearers = self._bearers(field, np.zeros(len(self.of), np.uint8) if held is None else held)
        if held is not None:
            low, high = (_bisected(held, bearers, low, high, written, side) for side in ("left", "right"))
        row = np.repeat(np.arange(len(names)), high - low)
        offset = np.arange(len(row)) - np.repeat(np.cumsum(high - low) - (high - low), high - low)
        return row, bearers[low[row] + offset].astype(np.int64)


def _bisected(held: np.ndarray, order: np.ndarray, low: np.ndarray, high: np.ndarray, value: np.ndarray, side: str) -> np.ndarray:
    """Search what is held of `order[low..high]`, which rises, for each value, as `np.searchsorted` does."""
    low, high = low.copy(), high.copy()
    at = np.flatnonzero(low < high)
    while len(at):
        middle = (low[at] + high[at]) // 2
        found, wanted = held[order[middle]], value[at]
        behind = found <= wanted if side == "right" else found < wanted
        low[at], high[at] = np.where(behind, middle + 1, low[at]), np.where(behind, high[at], middle)
        at = at[low[at] < high[at]]
    return low


def telling(tables: Any, least: int) -> tuple[str, ...]:
    """Name fields of which a pair with the same name must agree in one at least, to weigh enough; none where it may agree in none of them.

    Args:
        tables: weights of agreement and of difference, by field; least: weight from which a file is linked, 1/1024 bit.

    Example:
        >>> telling((np.array([9, 9, 1, 4]), np.array([-9, -4, -6, -2])), 8), telling((np.array([9, 9, 1, 4]), np.array([-9, -4, -6, -2])), 2)
        (('birth', 'place'), ())
    """
    agree, differ = tables
    fitting = []
    for same in product((True, False), repeat=len(FIELD.names) - 1):
        if sum(int(a if yes else d) for a, d, yes in zip(agree, differ, (True, *same), strict=True)) >= least:
            fitting.append({name for name, yes in zip(FIELD.names[1:], same, strict=True) if yes})
    sets: tuple[tuple[str, ...], ...] = (("birth",), ("place",), ("birth", "place"))
    return next((fields for fields in sets if all(not pattern.isdisjoint(fields) for pattern in fitting)), ())


def namesakes(names: Names, written: dict[str, np.ndarray], held: dict[str, np.ndarray], fields: tuple[str, ...]):
    """Pair each file with the bearers of its name who agree with it in one of some fields; with all of them where no field is named.

    Args:
        names: who bears which name; written: what each file says, by field; held: what the register holds, by field; fields: from `telling`.
    """
    if not fields:
        yield names.borne_by(written["name"])
        return
    rows, persons = [], []
    for i, field in enumerate(fields):
        row, person = names.borne_by(written["name"], field, held[field], written[field])
        fresh = np.ones(len(row), bool)
        for before in fields[:i]:  # found by that field already
            fresh &= written[before][row] != held[before][person]
        rows.append(row[fresh])
        persons.append(person[fresh])
    yield np.concatenate(rows), np.concatenate(persons)


@lru_cache(maxsize=2)
def names_of(key: tuple[Any, Any], people: int, names: int) -> Names:
    """Give the names of a population; worked out once, because they last."""
    return Names(key, people, names)


def best_links(written: dict[str, np.ndarray], held: dict[str, np.ndarray], pairs: Any, tables: Any, least: int, tie: Any) -> np.ndarray:
    """Link each file to the person whose entry in the register agrees best with it, if well enough.

    Args:
        written: what each file says, by field; held: what the register holds of each person, by field.
        pairs: iterable of (row, person) arrays: who is compared with whom; the pairs of a row come together.
        tables: weights of agreement and of difference, by field; least: weight from which a file is linked, 1/1024 bit.
        tie: words for (rows, persons), the lowest of which wins among equal weights; among equal words the lowest number.

    Returns:
        The person linked to each file, -1 where nobody fits.
    """
    agree, differ = tables
    linked = np.full(len(written["name"]), -1, np.int64)
    for row, person in pairs:
        total = np.zeros(len(row), np.int64)
        for code, field in enumerate(FIELD.names):
            total += np.where(written[field][row] == held[field][person], agree[code], differ[code])
        fits = np.flatnonzero(total >= least)
        row, person, total = row[fits], person[fits], total[fits]
        order = np.lexsort((person, tie(row, person), -total, row))
        row, person = row[order], person[order]
        first = np.ones(len(row), bool)
        first[1:] = row[1:] != row[:-1]
        linked[row[first]] = person[first]
    return linked


def everybody(rows: int, people: int):
    """Pair each of some rows with every person, a few rows at a time."""
    step = max(PAIRS // max(people, 1), 1)
    for low in range(0, rows, step):
        high = min(low + step, rows)
        yield np.repeat(np.arange(low, high), people), np.tile(np.arange(people), high - low)
