"""Worlds without a file: exact cases, published models, teaching, and the benchmark's `mini`.

Everybody is the same unless traits are given; households are single persons (but see `household`, and `mini`), nobody is born, dies, weds, parts or moves.
"""

from __future__ import annotations

import hashlib
import math
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import numpy as np

from scslab.base import luck
from scslab.base.errors import InputError, Problem, nearest
from scslab.base.months import NEVER
from scslab.base.periods import PERIODS

from .model import Network, World
from .persons import TRAITS

_PLAIN = {
    "sex": (np.uint8, 0), "education": (np.uint8, 3), "status": (np.uint8, 1), "role": (np.uint8, 0), "hukou": (np.uint8, 0),
    "firm": (np.int32, -1), "income": (np.int32, 32189), "quintile": (np.uint8, 2), "wed_partner": (np.int32, -1),
    "move_place": (np.uint16, 0), "death_month": (np.int16, NEVER), "wed_month": (np.int16, NEVER), "divorce_month": (np.int16, NEVER),
    "move_month": (np.int16, NEVER),
}  # fmt: skip
_OPTIONS = {
    "ring": {"degree": 2}, "regular": {"degree": 4}, "complete": {}, "islands": {"islands": 10}, "types": {"degree": 8, "mixing": 0.4},
    "mini": {"computed": False, "yearly_rate": False, "degree": 8, "regions": 64},
}  # fmt: skip
_SHARED = {"start_month": 240, "period": "month", "household": 1, "places": 1, "urban": 1, "traits": None, "columns": None, "threads": 1}
DRAWN = "drawn"
"""Given as the value of a trait: everybody's quantile is drawn, even over 0 to 255."""
_MINI_SIZES = (0.24, 0.29, 0.22, 0.16, 0.06, 0.03)


def build_abstract(name: str, people: int, seed: int, **options: Any) -> World:
    """Build an abstract world.

    Args:
        name: ring, regular, complete, islands, types or mini.
        people: persons, from 2.
        seed: world seed.
        options: `degree` (ring, regular, mini; types: the mean), `islands`, `mixing` (types: how likely a tie across types is, over one within),
            `computed` (mini: friends computed, not stored), `yearly_rate`, `regions`; `traits` and `columns`: name -> one value, an array of
            them, or "drawn" (even quantiles by keyed luck), for traits and any other column of persons;
            `period`: month, day or round, what one step of time is; `household`: persons of each household (not mini); `places`: how many places,
            contiguous (but islands and mini have their own); `urban`: 1 or 0, for all places or one each.

    Raises:
        InputError: unknown option, or numbers that make no such world.

    Example:
        >>> build_abstract("islands", people=6, seed=1, islands=2).networks["friends"].neighbours(0).tolist()
        [1, 2]
    """
    known = {**_SHARED, **_OPTIONS[name]}
    for key in options:
        if key not in known:
            raise InputError(Problem(f"world '{name}' has no option '{key}'", fix=nearest(key, known)))
    if not isinstance(people, int) or not 2 <= people <= 1_500_000_000:
        raise InputError(Problem(f"{people} people", why="an abstract world has 2 to 1,500,000,000"))
    if options.get("period") not in (None, *PERIODS):
        raise InputError(Problem(f"'{options['period']}' is not a period", fix=nearest(str(options["period"]), PERIODS)))
    asked = {**known, **{k: v for k, v in options.items() if v is not None}}
    sizes = mini_households(people, seed) if name == "mini" else even_households(people, asked["household"])
    household_start = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int32)
    parts = {"islands": asked.get("islands", 1), "mini": asked.get("regions", 1)}.get(name, asked["places"])
    if not 1 <= parts <= min(people, 65_535):
        raise InputError(Problem(f"{parts} places for {people} people", why="each needs at least one person"))
    wanted = people * np.arange(parts + 1) // parts
    place_start = household_start[np.searchsorted(household_start, wanted)]
    columns = plain_columns(people, household_start, place_start, asked["start_month"])
    if np.ndim(asked["urban"]) and len(asked["urban"]) != parts:
        raise InputError(Problem(f"'urban' has {len(asked['urban'])} entries", why=f"one value or {parts} are needed, one a place"))
    columns["places.urban"] = np.ascontiguousarray(np.broadcast_to(np.asarray(asked["urban"], np.uint8), parts))
    friends = _friends(name, people, seed, asked, place_start)
    if name == "mini":
        columns.update(mini_rates(people, seed, asked["yearly_rate"]))
    if name == "types":
        columns.update(type_columns(people, seed))
    give(columns, people, seed, asked["traits"], asked["columns"])
    kin = Network("csr", np.zeros(people + 1, np.int32), np.zeros(0, np.int32), np.zeros(0, np.uint8))
    text = f"{name} {sorted((k, v) for k, v in asked.items() if k in _OPTIONS[name])}"
    return World(name, hashlib.sha256(text.encode()).hexdigest(), people, seed, people, asked["start_month"],
                 dict(sorted(columns.items())), {"kin": kin, "friends": friends}, ("nowhere",),
                 asked["period"])  # fmt: skip


def plain_columns(people: int, household_start: np.ndarray, place_start: np.ndarray, start_month: int) -> dict[str, np.ndarray]:
    """Fill every column of the contract with the same value for all, stored once; persons are 40 years old."""
    columns = {f"persons.{name}": np.broadcast_to(np.asarray(value, kind), people) for name, (kind, value) in _PLAIN.items()}
    columns.update({f"persons.{trait}": np.broadcast_to(np.uint8(128), people) for trait in TRAITS})
    columns["persons.birth_month"] = np.broadcast_to(np.int16(start_month - 480), people)
    households, places = len(household_start) - 1, len(place_start) - 1
    columns["persons.place"] = np.repeat(np.arange(places, dtype=np.uint16), np.diff(place_start))
    columns["persons.household"] = np.repeat(np.arange(households, dtype=np.int32), np.diff(household_start))
    columns["households.start"] = household_start
    columns["households.income"] = np.full(households, 32189, np.int32)
    columns["households.kind"] = np.zeros(households, np.uint8)
    columns["places.start"] = place_start.astype(np.int32)
    columns["places.urban"] = np.ones(places, np.uint8)
    columns["places.province"] = np.zeros(places, np.uint8)
    for name, kind in (("size", np.int32), ("sector", np.uint8), ("ownership", np.uint8), ("officer", np.int32), ("place", np.uint16)):
        columns[f"firms.{name}"] = np.zeros(0, kind)
    return columns


def give(columns: dict[str, np.ndarray], people: int, seed: int, *given: dict[str, Any] | None) -> None:
    """Replace columns of persons by values given: one for all, an array, or even quantiles by keyed luck."""
    for name, value in ((n, v) for group in given for n, v in (group or {}).items()):
        full = f"persons.{name}"
        if full not in columns:
            known = [c.partition(".")[2] for c in columns if c.startswith("persons.")]
            raise InputError(Problem(f"there is no column '{name}' of persons", fix=nearest(name, known)))
        if isinstance(value, str):
            if value != DRAWN or name not in TRAITS:
                fix = f"Give {', '.join(TRAITS)} as '{DRAWN}', other columns as numbers"
                raise InputError(Problem(f"'{name}' is '{value}'", why="only traits can be drawn", fix=fix))
            value = luck_words(seed, f"world/drawn {name}", people) >> 23
        if np.ndim(value) and np.shape(value) != (people,):
            raise InputError(Problem(f"'{name}' has shape {np.shape(value)}", why=f"one value or {people} are needed"))
        columns[full] = np.ascontiguousarray(np.broadcast_to(np.asarray(value), (people,)).astype(columns[full].dtype))


def _friends(name: str, people: int, seed: int, asked: dict[str, Any], place_start: np.ndarray) -> Network:
    none = np.zeros(0, np.int32)
    if name in ("complete", "islands"):
        return complete_parts(place_start)
    if name == "types":
        return types_network(people, seed, asked["degree"], asked["mixing"])
    degree = asked["degree"]
    if not isinstance(degree, int) or not degree >= 1 or (name != "mini" and degree >= people):
        raise InputError(Problem(f"degree {degree} among {people} people", fix="Choose 1 to people - 1"))
    if degree % 2 and (name != "regular" or people % 2):
        fix = "Choose an even degree, or `regular` with an even number of people"
        raise InputError(Problem(f"degree {degree} is odd", why="ties come in pairs", fix=fix))
    if name == "ring":
        steps = np.array([s for k in range(degree // 2, 0, -1) for s in (-k,)] + list(range(1, degree // 2 + 1)))
        return Network("regular", none, ((np.arange(people)[:, None] + steps) % people).astype(np.int32), None, degree)
    if name == "regular":
        return Network("regular", none, random_regular(people, seed, degree), None, degree)
    keys = np.array([luck.words(luck.stream_key(seed, "world/mini friends"), p, ordinal=np.arange(4)) for p in range(degree // 2)])
    keys = keys.astype(np.uint64)
    if asked["computed"]:
        return Network("computed", none, none, None, degree, keys, people)
    from .permute import neighbours_into

    target = np.empty((people, degree), np.int32)
    neighbours_into(keys, people, np.arange(people), target)
    return Network("regular", none, target, None, degree)


def complete_parts(start: np.ndarray) -> Network:
    """Tie everybody to everybody else of the same part."""
    size = np.diff(start).astype(np.int64)
    if (size * (size - 1)).sum() > 200_000_000:
        raise InputError(Problem("too many ties", why="everybody is tied to everybody", fix="Use fewer people or more islands"))
    rows = [np.arange(lo, hi) for lo, hi in pairwise(start)]
    target = np.concatenate([np.delete(row, k) for row in rows for k in range(len(row))] or [np.zeros(0)])
    offsets = np.concatenate([[0], np.cumsum(np.repeat(size - 1, size))])
    return Network("csr", offsets.astype(np.int32), target.astype(np.int32))


def type_columns(people: int, seed: int) -> dict[str, np.ndarray]:
    """Make each person of the high or the low type, an even chance each: means 255 or 0, quintile 4 or 0."""
    high = luck_words(seed, "world/types", people) < luck.ONE // 2
    return {"persons.means": np.where(high, 255, 0).astype(np.uint8), "persons.quintile": np.where(high, 4, 0).astype(np.uint8)}


def types_network(people: int, seed: int, degree: float, mixing: float) -> Network:
    """Tie each pair of persons by a word of its own: two of one type more often than two of different types.

    Args:
        degree: mean number of ties; mixing: chance of a tie across types over that within one, 0 to 1.
    """
    if not 0 <= mixing <= 1 or not 0 < degree:
        raise InputError(Problem(f"mixing {mixing} and mean degree {degree}", why="mixing is a share, and the mean degree is above 0"))
    within = 2 * degree / ((people - 1) * (1 + mixing))
    if within > 1 or people > 20_000:
        raise InputError(Problem(f"mean degree {degree} among {people} people", why="a pair has one tie at most", fix="Use 2 to 20,000 people and fewer ties"))
    limits = np.array([luck.threshold(within * mixing), luck.threshold(within)], np.uint32)
    high = type_columns(people, seed)["persons.means"] > 0
    key, found = luck.stream_key(seed, "world/types ties"), []
    for one in range(people - 1):
        words = pair_words(key, one, people)
        other = np.flatnonzero(words < limits[(high[one + 1 :] == high[one]).astype(np.int64)]) + one + 1
        found.append(np.stack([np.full(len(other), one), other]))
    pairs = np.concatenate(found, axis=1)
    source, target = np.concatenate([pairs, pairs[::-1]], axis=1)
    order = np.lexsort((target, source))
    offsets = np.searchsorted(source[order], np.arange(people + 1))
    return Network("csr", offsets.astype(np.int32), target[order].astype(np.int32))


def pair_words(key: luck.Key, one: int, people: int) -> np.ndarray:
    """Draw a word for each pair of one person with those of higher ids."""
    first, last = (one << 31) + one + 1, (one << 31) + people
    if people < 500:
        return luck.words(key, np.arange(first, last))
    from scslab.base.luck_kernels import words_into

    out = np.empty(last - first, np.uint32)
    words_into(*(np.uint64(k) for k in key), first, last, 0, 0, out)
    return out


def random_regular(people: int, seed: int, degree: int) -> np.ndarray:
    """Join random closed walks through everybody (and a pairing when the degree is odd); repeated ties are swapped away.

    Returns:
        int32 (people, degree), every row sorted, without repeats or self-ties.
    """
    key = luck.stream_key(seed, "world/regular")
    table = np.zeros((people, 0), np.int64)
    for walk in range((degree + 1) // 2):
        order = np.lexsort((np.arange(people), luck.words(key, np.arange(people), ordinal=walk)))
        is_pairing = degree % 2 == 1 and walk == degree // 2
        for attempt in range(1000):
            mine = np.empty((people, 1 if is_pairing else 2), np.int64)
            if is_pairing:
                mine[order, 0] = order[np.arange(people) ^ 1]
            else:
                mine[order] = np.stack([np.roll(order, 1), np.roll(order, -1)], 1)
            joined = np.sort(np.concatenate([table, mine], 1), 1)
            bad = np.flatnonzero((joined[:, 1:] == joined[:, :-1]).any(1)) if joined.shape[1] > 1 else np.zeros(0, np.int64)
            if not len(bad):
                break
            place = np.empty(people, np.int64)
            place[order] = np.arange(people)
            other = luck.words(key, bad, 1 + attempt, ordinal=walk).astype(np.int64) * people >> 31
            for a, b in zip(place[bad], other, strict=True):
                order[a], order[b] = order[b], order[a]
        else:
            raise InputError(Problem(f"no {degree}-regular network of {people} people found", fix="Choose a smaller degree or `complete`"))
        table = joined
    return table.astype(np.int32)


def even_households(people: int, size: int) -> np.ndarray:
    """Give households of one size; the last is cut to fit. int32.

    Raises:
        InputError: no such size.

    Example:
        >>> even_households(7, 3).tolist()
        [3, 3, 1]
    """
    if not isinstance(size, int) or not 1 <= size <= people:
        raise InputError(Problem(f"households of {size} among {people} people", fix="Choose 1 to people"))
    whole, rest = divmod(people, size)
    return np.array([size] * whole + [rest] * (rest > 0), np.int32)


def mini_households(people: int, seed: int) -> np.ndarray:
    """Draw household sizes 1..6 of SCS-mini; the last is cut to fit. int32."""
    cut = np.cumsum(np.array([round(p * 100) for p in _MINI_SIZES])) * luck.ONE // 100
    words = luck_words(seed, "world/mini households", people // 2 + 100 + people % 2)
    size = np.searchsorted(cut, words, side="right").astype(np.int32) + 1
    end = np.cumsum(size, dtype=np.int64)
    last = int(np.searchsorted(end, people))
    size = size[: last + 1]
    size[-1] -= end[last] - people
    return size


def mini_rates(people: int, seed: int, yearly: bool) -> dict[str, np.ndarray]:
    """Draw SCS-mini's offence rates, Gamma(0.5, scale 0.6) a year.

    Returns:
        'persons.rate': uint32, threshold of at least one offence in a month; 'persons.rate_yearly': float32, if asked for.
    """
    words = luck_words(seed, "world/mini rate", people)
    monthly, rate = rate_knots()
    part = words >> np.uint32(19)
    fine = np.where(part == 4095, ((words >> np.uint32(7)) & np.uint32(4095)) + 4096, part)
    inside = np.where(part == 4095, (words & np.uint32(127)) << np.uint32(12), words & np.uint32((1 << 19) - 1)).astype(np.int64)
    # Knot 4096 of the coarse table opens the fine one; the fine one carries its own last knot.
    out: dict[str, np.ndarray] = {"persons.rate": (monthly[fine] + ((monthly[fine + 1] - monthly[fine]) * inside >> 19)).astype(np.uint32)}
    if yearly:
        out["persons.rate_yearly"] = (rate[fine] + (rate[fine + 1] - rate[fine]) * (inside / (1 << 19))).astype(np.float32)
    return out


def rate_knots() -> tuple[np.ndarray, np.ndarray]:
    """Tabulate quantiles of the gamma law at 4,096 even points and again in the last of them; 0.3 Z^2 has that law."""
    coarse = [k / 4096 for k in range(4096)]
    fine = [(4095 + k / 4096) / 4096 for k in range(4096)] + [1 - 2.0**-26]
    rate = [0.3 * NormalDist().inv_cdf(0.5 + u / 2) ** 2 for u in coarse + fine]
    return np.array([round(-math.expm1(-r / 12) * luck.ONE) for r in rate], np.int64), np.array(rate)


def luck_words(seed: int, name: str, size: int) -> np.ndarray:
    """Draw words for ids 0..size-1, by kernel when there are many."""
    key = luck.stream_key(seed, name)
    if size < 20_000:
        return luck.words(key, np.arange(size))
    from scslab.base.luck_kernels import words_into

    out = np.empty(size, np.uint32)
    words_into(*(np.uint64(k) for k in key), 0, size, 0, 0, out)
    return out
