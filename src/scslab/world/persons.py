"""Who persons are besides age and kin: education, hukou, minority label, lasting propensities."""

from __future__ import annotations

import numpy as np

from scslab.base.luck import ONE

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


def education_table(draft: Draft) -> tuple[np.ndarray, np.ndarray]:
    """Fit education by age to each province's years of schooling and to the country's totals.

    Returns:
        cut: int64 (provinces * 2, bands, 5), upper thresholds; row 2p is urban.
        lookup: int64, band of each year of age.
    """
    spec, tables = draft.spec, draft.tables
    bands = list(spec.number("education.bands"))
    base = np.array([list(spec.values(f"education.bands.{b}").values()) for b in bands])
    grown = np.array([int(b.split("-")[0]) >= 15 for b in bands])
    people = total(age_by_band(tables, bands), 1)
    weight = np.stack([people * tables.urban[:, None], people * (1 - tables.urban[:, None])], 1) * tables.population[:, None, None]
    tilt = spec.value("education.urban_tilt")
    level = np.arange(5)
    shares = np.repeat(np.repeat(base[None, None], len(people), 0), 2, 1)
    for step in range(4):
        shares[:, 0, grown, 1 + step :] *= tilt
    wanted = np.array([p["schooling_years"]["value"] for p in spec.number("provinces").values()])
    totals = np.array([spec.value(f"education.totals.{n}") for n in ("primary", "junior", "senior", "tertiary")]) / 1e5
    shares /= total(shares)[..., None]
    for _ in range(40):
        adult = weight[:, :, grown, None] * shares[:, :, grown]
        mass = total(adult.reshape(len(people), -1, 5), 1)
        mean = total(mass * YEARS_OF_SCHOOL) / total(mass)
        factor = np.minimum(np.maximum(1 + (wanted - mean) / 3, 0.5), 2.0)
        power = np.ones((len(people), 5))
        for k in level[1:]:
            power[:, k] = power[:, k - 1] * factor
        shares[:, :, grown] *= power[:, None, None, :]
        shares /= total(shares)[..., None]
        if draft.spec.tree["match_country"]:
            have = total((weight[..., None] * shares).reshape(-1, 5), 0) / total(weight.reshape(-1))
            shares[..., 1:] *= totals / have[1:]
            shares /= total(shares)[..., None]
    return cumulative(shares).reshape(-1, len(bands), 5), band_lookup(bands)


def add_education(draft: Draft) -> None:
    """Give everybody the education reached by the start."""
    columns = draft.columns
    cut, lookup = education_table(draft)
    place = columns["persons.place"]
    group = (columns["places.province"].astype(np.int64) * 2 + 1 - columns["places.urban"]) * cut.shape[1]
    words, out = draft.words("world/education", draft.people), np.empty(draft.people, np.uint8)

    def work(lo: int, hi: int) -> None:
        out[lo:hi] = pick(words[lo:hi], cut, group[place[lo:hi]] + lookup[draft.age[lo:hi] // 12])

    draft.spans(draft.people, work)
    columns["persons.education"] = out


def pick(words: np.ndarray, cut: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Choose a category per person.

    Args:
        words: uint32 (n,).
        cut: int64 (..., categories), upper thresholds.
        row: int (n,), row of the flattened table each person reads.

    Returns:
        uint8 (n,), category.

    Example:
        >>> pick(np.array([0, ONE - 1], np.uint32), np.array([[ONE // 2, ONE]]), np.array([0, 0])).tolist()
        [0, 1]
    """
    from .kernels_columns import pick_into

    out = np.empty(len(words), np.uint8)
    pick_into(words, np.ascontiguousarray(cut.reshape(-1, cut.shape[-1])), row, out)
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
    first, means = draft.four("world/traits", size), draft.four("world/means", size)
    for name, words in zip((t for t in TRAITS if t != "means"), first, strict=True):
        draft.columns[f"persons.{name}"] = (words >> np.uint32(23)).astype(np.uint8)
    follow = int(draft.spec.value("traits.means_follow_income") * ONE)
    rank = draft.columns.pop("households.rank")[draft.columns["persons.household"]]
    draft.columns["persons.means"] = np.where(means[0] < follow, rank, (means[1] >> np.uint32(23)).astype(np.uint8))
