"""A made-up population that renews itself for centuries, with parents, siblings, partners, children and friends; for contagion through families.

The lab's own worlds last twenty years. Here everybody ever alive is a person of the world, born and dying at dated months; nobody moves, weds
late or parts. Births are even in time, so the size is steady.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from ...base import luck
from ...world.abstract import plain_columns
from ...world.model import RELATIONS, Network, World

YEARS_BEFORE = 100
"""Births begin so many years before the first month, so that the old of the start have parents."""
YEARS_OF_LIFE, DEVIATION = 75, 13
MOTHER = (20, 35)
"""Ages at which women bear children."""
SHAPE = 5
"""Shape of the gamma law by which wives differ in how many children they have."""
WED_SHARE = 0.85
PARTNER, PARENT, CHILD, SIBLING = (RELATIONS.index(name) for name in ("partner", "parent", "child", "sibling"))


def renewing_world(births: int, years: int, friends: float, seed: int) -> World:
    """Build the world.

    Args:
        births: a year, even; some 75 times as many persons are alive at a time.
        years: from the first month on (month 0).
        friends: mean number of friends, of the same age; seed: of the world.

    Example:
        >>> renewing_world(births=20, years=5, friends=2, seed=1).count("persons")
        2100
    """
    people = births * (YEARS_BEFORE + years)
    born = (np.arange(people) // births - YEARS_BEFORE) * 12 + np.arange(people) % births * 12 // births
    sex = (_words(seed, "sex", people) & 1).astype(np.uint8)
    age = np.clip(YEARS_OF_LIFE * 12 + DEVIATION * 12 * _normal(seed, people), 0, 1260).astype(np.int64)
    columns = plain_columns(people, np.arange(people + 1, dtype=np.int32), np.array([0, people], np.int32), 0)
    columns |= {"persons.birth_month": born.astype(np.int16), "persons.death_month": (born + np.maximum(age, 1)).astype(np.int16), "persons.sex": sex}
    ties = _families(births, people, sex, seed)
    networks = {"kin": _network(*ties, people), "friends": _network(*_friends(births, people, friends, seed), None, people)}
    text = f"renewing {births} {years} {friends}"
    return World("renewing", hashlib.sha256(text.encode()).hexdigest(), people, seed, people, 0, dict(sorted(columns.items())), networks, ("nowhere",))


def _words(seed: int, name: str, size: int, ordinal: int = 0) -> np.ndarray:
    return luck.words(luck.stream_key(seed, f"renewing/{name}"), np.arange(size), ordinal=ordinal)


def _normal(seed: int, size: int) -> np.ndarray:
    """Draw numbers that are nearly normal: a sum of twelve uniform ones."""
    return np.sum([_words(seed, "age", size, k) / luck.ONE for k in range(12)], axis=0) - 6.0


def _families(births: int, people: int, sex: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Wed women to men two years older by order of birth, and choose a mother for each child among the women wed: (source, target, relation)."""
    women, men = np.flatnonzero(sex == 0), np.flatnonzero(sex == 1)
    husband = np.full(people, -1, np.int64)
    mate = np.searchsorted(men, women - 2 * births)
    wed = (_words(seed, "wed", people)[women] < WED_SHARE * luck.ONE) & (women >= 2 * births) & (mate < len(men))
    first = np.unique(mate[wed], return_index=True)[1]
    bride = women[wed][first]
    husband[bride] = men[mate[wed][first]]
    child = np.arange((MOTHER[1] + 2) * births, people)
    # Wives differ in how many children they have, by a gamma law: their weights stand one after the other, and a word falls on one.
    weight = np.concatenate([[0.0], np.cumsum(_gamma(seed, bride))])
    low, high = (weight[np.searchsorted(bride, child - age * births)] for age in (MOTHER[1], MOTHER[0]))
    mother = bride[np.searchsorted(weight, low + _words(seed, "mother", people)[child] / luck.ONE * (high - low), side="right") - 1]
    father = husband[mother]
    order = np.argsort(mother, kind="stable")
    pairs = _pairs(mother[order], child[order])
    parents = [(child, mother, PARENT), (child, father, PARENT), (mother, child, CHILD), (father, child, CHILD)]
    ties: list[tuple[Any, Any, int]] = [*parents, (*pairs, SIBLING), (bride, husband[bride], PARTNER), (husband[bride], bride, PARTNER)]
    source, target = (np.concatenate([tie[k] for tie in ties]) for k in (0, 1))
    return source, target, np.concatenate([np.full(len(tie[0]), tie[2], np.uint8) for tie in ties])


def _gamma(seed: int, who: np.ndarray) -> np.ndarray:
    """Draw gamma numbers of a whole shape: sums of exponential ones."""
    words = [luck.words(luck.stream_key(seed, "renewing/fertile"), who, ordinal=k) for k in range(SHAPE)]
    return -np.log((np.array(words) + 0.5) / luck.ONE).sum(axis=0)


def _pairs(group: np.ndarray, member: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """List every two different members of one group, both ways; members in order of group."""
    start = np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]]))
    size = np.diff(np.append(start, len(group)))
    mine = np.repeat(size, size)
    source = np.repeat(np.arange(len(group)), mine)
    target = np.arange(len(source)) - np.repeat(np.cumsum(mine) - mine, mine) + np.repeat(np.repeat(start, size), mine)
    other = source != target
    return member[source[other]], member[target[other]]


def _friends(births: int, people: int, mean: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pair persons born in one year anew for each friend; the last round pairs a share."""
    found = []
    for k in range(int(np.ceil(mean))):
        order = np.lexsort((_words(seed, "friend", people, k), np.arange(people) // births))
        a, b = order[0::2], order[1::2]
        part = _words(seed, "has", people, k)[np.minimum(a, b)] < (mean - k) * luck.ONE
        found += [(a[part], b[part]), (b[part], a[part])]
    source, target = (np.concatenate([pair[k] for pair in found]) if found else np.zeros(0, np.int64) for k in (0, 1))
    once = np.unique(source * people + target)
    return once // people, once % people


def _network(source: np.ndarray, target: np.ndarray, relation: np.ndarray | None, people: int) -> Network:
    order = np.lexsort((target, source))
    offsets = np.searchsorted(source[order], np.arange(people + 1)).astype(np.int32)
    return Network("csr", offsets, target[order].astype(np.int32), None if relation is None else relation[order])
