"""Who persons are besides age and kin: education, hukou, minority label, lasting propensities."""

from __future__ import annotations

import numpy as np

from scslab.base.luck import ONE

from .model import SCHOOL_BEGINS, SCHOOL_ENDS
from .people import Draft
from .tables import Tables, band_lookup, by_year, cumulative, total

YEARS_OF_SCHOOL = np.array([0, 6, 9, 12, 15.5])
MINORITY = 8
TRAITS = ("conscientiousness", "means", "outspokenness", "prosociality", "boldness")


def age_by_band(tables: Tables, keys: list[str]) -> np.ndarray:
    """Sum each province's people into bands of age.

    Returns:
        float64 (provinces, 2, bands), shares of the province.
    """
    single = by_year(tables.by_age)
    lookup = band_lookup(keys, single.shape[-1])
    return np.stack([total(single * (lookup == b)) for b in range(len(keys))], axis=2)


def education_shares(draft: Draft) -> np.ndarray:
    """Fit education by age to each province's years of schooling and to the country's totals.

    Those under 18 (the first band) have what they will reach, not what they attend; the totals count what they attend.

    Returns:
        float64 (provinces, 2, bands, 5); [p, 1] is urban.
    """
    spec, tables = draft.spec, draft.tables
    bands = list(spec.number("education.bands"))
    people = total(age_by_band(tables, bands), 1)
    weight = np.stack([people * (1 - tables.urban[:, None]), people * tables.urban[:, None]], 1) * tables.population[:, None, None]
    shares = np.empty((len(people), 2, len(bands), 5))
    shares[:] = [list(spec.values(f"education.bands.{b}").values()) for b in bands]
    for step in range(4):
        shares[:, 1, :, 1 + step :] *= spec.value("education.urban_tilt")
    shares /= total(shares)[..., None]
    wanted = np.array([p["schooling_years"]["value"] for p in spec.number("provinces").values()])
    totals = np.array([spec.value(f"education.totals.{n}") for n in ("primary", "junior", "senior", "tertiary")]) / 1e5
    totals = np.concatenate([[1 - total(totals)], totals])
    young = _attended(draft, shares[:, :, 0])
    grown, weight = shares[:, :, 1:], weight[:, :, 1:]
    for step in range(60):
        # The country's totals have the last word: the provinces' years are of persons of 15 and over.
        if step < 40:
            mass = total((weight[..., None] * grown).reshape(len(people), -1, 5), 1)
            factor = np.minimum(np.maximum(1 + (wanted - total(mass * YEARS_OF_SCHOOL) / total(mass)) / 3, 0.5), 2.0)
            power = np.ones((len(people), 5))
            for k in range(1, 5):
                power[:, k] = power[:, k - 1] * factor
            grown *= power[:, None, None, :]
            grown /= total(grown)[..., None]
        if spec.tree["match_country"]:
            have = total((weight[..., None] * grown).reshape(-1, 5), 0)
            whole = float(total(have)) + float(total(young))
            grown *= np.maximum(totals - young / whole, 1e-6) / (have / whole)
            grown /= total(grown)[..., None]
    return shares


def _attended(draft: Draft, shares: np.ndarray) -> np.ndarray:
    """Count those under 18 by the level they attend or have reached, from the one they will reach.

    Args:
        shares: float64 (provinces, 2, 5), of what they will reach.

    Returns:
        float64 (5,), persons.
    """
    tables, month = draft.tables, np.arange(12 * 18)
    people = np.repeat(total(by_year(tables.by_age)[..., :18], 1) / 12, 12, axis=1) * tables.population[:, None]
    by_level = shares[:, 0] * (1 - tables.urban[:, None]) + shares[:, 1] * tables.urban[:, None]
    reach = total(by_level[:, :, None] * people[:, None, :], 0)
    attends = np.minimum(np.arange(5)[:, None], np.searchsorted(SCHOOL_BEGINS, month, side="right"))
    return np.bincount(attends.reshape(-1), reach.reshape(-1), 5)


def add_education(draft: Draft) -> None:
    """Give everybody an education: the one reached, or for those under 18 the one they will reach."""
    columns, shares = draft.columns, education_shares(draft)
    draft.schooling, lookup = cumulative(shares), band_lookup(list(draft.spec.number("education.bands")))
    place, bands = columns["persons.place"], shares.shape[2]
    group = (columns["places.province"].astype(np.int64) * 2 + columns["places.urban"]) * bands
    words, out = draft.words("world/education", draft.people), np.empty(draft.people, np.uint8)
    draft.pupil, ends = np.empty(draft.people, np.bool_), (12 * SCHOOL_ENDS).astype(np.int16)

    def work(lo: int, hi: int) -> None:
        pick(words[lo:hi], draft.schooling, group[place[lo:hi]] + lookup[draft.age[lo:hi] // 12], out[lo:hi])
        np.less(draft.age[lo:hi], ends[out[lo:hi]], out=draft.pupil[lo:hi])

    draft.pieces(draft.people, work)
    columns["persons.education"] = out


def pick(words: np.ndarray, cut: np.ndarray, row: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Choose a category per person.

    Args:
        words: uint32 (n,).
        cut: int64 (..., categories), upper thresholds.
        row: int64 (n,), row of the flattened table each person reads.
        out: uint8 (n,) to write into.

    Returns:
        uint8 (n,), category.

    Example:
        >>> pick(np.array([0, ONE - 1], np.uint32), np.array([[ONE // 2, ONE]]), np.array([0, 0])).tolist()
        [0, 1]
    """
    from .kernels_columns import pick_into

    out = np.empty(len(words), np.uint8) if out is None else out
    pick_into(0, len(words), words, np.ascontiguousarray(cut.reshape(-1, cut.shape[-1])), row.astype(np.int64, copy=False), out)
    return out


def add_hukou(draft: Draft) -> None:
    """Give each household a registration; migrants are households registered elsewhere."""
    spec, columns = draft.spec, draft.columns
    share_urban = float(total(draft.tables.population * draft.tables.urban) / total(draft.tables.population))
    floating = spec.value("hukou.floating_persons") / spec.value("hukou.population")
    rural_migrant = spec.value("hukou.migrants_in_rural_places") / 100
    rural_urban = spec.value("hukou.urban_hukou_in_rural_places") / 100
    urban_hukou = (spec.value("hukou.urban_hukou_share") / 100 - rural_urban * (1 - share_urban)) / share_urban
    migrants = (floating - rural_migrant * (1 - share_urban)) / share_urban
    of_them_rural = spec.value("hukou.rural_hukou_among_urban_migrants") / 100
    rural_in_town = migrants * of_them_rural
    urban_in_town = migrants - rural_in_town
    town = [urban_hukou - urban_in_town, 1 - urban_hukou - rural_in_town, urban_in_town, rural_in_town]
    country = [rural_urban, 1 - rural_urban - rural_migrant, 0.0, rural_migrant]
    cut = cumulative(np.array([country, town]))
    first = columns["households.start"][:-1]
    words = draft.strata("world/hukou", len(first))
    chosen = pick(words, cut, columns["places.urban"][columns["persons.place"][first]].astype(np.int64))
    columns["persons.hukou"] = np.repeat(chosen, np.diff(columns["households.start"]))


def add_minority(draft: Draft) -> None:
    """Label households of the minority group, by each province's share; nothing else depends on the label."""
    spec, columns, tables = draft.spec, draft.columns, draft.tables
    share = np.array([p["minority_share"]["value"] / 100 for p in spec.number("provinces").values()])
    if spec.tree["match_country"]:
        share = share * (spec.value("minority.persons") / float(total(share * tables.population)))
    cut = np.minimum(share * ONE + 0.5, ONE).astype(np.int64)
    first = columns["households.start"][:-1]
    words = draft.strata("world/minority", len(first))
    label = (words < cut[columns["places.province"][columns["persons.place"][first]]]).astype(np.uint8) * MINORITY
    columns["persons.role"] = np.repeat(label, np.diff(columns["households.start"]))


def add_traits(draft: Draft) -> None:
    """Give lasting propensities as even quantiles 0..255; `means` takes the rank of income for a share of persons."""
    size = len(draft.columns["persons.household"])
    words = draft.four("world/traits", size)
    others = [t for t in TRAITS if t != "means"]
    for name in others:
        draft.columns[f"persons.{name}"] = np.empty(size, np.uint8)
    means = draft.columns["persons.means"] = np.empty(size, np.uint8)
    # A trait is the top byte of its word; means read low bits, which no trait does.
    follow = int(draft.spec.value("traits.means_follow_income") * 2**15)
    rank, household = draft.columns.pop("households.rank"), draft.columns["persons.household"]

    def work(lo: int, hi: int) -> None:
        for k, name in enumerate(others):
            draft.columns[f"persons.{name}"][lo:hi] = words[k, lo:hi] >> np.uint32(23)
        follows = words[0, lo:hi] & np.uint32(0x7FFF) < follow
        means[lo:hi] = np.where(follows, rank[household[lo:hi]], words[1, lo:hi] & np.uint32(255))

    draft.pieces(size, work)
