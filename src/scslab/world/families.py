"""Kin: the members of a household, spouses whom work keeps apart, and parents who live elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .people import DISTRICT, Draft
from .slots import CHILDREN, COUPLE, ELDERS, KIND, SIBLINGS, mother_gap, wanted_ages
from .tables import band_lookup

YEARS = 120
_CALLS = 4
_NEAR = (0, 1, -1, 2, -2, 3, -3)
_BAND = 24
"""Months of age within which nobody chooses a mother."""


def settle(draft: Draft) -> None:
    """Give everybody an age and a sex."""
    from .kernels_households import MONTHS, deal_blocks

    n, tables, start = draft.people, draft.tables, draft.columns["households.start"]
    target, need = _wants(draft)
    words, edges = draft.strata("world/age and sex", n), start[draft.blocks].astype(np.int64)
    draft.age, sex = np.empty(n, np.int16), np.empty(n, np.uint8)
    draft.spans(len(draft.blocks) - 1, lambda lo, hi: deal_blocks(
        lo, hi, edges, words, draft.province_start, tables.cells, target, need, np.empty((2, MONTHS), np.int64),
        np.empty(MONTHS + 1, np.int64), np.empty(np.diff(edges).max(), np.int32), draft.age, sex))  # fmt: skip
    draft.columns["persons.sex"] = sex


def _wants(draft: Draft) -> tuple[np.ndarray, np.ndarray]:
    """Draw the age and sex wanted in every slot of every household; int16 and uint8 (people,)."""
    tables, start = draft.tables, draft.columns["households.start"]
    luck = np.concatenate([draft.four(f"world/household ages {k}", len(draft.templates)) for k in (1, 2)])
    target, need = np.empty(draft.people, np.int16), np.empty(draft.people, np.uint8)
    draft.pieces(len(draft.templates), lambda lo, hi: wanted_ages(
        start[lo : hi + 1], draft.templates[lo:hi], tables.shapes, tables.numbers, tables.ages, luck[:, lo:hi], target, need))  # fmt: skip
    return target, need


def can_wed(age: np.ndarray, sex: np.ndarray, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Tell which pairs make a plausible couple: other sex, of legal age, at most 20 years apart."""
    a, b = age[i].astype(np.int32), age[j].astype(np.int32)
    return (sex[i] != sex[j]) & (a >= 240 + 24 * sex[i]) & (b >= 240 + 24 * sex[j]) & (np.abs(a - b) <= 240)


def can_bear(age: np.ndarray, sex: np.ndarray, parent: np.ndarray, child: np.ndarray) -> np.ndarray:
    """Tell who is of an age to be another's parent: 16 to 50 years older for mothers, to 60 for fathers."""
    gap = age[parent].astype(np.int32) - age[child]
    return (gap >= 192) & (gap <= 600 + 120 * sex[parent].astype(np.int32))


def tie_households(draft: Draft) -> None:
    """Tie the members of each household; implausible ties are left out, so every tie that exists is plausible."""
    draft.partner, parents = np.full(draft.people, -1, np.int32), np.full((2, draft.people), -1, np.int32)
    draft.pieces(len(draft.templates), lambda lo, hi: _tie(draft, parents.reshape(-1), lo, hi))
    draft.mother, draft.father = parents


def _tie(draft: Draft, parents: np.ndarray, lo: int, hi: int) -> None:
    """Tie the members of households lo..hi.

    Args:
        parents: int32 (2 * people,), everybody's mother, then everybody's father.
    """
    start, shapes = draft.columns["households.start"], draft.tables.shapes
    order = np.argsort(draft.templates[lo:hi], kind="stable") + lo
    ends = np.cumsum(np.bincount(draft.templates[lo:hi], minlength=len(shapes)))
    for t, shape in enumerate(shapes):
        at = start[order[ends[t - 1] if t else 0 : ends[t]]]
        if shape[KIND] == 1 or not len(at):
            continue
        heads = 1 + int(shape[COUPLE])
        if heads == 2:
            _marry(draft, at, at + 1)
        for j in range(shape[CHILDREN]):
            for h in range(heads):
                _adopt(draft, parents, at + h, at + heads + j)
        elder = at + heads + int(shape[CHILDREN])
        for e in range(shape[ELDERS]):
            _adopt(draft, parents, elder + e, at)
        if shape[ELDERS] == 2:
            _marry(draft, elder, elder + 1)


def _marry(draft: Draft, i: np.ndarray, j: np.ndarray) -> None:
    """Make couples of the pairs that may wed."""
    fit = can_wed(draft.age, draft.columns["persons.sex"], i, j)
    draft.partner[i[fit]], draft.partner[j[fit]] = j[fit], i[fit]


def _adopt(draft: Draft, parents: np.ndarray, parent: np.ndarray, child: np.ndarray) -> None:
    """Tie parents to children whose ages allow it, and who have no parent of that sex yet."""
    sex = draft.columns["persons.sex"][parent].astype(np.int64)
    gap, at = draft.age[parent].astype(np.int32) - draft.age[child], sex * draft.people + child
    fit = np.flatnonzero((gap >= 192) & (gap <= 600 + 120 * sex) & (parents[at] < 0))
    parents[at[fit]] = parent[fit]


class Queues:
    """Offers that wait in line by key; each is taken once.

    Args:
        keys: integer, the key of each offer, in [0, number).

    Example:
        >>> [a.tolist() for a in Queues(np.array([7, 9, 3]), 10).take(np.array([7, 3, 7]))]
        [[1, 0], [2, 0]]
    """

    def __init__(self, keys: np.ndarray, number: int) -> None:
        self.number = number
        self.order = np.argsort(keys.astype(np.uint16 if number <= 65_536 else np.int32), kind="stable")
        self.left = np.bincount(keys, minlength=number)
        self.next = np.cumsum(self.left) - self.left

    def take(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give the first offer of a key to the first who wants it, and so on.

        Returns:
            positions of those who got one, and of the offers they got.
        """
        wanted = np.bincount(keys, minlength=self.number)
        order = np.argsort(keys.astype(np.uint16 if self.number <= 65_536 else np.int32), kind="stable")
        key = keys[order]
        rank = np.arange(len(keys)) - (np.cumsum(wanted) - wanted)[key]
        found = rank < self.left[key]
        taken = self.order[(self.next[key] + rank)[found]]
        given = np.minimum(wanted, self.left)
        self.left -= given
        self.next += given
        return order[found], taken


def are_kin(draft: Draft, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Tell which pairs live together, have one mother, or are parent and child."""
    household, mother, father = draft.columns["persons.household"], draft.mother, draft.father
    siblings = (mother[i] >= 0) & (mother[i] == mother[j])
    return (household[i] == household[j]) | siblings | (mother[i] == j) | (mother[j] == i) | (father[i] == j) | (father[j] == i)


def join_spouses(draft: Draft) -> None:
    """Marry some adults who live without a partner to each other: spouses whom work keeps in different households."""
    share, gap = int(draft.spec.value("kin.spouses_apart") * 2**31), int(draft.tables.numbers[0]) // 12
    words, sex = draft.words("world/spouses apart", draft.people), draft.columns["persons.sex"]
    edges = draft.columns["households.start"][draft.blocks].astype(np.int64)

    def work(number: int, lo: int, hi: int) -> None:
        age = draft.age[lo:hi]
        alone = np.flatnonzero((draft.partner[lo:hi] < 0) & (age >= 312) & (age < 780) & (words[lo:hi] < share)) + lo
        women, men = alone[sex[alone] == 0], alone[sex[alone] == 1]
        block = np.searchsorted(edges, alone, side="right")
        key = (block - np.searchsorted(edges, lo, side="right")) * YEARS + draft.age[alone] // 12
        seeks, offers = key[sex[alone] == 0] + gap, Queues(key[sex[alone] == 1], (DISTRICT + 1) * YEARS)
        for near in _NEAR:
            a, b = offers.take(seeks + near)
            fit = can_wed(draft.age, sex, women[a], men[b]) & ~are_kin(draft, women[a], men[b])
            i, j = women[a[fit]], men[b[fit]]
            draft.partner[i], draft.partner[j] = j, i
            women, seeks = np.delete(women, a[fit]), np.delete(seeks, a[fit])

    draft.each_district(work)


def count_children(draft: Draft) -> np.ndarray:
    """Count each mother's children, int8; 0 for men."""
    return np.bincount(draft.mother + 1, minlength=draft.people + 1)[1:].astype(np.int8)


def find_parents(draft: Draft) -> None:
    """Tie adults to parents who live in other households, near or far.

    Block b serves its own people and the far-seekers of block b - shift; each person is served by one block only, so the order of
    districts and threads changes nothing.
    """
    spec, edges = draft.spec, draft.columns["households.start"][draft.blocks].astype(np.int64)
    values = spec.values("kin.children_ever")
    ever = (np.array(list(values.values()))[band_lookup(list(values), YEARS)] * 256 + 0.5).astype(np.int64)
    at_home, n_blocks = count_children(draft), len(edges) - 1
    shift = 1 + int(draft.words("world/far blocks", 1)[0]) % max(n_blocks - 1, 1)
    limits = [int(spec.value(f"kin.{name}") * 2**31) for name in ("parents_elsewhere", "far")]
    luck = draft.four("world/parents elsewhere", draft.people)

    def work(number: int, lo: int, hi: int) -> None:
        blocks = np.arange(*np.searchsorted(edges, [lo, hi]))
        women, keys = _offers(draft, blocks, edges, luck[3], ever, at_home)
        offers = Queues(keys, (DISTRICT + 1) * YEARS)
        persons, wanted = _seekers(draft, blocks, edges, luck, limits, False)
        if n_blocks > 1:
            far = _seekers(draft, (blocks - shift) % n_blocks, edges, luck, limits, True)
            persons, wanted = np.concatenate([persons, far[0]]), np.concatenate([wanted, far[1]])
        of_child, of_mother = (Side.of(draft, who) for who in (persons, women))
        for near in _NEAR[:4]:
            a, b = offers.take(wanted + near)
            given = _give_mothers(draft, of_child, of_mother, a, b)
            stays = np.ones(len(wanted), bool)
            stays[given] = False
            of_child, wanted = of_child.kept(stays), wanted[stays]

    draft.each_district(work)
    _share_parents(draft)
    draft.children = count_children(draft)


@dataclass(frozen=True)
class Side:
    """What is asked of persons when mothers are sought: `age` in months, household and partner."""

    id: np.ndarray
    age: np.ndarray
    home: np.ndarray
    partner: np.ndarray

    @classmethod
    def of(cls, draft: Draft, who: np.ndarray) -> Side:
        """Look up some persons."""
        return cls(who, draft.age[who].astype(np.int32), draft.columns["persons.household"][who], draft.partner[who])

    def kept(self, mask: np.ndarray) -> Side:
        """Keep some of them."""
        return Side(self.id[mask], self.age[mask], self.home[mask], self.partner[mask])


def _offers(draft: Draft, blocks: np.ndarray, edges: np.ndarray, luck: np.ndarray, ever: np.ndarray, at_home: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """List women who have grown children elsewhere, each as often as she has such children: first calls first, so that siblings lie apart.

    Args:
        ever: int64 (YEARS,), mean children ever born, times 256, by a woman's age.

    Returns:
        women, and their keys: block and age.
    """
    lo, hi = edges[blocks[0]], edges[blocks[-1] + 1]
    women = np.flatnonzero((draft.columns["persons.sex"][lo:hi] == 0) & (draft.age[lo:hi] >= 408)) + lo
    year = draft.age[women] // 12
    # Two draws of half the mean each, from two parts of a word, so families differ in size.
    word, mean = luck[women].astype(np.int64), ever[year]
    number = (mean + (word >> 4 & 511)) // 512 + (mean + (word >> 16 & 511)) // 512
    calls = np.clip(number - at_home[women], 0, _CALLS)
    key = (np.searchsorted(edges, women, side="right") - 1 - blocks[0]) * YEARS + draft.age[women] // _BAND
    each = [np.flatnonzero(calls > k) for k in range(_CALLS)]
    chosen = np.concatenate(each)
    return women[chosen], key[chosen]


def _seekers(draft: Draft, blocks: np.ndarray, edges: np.ndarray, luck: np.ndarray, limits: list[int], far: bool) -> tuple[np.ndarray, np.ndarray]:
    """List adults without parents at home who look for them near or far, with the key they want: the serving block and mother's age."""
    found, keys = [], []
    for serving, b in enumerate(blocks):
        part = slice(edges[b], edges[b + 1])
        age = draft.age[part]
        looks = (age >= 216) & (age <= 1000) & (draft.mother[part] < 0) & (draft.father[part] < 0) & (luck[0, part] < limits[0])
        if len(edges) > 2:
            looks &= (luck[1, part] < limits[1]) == far
        persons = np.flatnonzero(looks) + edges[b]
        band = (draft.age[persons] + mother_gap(luck[2, persons], draft.tables.numbers)) // _BAND
        found.append(persons)
        keys.append(serving * YEARS + band)
    return np.concatenate(found), np.concatenate(keys)


def _give_mothers(draft: Draft, children: Side, women: Side, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Tie children `a` to mothers `b` and their partners where ages allow it; nobody gets the spouse's mother. Returns those of `a` tied."""
    gap = women.age[b] - children.age[a]
    fit = (gap >= 192) & (gap <= 600) & (women.home[b] != children.home[a])
    a, b = a[fit], b[fit]
    child, mother, spouse = children.id[a], women.id[b], children.partner[a]
    fit = (spouse < 0) | (draft.mother[spouse] != mother)
    a, b, child, mother, spouse = a[fit], b[fit], child[fit], mother[fit], spouse[fit]
    draft.mother[child] = mother
    # Of spouses who took the same woman in this round, the second lets go.
    clash = (spouse >= 0) & (spouse < child) & (draft.mother[spouse] == mother)
    draft.mother[child[clash]] = -1
    a, b, child = a[~clash], b[~clash], child[~clash]
    father = women.partner[b]
    able = np.flatnonzero(father >= 0)
    able = able[can_bear(draft.age, draft.columns["persons.sex"], father[able], child[able])]
    draft.father[child[able]] = father[able]
    return a


def _share_parents(draft: Draft) -> None:
    """Give two siblings who live together the same parents, unless the second is married to a child of the first one's mother."""
    first = draft.columns["households.start"][:-1][draft.tables.shapes[draft.templates, SIBLINGS] == 1]
    second, mother, father = first + 1, draft.mother[first], draft.father[first]
    spouse = draft.partner[second]
    in_law = (spouse >= 0) & (draft.mother[spouse] == mother)
    sex = draft.columns["persons.sex"]
    fit = (mother >= 0) & ~in_law & can_bear(draft.age, sex, mother, second)
    draft.mother[second[fit]], draft.father[second[fit]] = mother[fit], -1
    able = fit & (father >= 0) & can_bear(draft.age, sex, father, second)
    draft.father[second[able]] = father[able]
