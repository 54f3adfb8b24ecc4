"""Compares a generated world with the published numbers of its spec."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scslab.base.errors import InputError, Problem

from .distribution import gini
from .model import Network, World
from .rates import HORIZON
from .spec import ABSTRACT, Spec, load_spec
from .tables import age_shares, total

LIMIT_BYTES = 96
_MIRROR = np.array([0, 2, 1, 3], np.uint8)
_LEVELS = ("primary", "junior", "senior", "tertiary")


@dataclass(frozen=True)
class Row:
    """One marginal, published and generated.

    Args:
        marginal: what is compared.
        published: number of the spec, or the rule's bound.
        generated: number of the world.
        difference: generated less published, in the unit of the tolerance.
        tolerance: largest difference allowed at this size.
        ok: within the tolerance.
        source: P-number, or how the published side was derived.
    """

    marginal: str
    published: float
    generated: float
    difference: float
    tolerance: float
    ok: bool
    source: str


def row(marginal: str, published: float, generated: float, tolerance: float, source: str, relative: bool = False) -> Row:
    """Compare two numbers; `relative` differences are shares of the published one.

    Example:
        >>> row("share", 0.5, 0.51, 0.02, "P1").ok
        True
    """
    difference = (generated - published) / (published if relative and published else 1)
    return Row(marginal, float(published), float(generated), float(difference), tolerance, bool(abs(difference) <= tolerance), source)


def check_world(world: World, spec: Spec | None = None) -> list[Row]:
    """Compare a world with what was published.

    Tolerances hold from 200,000 persons; below, they grow with the square root of the size.

    Args:
        world: from `build_world`.
        spec: its spec, when it is not one of the package's.

    Raises:
        InputError: the spec is not the one the world was made from.

    Example:
        >>> from scslab.world import build_world
        >>> all(r.ok for r in check_world(build_world("ring", people=100, seed=1)))
        True
    """
    rows = check_ties(world)
    if world.name in ABSTRACT:
        return rows
    spec = spec or load_spec(world.name)
    if spec.hash != world.spec_hash:
        raise InputError(Problem(f"world '{world.name}' was made from another spec", fix="Give the spec it was made from"))
    wide = max(1.0, (200_000 / world.people) ** 0.5)
    for part in (check_places, check_people, check_households, check_work, check_income, check_years):
        rows += part(world, spec, wide)
    # Small worlds have firms and places of few persons, which cost up to two kilobytes more.
    rows.append(row("bytes per person", LIMIT_BYTES / 2, world.nbytes / world.people, LIMIT_BYTES / 2 + 2000 / world.people, "design"))
    return rows


def alive(world: World, name: str) -> np.ndarray:
    """Read a column of persons for those alive at the start."""
    return world.columns[f"persons.{name}"][: world.people]


def check_places(world: World, spec: Spec, wide: float) -> list[Row]:
    """Compare provinces' shares, urban share, hukou and minority share."""
    columns, n = world.columns, world.people
    size = np.diff(columns["places.start"])
    provinces = spec.number("provinces")
    whole = sum(p["population"]["value"] for p in provinces.values())
    have = np.bincount(columns["places.province"], size, len(provinces)) / n
    rows = [row(f"share of {name}", p["population"]["value"] / whole, have[k], 0.001 * wide, p["population"].get("source", ""))
            for k, (name, p) in enumerate(provinces.items())]  # fmt: skip
    urban = sum(p["population"]["value"] * p["urban_share"]["value"] / 100 for p in provinces.values()) / whole
    rows.append(row("share in urban places", urban, size[columns["places.urban"] == 1].sum() / n, 0.002 * wide, "provinces"))
    hukou = np.bincount(alive(world, "hukou"), minlength=4) / n
    rows.append(row("urban hukou", spec.value("hukou.urban_hukou_share") / 100, hukou[0] + hukou[2], 0.01 * wide, "P302"))
    floating = spec.value("hukou.floating_persons") / spec.value("hukou.population")
    rows.append(row("floating population", floating, hukou[2] + hukou[3], 0.01 * wide, "P305"))
    label = (alive(world, "role") & 8 > 0).mean()
    if spec.tree["match_country"]:
        rows.append(row("minority share", spec.value("minority.persons") / whole, label, 0.005 * wide, "P322"))
    return rows


def check_people(world: World, spec: Spec, wide: float) -> list[Row]:
    """Compare ages by sex and education."""
    n = world.people
    age = (world.start_month - alive(world, "birth_month").astype(np.int64)) // 60
    cell = alive(world, "sex").astype(np.int64) * 17 + np.minimum(age, 16)
    have = np.bincount(cell, minlength=34) / n
    people = total(age_shares(spec), 0)
    folded = np.concatenate([people[:, :16], total(people[:, 16:])[:, None]], 1).reshape(-1)
    want = folded / total(folded)
    rows = []
    for sex, word in enumerate(("female", "male")):
        for band, number in enumerate(spec.number(f"ages.{word}").values()):
            k = sex * 17 + band
            source = number.get("source", "") if spec.tree["match_country"] else "national ages raked to the province"
            # Four persons more or less are no error at any size.
            slack = 0.02 * wide + 4 / max(want[k] * n, 1.0)
            rows.append(row(f"{word} {list(spec.number('ages.male'))[band]}", want[k], have[k], slack, source, True))
    if spec.tree["match_country"]:
        level = np.bincount(world.standing(world.start_month, slice(n))["education"], minlength=5) / n
        for k, name in enumerate(_LEVELS, 1):
            number = spec.number(f"education.totals.{name}")
            rows.append(row(f"education {name}", number["value"] / 1e5, level[k], 0.005 * wide, number["source"]))
    return rows


def check_households(world: World, spec: Spec, wide: float) -> list[Row]:
    """Compare sizes of family households, and persons in collective ones."""
    size = np.diff(world.columns["households.start"])
    family = world.columns["households.kind"] == 0
    have = np.bincount(np.minimum(size[family], 7), minlength=8)[1:] / family.sum()
    rows = [row(f"households of {k}", number["value"] / 100, have[int(k) - 1], 0.005 * wide, number["source"])
            for k, number in spec.number("households.sizes").items()]  # fmt: skip
    collective = spec.value("households.collective_persons")
    want = collective / (collective + spec.value("households.family_persons"))
    rows.append(row("persons in collective households", want, size[~family].sum() / world.people, 0.005 * wide, "P335"))
    return rows


def check_work(world: World, spec: Spec, wide: float) -> list[Row]:
    """Compare employment, enterprises, officials and drivers."""
    n, whole = world.people, spec.value("hukou.population")
    status = np.bincount(world.standing(world.start_month, slice(n))["status"], minlength=8) / n
    rows = [row("employed", spec.value("work.employed") / whole, status[1:5].sum(), 0.01 * wide, "P407"),
            row("self-employed", spec.value("work.self_employed") / whole, status[2], 0.005 * wide, "P409")]  # fmt: skip
    firms = spec.value("work.enterprises") / whole
    rows.append(row("enterprises per person", firms, world.count("firms") / n, 0.3 * wide, "P411 (2018)", True))
    role, sex = alive(world, "role"), alive(world, "sex")
    rows.append(row("officials", spec.value("work.officials") / whole, (role & 1 > 0).mean(), 0.001 * wide, "assumed"))
    drives = (role & 4 > 0) & (alive(world, "birth_month") <= world.start_month - 216)
    rows.append(row("licensed drivers", spec.value("drivers.licensed") / whole, drives.mean(), 0.01 * wide, "P451"))
    women = (sex[drives] == 0).mean() if drives.any() else 0.0
    rows.append(row("women among drivers", spec.value("drivers.share_female") / 100, women, 0.01 * wide, "P452"))
    return rows


def check_income(world: World, spec: Spec, wide: float) -> list[Row]:
    """Compare the Gini, the quintile means and the urban-rural ratio of income per head, weighted by persons."""
    columns = world.columns
    size = np.diff(columns["households.start"])
    income = np.repeat(columns["households.income"], size).astype(np.float64)
    urban = columns["places.urban"][columns["persons.place"][: world.people]] == 1
    rows = [row("Gini of income per head", spec.value("income.gini"), gini(np.sort(income)), 0.01 * wide, "P385")]
    for k, part in enumerate(np.array_split(np.sort(income), 5)):
        number = spec.number(f"income.quintiles.{k}")
        # The published means alone admit no such Gini, so each gives way: see distribution.py.
        source = number.get("source", "") + ", gives way to the Gini"
        rows.append(row(f"mean income, quintile {k + 1}", number["value"], part.mean(), 0.07 * wide, source, True))
    ratio = spec.value("income.urban") / spec.value("income.rural")
    if urban.any() and not urban.all():
        rows.append(row("urban-rural ratio of income", ratio, income[urban].mean() / income[~urban].mean(), 0.25 * wide, "P398, P399"))
    return rows


def check_years(world: World, spec: Spec, wide: float) -> list[Row]:
    """Compare births, deaths, weddings and divorces per 1,000 persons in each whole calendar year that has a number, and ages at weddings."""
    dates = {name: world.columns[f"persons.{name}_month"] for name in ("birth", "death", "wed", "divorce")}
    first = -(-(world.start_month + 1) // 12)
    rows = []
    for quantity, name, share in (("births", "birth", 1), ("deaths", "death", 1), ("weddings", "wed", 2), ("divorces", "divorce", 2)):
        for key, number in spec.number(f"demography.{quantity}").items():
            january = 12 * (int(key) - 2000) if key.isdigit() else -1
            if not 12 * first <= january <= world.start_month + HORIZON - 12:
                continue
            people = sum(((dates["birth"] <= m) & (dates["death"] > m)).sum() for m in (january, january + 12)) / 2
            have = ((dates[name] >= january) & (dates[name] < january + 12)).sum() / share / people * 1000
            # Four events more or less are no error at any size.
            slack = 0.1 * wide + 4000 / (number["value"] * people)
            source = number.get("source", "")
            source = source if source.startswith("P") else f"{number['evidence']}: see the spec"
            rows.append(row(f"{quantity} per 1,000 in {key}", number["value"], have, slack, source, True))
    return rows + _wedding_ages(world, spec, wide)


def _wedding_ages(world: World, spec: Spec, wide: float) -> list[Row]:
    """Compare the mean age at first weddings in the first five years."""
    kin, n, wed = world.networks["kin"], world.people, alive(world, "wed_month")
    had = np.zeros(world.n_rows, np.bool_)
    had[np.repeat(np.arange(len(kin.offsets) - 1), np.diff(kin.offsets))[kin.relation == 0]] = True
    first = (wed < world.start_month + 60) & ~had[:n]
    rows = []
    for sex, word in enumerate(("women", "men")):
        number, mine = spec.number(f"demography.marriage_age_{word}"), first & (alive(world, "sex") == sex)
        age = (wed[mine].astype(np.int64) - alive(world, "birth_month")[mine]) / 12
        rows.append(row(f"mean age at first wedding, {word}", number["value"], age.mean() if len(age) else number["value"], 1.0 * wide, number["source"]))
    return rows


def check_ties(world: World) -> list[Row]:
    """Count ties that only one side knows, and kin whose ages or sexes cannot be."""
    rows = []
    for name, network in world.networks.items():
        if network.kind == "csr":
            rows.append(row(f"one-sided ties of {name}", 0, one_sided(network), 0, "rule"))
    kin = world.networks["kin"]
    source, target = np.repeat(np.arange(len(kin.offsets) - 1, dtype=np.int32), np.diff(kin.offsets)), kin.target
    birth, sex, relation = world.columns["persons.birth_month"].astype(np.int32), world.columns["persons.sex"], kin.relation
    gap = birth[source] - birth[target]
    wrong = (relation == 1) & ((gap < 192) | (gap > 720))
    wrong |= (relation == 0) & ((np.abs(gap) > 240) | (sex[source] == sex[target]))
    wrong |= (relation == 3) & (np.abs(gap) > 528)
    rows.append(row("implausible ties of kin", 0, wrong.sum(), 0, "rule"))
    return rows


def one_sided(network: Network) -> int:
    """Count ties whose mirror is missing.

    Example:
        >>> one_sided(Network("csr", np.array([0, 1, 1]), np.array([1], np.int32)))
        1
    """
    source = np.repeat(np.arange(len(network.offsets) - 1, dtype=np.int64), np.diff(network.offsets))
    target = network.target.astype(np.int64)
    relation = np.zeros(len(target), np.uint8) if network.relation is None else network.relation
    there = np.sort(source << 33 | target << 2 | relation)
    back = np.sort(target << 33 | source << 2 | _MIRROR[relation])
    return int(len(there) - np.isin(back, there, assume_unique=False).sum()) if len(there) and not np.array_equal(there, back) else 0
