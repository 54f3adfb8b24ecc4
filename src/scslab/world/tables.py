"""Turns a spec's published numbers into the integer tables that synthesis reads.

Only + - * / and running sums are used, in fixed order, so the tables are the same integers on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scslab.base.luck import ONE, stream_key

from .distribution import solve
from .slots import CHILD, COLLECTIVE, SINGLE, SIZE, WIFE, wanted_ages
from .spec import Spec

FIVE_YEAR = [*range(0, 80, 5), 80, 85, 90, 95, 100]
YEARS = 105
ROLES = ("couple", "child", "elder")
SAMPLE = 40_960


@dataclass(frozen=True)
class Tables:
    """Everything synthesis reads.

    Args:
        provinces: names, in the order of the file.
        population: float64 (P,), people of each province.
        urban: float64 (P,), share living in urban places.
        cells: int64 (P, 43), cumulative thresholds over sex (female first) and five-year age.
        by_age: float64 (P, 2, 21), share of each cell.
        shapes: int64 (T, 6), household templates; see slots.
        template_cut: int64 (T,), upper threshold of each template among households.
        numbers: int64 (6,), gaps and spreads in months, and the threshold of mothers among single parents.
        ages: int16 (4, 1024), inverse cumulative ages of children at home, collective households, wives without children, single persons.
        give: share by which the published quintile means give way to the Gini; see distribution.
    """

    provinces: tuple[str, ...]
    population: np.ndarray
    urban: np.ndarray
    cells: np.ndarray
    by_age: np.ndarray
    shapes: np.ndarray
    template_cut: np.ndarray
    numbers: np.ndarray
    ages: np.ndarray
    give: float


def total(array: np.ndarray, axis: int = -1) -> np.ndarray:
    """Sum in index order (NumPy's own sum may regroup terms from machine to machine)."""
    return np.take(np.cumsum(array, axis=axis), -1, axis=axis)


def cumulative(shares: np.ndarray) -> np.ndarray:
    """Turn shares along the last axis into upper thresholds in [0, 2^31]; the last is certainty.

    Example:
        >>> cumulative(np.array([1.0, 3.0])).tolist() == [ONE // 4, ONE]
        True
    """
    run = np.cumsum(shares, axis=-1)
    cut = (run / run[..., -1:] * ONE + 0.5).astype(np.int64)
    cut[..., -1] = ONE
    return cut


def band_lookup(keys: list[str], length: int = 125) -> np.ndarray:
    """Index the bands `low-high` by year of age.

    Returns:
        int64 (length,): the band of each year, the nearest band outside all.

    Example:
        >>> band_lookup(["0-1", "2-9"], 4).tolist()
        [0, 0, 1, 1]
    """
    out = np.full(length, len(keys) - 1, np.int64)
    for index, key in reversed(list(enumerate(keys))):
        low, high = (int(part) for part in key.split("-")[-2:])
        out[low : high + 1] = index
    out[: int(keys[0].split("-")[-2])] = 0
    return out


def age_shares(spec: Spec) -> np.ndarray:
    """Rake five-year ages by sex to each province's size, four broad ages and sex ratio, and to the country's cells.

    Returns:
        float64 (provinces, 2, 21), persons; female first.
    """
    country = np.array([list(spec.values(f"ages.{sex}").values()) for sex in ("female", "male")], np.float64)
    fields = spec.number("provinces")
    get = {f: np.array([p[f]["value"] for p in fields.values()], np.float64) for f in next(iter(fields.values()))}
    broad = [get["share_0_14"], get["share_15_59"], get["share_60_plus"] - get["share_65_plus"], get["share_65_plus"]]
    people = np.repeat(country[None], len(fields), axis=0)
    men = get["sex_ratio"] / (100 + get["sex_ratio"])
    for step in range(60):
        for share, low, high in zip(broad, (0, 3, 12, 13), (3, 12, 13, 17), strict=True):
            part = total(people[:, :, low:high].reshape(len(fields), -1))
            people[:, :, low:high] *= (share / 100 * get["population"] / part)[:, None, None]
        for sex, share in ((0, 1 - men), (1, men)):
            people[:, sex] *= (share * get["population"] / total(people[:, sex]))[:, None]
        if spec.tree["match_country"] and (step % 2 or step > 50):
            people *= (country / total(people, 0))[None]
    if spec.tree["match_country"]:
        people *= (get["population"] / total(people.reshape(len(fields), -1)))[:, None, None]
        people *= (country / total(people, 0))[None]
    oldest = np.array(list(spec.values("oldest").values()))
    return np.concatenate([people[:, :, :16], people[:, :, 16:] * (oldest / total(oldest))], axis=2)


def by_year(people: np.ndarray) -> np.ndarray:
    """Spread five-year counts (..., 21) evenly over single years (..., 105)."""
    return np.repeat(people / 5, 5, axis=-1)


def templates(spec: Spec) -> tuple[np.ndarray, np.ndarray]:
    """List household templates and their shares among all households.

    Returns:
        shapes: int64 (T, 6): size, couple, children, elders, siblings, kind (1 = collective).
        shares: float64 (T,).
    """
    shapes, shares = [], []
    family, collective = spec.value("households.family_households"), spec.value("households.collective_households")
    sizes = spec.values("households.sizes")
    whole = total(np.array(list(sizes.values())))
    for size, share in sizes.items():
        parts = spec.values(f"households.compositions.{size}")
        inside = total(np.array(list(parts.values())))
        for name, part in parts.items():
            words = name.split("-")
            couple, children, elders = (words.count(role) for role in ROLES)
            siblings = int(name == "siblings")
            count = len(words) + couple + siblings
            shapes.append((count, couple, children, elders, siblings, 0))
            shares.append(family * (share / whole) * (part / inside))
    parts = spec.values("households.collective_sizes")
    inside = total(np.array(list(parts.values())))
    for size, part in parts.items():
        shapes.append((int(size), 0, 0, 0, 0, 1))
        shares.append(collective * part / inside)
    return np.array(shapes, np.int64), np.array(shares)


def inverse_ages(weights: np.ndarray) -> np.ndarray:
    """Tabulate ages in months at 1,024 midpoints of the cumulative distribution over years."""
    run = np.concatenate([[0.0], np.cumsum(np.maximum(weights, 0.0))])
    if run[-1] == 0:
        return np.full(1024, 480, np.int16)
    point = (np.arange(1024) + 0.5) / 1024 * run[-1]
    year = np.searchsorted(run, point, side="right") - 1
    return (year * 12 + ((point - run[year]) * 12 / (run[year + 1] - run[year])).astype(np.int64)).astype(np.int16)


def sampled_ages(drawn: np.ndarray, shapes: np.ndarray, numbers: np.ndarray, ages: np.ndarray) -> np.ndarray:
    """Count the ages wanted in a keyed sample of households; int64 (templates, YEARS)."""
    from .kernels_columns import draw_into

    luck = np.empty((8, len(drawn)), np.uint32)
    for k in range(2):
        draw_into(*(np.uint64(part) for part in stream_key(k, "world/role ages")), 0, len(drawn), luck[4 * k : 4 * k + 4])
    size = shapes[drawn, SIZE]
    start = np.concatenate([[0], np.cumsum(size)])
    target, need = np.empty(start[-1], np.int16), np.empty(start[-1], np.uint8)
    wanted_ages(start, drawn.astype(np.uint8), shapes, numbers, ages, luck, target, need)
    cell = np.repeat(drawn, size) * YEARS + np.minimum(target // 12, YEARS - 1)
    return np.bincount(cell, minlength=len(shapes) * YEARS).reshape(len(shapes), YEARS)


def role_ages(spec: Spec, pyramid: np.ndarray, shapes: np.ndarray, cut: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Find the ages of persons in each free role so that all roles together make up the age pyramid.

    Children and collective households come first; their parents and grandparents follow from the gaps (a keyed sample of households
    is drawn); what is left of the pyramid is shared between couples without children and single persons.
    """

    def factor(table: str) -> np.ndarray:
        values = spec.values(f"kin.{table}")
        return np.array(list(values.values()))[band_lookup(list(values), YEARS)]

    # Household luck is not needed for the sample's templates: even spacing gives the shares themselves.
    drawn = np.searchsorted(cut, (np.arange(SAMPLE) * ONE + ONE // 2) // SAMPLE, side="right")
    number = np.bincount(drawn, minlength=len(shapes))
    people = pyramid * int((number * shapes[:, 0]).sum())
    child = people * factor("at_home")
    minors = total(child[:15])
    wanted = float((number * shapes[:, 2]).sum())
    child[15:] *= max(wanted - minors, 0.02 * wanted) / total(child[15:])
    collective = people * factor("in_collective")
    collective *= float((number * shapes[:, 0])[shapes[:, 5] == 1].sum()) / total(collective)
    ages = np.full((4, 1024), 480, np.int16)
    ages[CHILD], ages[COLLECTIVE] = inverse_ages(child), inverse_ages(collective)
    counts = np.zeros((len(shapes), YEARS), np.int64)
    for _ in range(4):
        counts = sampled_ages(drawn, shapes, numbers, ages)
        # Brothers and sisters are drawn around one child, which ages them; lean against it until minors fit.
        child[:15] *= (people[:15] * 0.995) / np.maximum(counts.sum(0)[:15], 1)
        ages[CHILD] = inverse_ages(child)
    bound = (shapes[:, 2] > 0) | (shapes[:, 3] > 0) | (shapes[:, 5] == 1)
    rest = np.maximum(people - counts[bound].sum(0), 0.02 * people)
    rest[:15] = 0
    pair = ~bound & (shapes[:, 1] == 1)
    paired = rest * factor("paired_without_children")
    paired *= float((number * shapes[:, 0])[pair].sum()) / total(paired)
    paired = np.minimum(paired, 0.95 * rest)
    ages[SINGLE] = inverse_ages(rest - paired)
    # Husbands are older by the gap, so wives are drawn half a gap below the pairs' ages.
    ages[WIFE] = np.maximum(inverse_ages(paired) - numbers[0] // 2, 240)
    return ages


def make_tables(spec: Spec) -> Tables:
    """Compile a society spec, once a process.

    Example:
        >>> from scslab.world.spec import load_spec
        >>> make_tables(load_spec("county")).provinces
        ('Shandong',)
    """
    if spec.hash not in _MADE:
        _MADE.clear()
        _MADE[spec.hash] = _compile(spec)
    return _MADE[spec.hash]


_MADE: dict[str, Tables] = {}
"""The last spec's tables, by its hash: many seeds of one world read the same."""


def _compile(spec: Spec) -> Tables:
    """Turn a spec into tables."""
    people = age_shares(spec)
    fields = spec.number("provinces")
    shapes, shares = templates(spec)
    numbers = np.array([spec.value(f"kin.{n}") for n in ("partner_gap", "partner_gap_spread", "mother_gap", "mother_gap_spread",
                                                         "sibling_gap")] + [spec.value("kin.single_parents_female") * ONE],
                       np.float64).astype(np.int64)  # fmt: skip
    cut = cumulative(shares)
    pyramid = by_year(total(total(people, 0), 0))
    flat = people.reshape(len(fields), -1)
    cells = np.concatenate([np.zeros((len(fields), 1), np.int64), cumulative(flat)], axis=1)
    return Tables(
        provinces=tuple(fields),
        population=np.array([p["population"]["value"] for p in fields.values()], np.float64),
        urban=np.array([p["urban_share"]["value"] / 100 for p in fields.values()]),
        cells=cells,
        by_age=people / total(flat)[:, None, None],
        shapes=shapes,
        template_cut=cut,
        numbers=numbers,
        ages=role_ages(spec, pyramid / total(pyramid), shapes, cut, numbers),
        give=solve(spec),
    )
