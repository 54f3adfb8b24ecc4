"""Work: status, firms and their officers, officials, licensed drivers."""

from __future__ import annotations

import numpy as np

from scslab.base.luck import ONE

from .people import Draft
from .persons import age_by_band, pick
from .tables import band_lookup, cumulative, total

OFFICIAL, OFFICER, DRIVER = 1, 2, 4
SECTORS = ("trade", "manufacturing", "business_services", "other")
OWNERSHIPS = ("private", "state", "foreign", "other")
_SIZES = ((1, 9), (10, 99), (100, 999), (1000, 20_000))


def status_table(draft: Draft) -> tuple[np.ndarray, np.ndarray]:
    """Fit status by place, sex and age to the published numbers of employed persons.

    Returns:
        cut: int64 (rows, 8), upper thresholds; row = (urban * 2 + sex) * 5 + band, band 0 = under 16.
        lookup: int64, band of each year of age.
    """
    spec, tables = draft.spec, draft.tables
    bands = ["0-15", "16-24", "25-49", "50-59", "60-104"]
    people = age_by_band(tables, bands) * tables.population[:, None, None]
    share = np.zeros((2, 2, 5, 8))
    weight = np.zeros((2, 2, 5))
    for urban, place in enumerate(("rural", "urban")):
        side = tables.urban if urban else 1 - tables.urban
        weight[urban] = total(people * side[:, None, None], 0)
        for sex, word in enumerate(("female", "male")):
            share[urban, sex, 0, 0] = 1
            for b, band in enumerate(bands[1:], 1):
                share[urban, sex, b] = list(spec.values(f"work.bands.{place}-{word}-{band}").values())
    whole = spec.value("hukou.population")
    public, own = (spec.value(f"work.{n}") / whole for n in ("public_sector", "self_employed"))
    employee = spec.value("work.in_entities") / whole - public
    farmer = spec.value("work.employed") / whole - employee - public - own
    people_total = total(weight.reshape(-1))
    jobless = spec.value("work.unemployment") / 100
    for _ in range(30):
        town = float(total((weight[1, :, :, None] * share[1])[..., 1:5].reshape(-1)) / people_total)
        targets = np.array([employee, own, farmer, public, town * jobless / (1 - jobless)])
        have = total((weight[..., None] * share).reshape(-1, 8), 0)[1:6] / people_total
        share[..., 1:6] *= targets / have
        share /= total(share)[..., None]
    return cumulative(share).reshape(-1, 8), band_lookup(bands)


def add_status(draft: Draft) -> None:
    """Give everybody a status, and some employees of the public sector an office."""
    spec, columns = draft.spec, draft.columns
    cut, lookup = status_table(draft)
    urban, sex, place = columns["places.urban"].astype(np.int64) * 2, columns["persons.sex"], columns["persons.place"]
    words, n = draft.four("world/work", draft.people), draft.people
    official = int(spec.value("work.officials") / spec.value("work.public_sector") * ONE)
    role, status, drives = columns["persons.role"], np.empty(n, np.uint8), driver_table(draft)

    def work(lo: int, hi: int) -> None:
        year = draft.age[lo:hi] // 12
        status[lo:hi] = pick(words[0][lo:hi], cut, (urban[place[lo:hi]] + sex[lo:hi]) * 5 + lookup[year])
        role[lo:hi] |= ((status[lo:hi] == 4) & (words[1][lo:hi] < official)).astype(np.uint8) * np.uint8(OFFICIAL)
        role[lo:hi] |= (words[2][lo:hi] < drives[sex[lo:hi], year]).astype(np.uint8) * np.uint8(DRIVER)

    draft.spans(n, work)
    columns["persons.status"] = status


def driver_table(draft: Draft) -> np.ndarray:
    """Tabulate the threshold of holding a licence by sex and year of age, int64 (2, 125)."""
    spec = draft.spec
    bands = ["0-17", "18-25", "26-50", "51-70", "71-104"]
    people = total(age_by_band(draft.tables, bands) * draft.tables.population[:, None, None], 0)
    middle, young = spec.value("drivers.share_26_50") / 100, spec.value("drivers.share_18_25") / 100
    share = np.array([0, young, middle, 1 - young - middle, 0])
    female = spec.value("drivers.share_female") / 100
    drivers = spec.value("drivers.licensed") / spec.value("hukou.population") * float(total(people.reshape(-1)))
    rate = drivers * np.array([[female], [1 - female]]) * share / people
    return (np.minimum(rate, 1.0) * ONE).astype(np.int64)[:, band_lookup(bands)]


def firm_sizes(draft: Draft, employees: int) -> np.ndarray:
    """Draw firm sizes from the published classes until every employee has a firm; int32."""
    spec = draft.spec
    count = [spec.value(f"work.{n}") for n in ("micro", "small", "medium", "large")]
    mean = [spec.value(f"work.mean_size.{n}") for n in ("micro", "small", "medium", "large")]
    expected = sum(c * m for c, m in zip(count, mean, strict=True)) / sum(count)
    guess = int(employees / expected * 1.3) + 400
    kind = np.searchsorted(cumulative(np.array(count)), draft.strata("world/firm class", guess), side="right")
    words = draft.words("world/firm size", guess).astype(np.float64)
    low, high = (np.array([s[k] for s in _SIZES], np.float64)[kind] for k in (0, 1))
    # A curve low + (high - low) * x^2-like: small firms of each class are the most common; its mean is set by mixing with a line.
    x = words / ONE
    bend = ((np.array(mean) - [s[0] for s in _SIZES]) / [s[1] - s[0] for s in _SIZES])[kind]
    curved = np.where(bend > 1 / 3, x * x + (bend - 1 / 3) * 6 * (x - x * x), x * x * (3 * bend))
    size = np.minimum((low + (high - low) * curved + 0.5).astype(np.int64), max(employees // 5, 1))
    end = np.cumsum(size)
    last = int(np.searchsorted(end, employees, side="left"))
    size = size[: last + 1].copy()
    size[-1] -= end[last] - employees
    return size[size > 0].astype(np.int32)


def add_firms(draft: Draft) -> None:
    """Deal employees to firms of their neighbourhood; the first grown employee of each is its officer."""
    from .kernels_friends import deal_firms

    spec, columns = draft.spec, draft.columns
    staff = np.flatnonzero(columns["persons.status"] == 1).astype(np.int32)
    columns["persons.firm"] = firm = np.full(draft.people, -1, np.int32)
    size = firm_sizes(draft, len(staff)) if len(staff) else np.zeros(0, np.int32)
    officer = np.full(len(size), -1, np.int32)
    deal_firms(*draft.key("world/firm staff"), staff, size, draft.age, firm, officer)
    columns["persons.role"][officer] |= OFFICER
    sectors = spec.values("work.sectors")
    shares = np.array([*sectors.values(), 100 - sum(sectors.values())])
    private, enterprises = spec.value("work.private_share") / 100, spec.value("work.enterprises")
    state, foreign = (spec.value(f"work.{n}") / enterprises for n in ("state_owned", "foreign"))
    owners = np.array([private, state, foreign, 1 - private - state - foreign])
    words = draft.four("world/firms", len(size))
    columns["firms.size"] = size
    zero = np.zeros(len(size), np.int64)
    columns["firms.sector"] = pick(words[0], cumulative(shares)[None], zero)
    columns["firms.ownership"] = pick(words[1], cumulative(owners)[None], zero)
    columns["firms.officer"] = officer
    columns["firms.place"] = columns["persons.place"][officer]
