"""Work: status, firms and their officers, officials, licensed drivers."""

from __future__ import annotations

import numpy as np

from scslab.base.luck import ONE

from .model import SCHOOL_ENDS
from .people import Draft
from .persons import age_by_band, pick
from .tables import band_lookup, by_year, cumulative, total

OFFICIAL, OFFICER, DRIVER = 1, 2, 4
EMPLOYEE, PUBLIC, UNEMPLOYED = 1, 4, 5
_BANDS = ("16-24", "25-49", "50-59", "60-104")
SECTORS = ("trade", "manufacturing", "business_services", "other")
OWNERSHIPS = ("private", "state", "foreign", "other")
_WINDOW = 4096
_SIZES = ((1, 9), (10, 99), (100, 999), (1000, 20_000))


def status_table(draft: Draft) -> tuple[np.ndarray, np.ndarray]:
    """Fit status by place, sex and age of those who have left school to the published numbers of employed persons.

    Returns:
        cut: int64 (rows, 8), upper thresholds; row = (urban * 2 + sex) * 5 + band. Band 0 is for those who are still at school: the
            status they will have, that of persons of 25 to 49; nobody leaves school for unemployment, which is the loss of a job.
        lookup: int64, band of each year of age.
    """
    spec, tables = draft.spec, draft.tables
    bands = ["0-15", *_BANDS]
    lookup = band_lookup(bands)
    people = by_year(tables.by_age) * tables.population[:, None, None]
    share, weight = np.zeros((2, 2, 5, 8)), np.zeros((2, 2, 5))
    for urban, place in enumerate(("rural", "urban")):
        side = tables.urban if urban else 1 - tables.urban
        out = total(people * (side[:, None] * _left_school(draft)[:, urban])[:, None], 0)
        for sex, word in enumerate(("female", "male")):
            for b, band in enumerate(_BANDS, 1):
                share[urban, sex, b, 1:] = list(spec.values(f"work.bands.{place}-{word}-{band}").values())
                weight[urban, sex, b] = float(total(np.where(lookup[: out.shape[1]] == b, out[sex], 0)))
    whole = spec.value("hukou.population")
    public, own = (spec.value(f"work.{n}") / whole for n in ("public_sector", "self_employed"))
    employee = spec.value("work.in_entities") / whole - public
    farmer = spec.value("work.employed") / whole - employee - public - own
    everybody = float(total(people.reshape(-1)))
    jobless = spec.value("work.unemployment") / 100
    grown = share[:, :, 1:]
    for _ in range(30):
        town = float(total((weight[1, :, 1:, None] * grown[1])[..., 1:5].reshape(-1)) / everybody)
        targets = np.array([employee, own, farmer, public, town * jobless / (1 - jobless)])
        have = total((weight[:, :, 1:, None] * grown).reshape(-1, 8), 0)[1:6] / everybody
        grown[..., 1:6] *= targets / have
        grown /= total(grown)[..., None]
    share[:, :, 0] = share[:, :, 2]
    share[:, :, 0, UNEMPLOYED] = 0
    return cumulative(share).reshape(-1, 8), lookup


def _left_school(draft: Draft) -> np.ndarray:
    """Tabulate the share that has left school; float64 (provinces, 2, years), [p, 1] is urban."""
    share = np.diff(draft.schooling / ONE, axis=-1, prepend=0)
    lookup, years = band_lookup(list(draft.spec.number("education.bands"))), by_year(draft.tables.by_age).shape[-1]
    year = np.arange(years)
    return total(share[:, :, lookup[:years]] * (year[:, None] >= SCHOOL_ENDS))


def add_status(draft: Draft) -> None:
    """Give everybody a status, now or after school, and some employees of the public sector an office."""
    spec, columns = draft.spec, draft.columns
    draft.statuses, lookup = status_table(draft)
    urban, sex, place = columns["places.urban"].astype(np.int64) * 2, columns["persons.sex"], columns["persons.place"]
    words, n = draft.four("world/work", draft.people), draft.people
    official = int(spec.value("work.officials") / spec.value("work.public_sector") * ONE)
    role, status = columns["persons.role"], np.empty(n, np.uint8)
    # By urban, sex, pupil and year of age: the row of the table of statuses, and the threshold of holding a licence.
    rows = (np.arange(4)[:, None, None] * 5 + np.stack([lookup, np.zeros_like(lookup)])).reshape(-1)
    drives = np.tile(driver_table(draft)[:, None], (2, 2, 1)).reshape(-1).astype(np.uint32)

    def work(lo: int, hi: int) -> None:
        cell = ((urban[place[lo:hi]] + sex[lo:hi]) * 2 + draft.pupil[lo:hi]) * 125 + draft.age[lo:hi] // 12
        pick(words[0, lo:hi], draft.statuses, rows[cell], status[lo:hi])
        office = np.flatnonzero((status[lo:hi] == PUBLIC) & ~draft.pupil[lo:hi])
        role[lo:hi][office] |= (words[1, lo:hi][office] < official) * np.uint8(OFFICIAL)
        role[lo:hi] |= (words[2, lo:hi] < drives[cell]) * np.uint8(DRIVER)

    draft.pieces(n, work)
    columns["persons.status"] = status


def driver_table(draft: Draft) -> np.ndarray:
    """Tabulate the threshold of holding a licence by sex and year of age, int64 (2, 125); for minors, of holding one once grown."""
    spec = draft.spec
    bands = ["0-17", "18-25", "26-50", "51-70", "71-104"]
    people = total(age_by_band(draft.tables, bands) * draft.tables.population[:, None, None], 0)
    middle, young = spec.value("drivers.share_26_50") / 100, spec.value("drivers.share_18_25") / 100
    share = np.array([0, young, middle, 1 - young - middle, 0])
    female = spec.value("drivers.share_female") / 100
    drivers = spec.value("drivers.licensed") / spec.value("hukou.population") * float(total(people.reshape(-1)))
    rate = drivers * np.array([[female], [1 - female]]) * share / people
    # Minors come of age within the horizon and grow older: between the young drivers' share and the middle-aged ones'.
    rate[:, 0] = (rate[:, 1] + rate[:, 2]) / 2
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
    spec, columns = draft.spec, draft.columns
    staff = np.flatnonzero((columns["persons.status"] == EMPLOYEE) & ~draft.pupil).astype(np.int32)
    size = firm_sizes(draft, len(staff)) if len(staff) else np.zeros(0, np.int32)
    # Shuffled inside windows, so that the staff of a firm comes from nearby.
    windows = -(-len(staff) // _WINDOW)
    words = (draft.words("world/firm staff", windows * _WINDOW) >> np.uint32(15)).astype(np.uint16)
    words[len(staff) :] = 65_535
    order = np.argsort(words.reshape(windows, _WINDOW), axis=1, kind="stable") + np.arange(0, len(words), _WINDOW)[:, None]
    staff = staff[order.reshape(-1)[: len(staff)]]
    columns["persons.firm"] = np.full(draft.people, -1, np.int32)
    columns["persons.firm"][staff] = np.repeat(np.arange(len(size), dtype=np.int32), size)
    end = np.cumsum(size, dtype=np.int64)
    grown = np.append(np.flatnonzero(draft.age[staff] >= 216), len(staff))
    first = grown[np.searchsorted(grown, end - size)]
    officer = staff[np.where(first < end, first, end - size)]
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
