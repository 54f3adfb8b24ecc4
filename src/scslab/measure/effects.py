"""Paired effects: with minus without, over seeds that share luck, for everybody and by group, with an interval or why there is none.

The same seed in two arms is one pair. Means do not depend on how luck is shared; only averages are claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..base.errors import InputError, Problem, nearest
from .cells import anybody_in, groups, marginal
from .intervals import LUCK_ONLY, Changes, Interval, holm, paired, ratio_difference, too_few
from .outcomes import BY_NAME, SHARE, YEAR, Outcome, counter, outcome, outcomes_of, parts, window_of

SMALL_DENOMINATOR = ("ratio", "within")
"""Forms whose value is a ratio of sums over seeds."""

ALPHA = 0.05
"""A difference is called clear where its adjusted p-value is no larger."""

AllTallies = Mapping[str, Mapping[int, Mapping[str, np.ndarray]]]
Row = dict[str, Any]


def effects(
    tallies: AllTallies,
    people_by_cell: Any,
    arm: str,
    against: str,
    by: str | None = None,
    window: str | slice | None = None,
    outcomes: Sequence[str] | None = None,
    watched: Sequence[str] = (),
    label: str = LUCK_ONLY,
    counted: Mapping[str, Iterable[str]] | None = None,
) -> list[Row]:
    """Compute every outcome with and without the rules.

    Args:
        tallies: counters (months, cells) by arm, seed and name.
        people_by_cell: person-months (months, cells) from `cells.followed`, or persons (cells,), one for all seeds or one a seed.
        arm, against: the arms compared.
        by: a key of `cells.DIMENSIONS`, or None for everybody.
        window: a name of `outcomes.windows`, or months as a slice; None is the last twelve.
        outcomes: names, or None for those of the headline that some arm counts; watched: kinds of acts that some sensor of some arm looks at.
        label: what the interval stands for.
        counted: counters kept, by arm of the run; see `outcomes.outcomes_of`.

    Returns:
        Rows of outcome, words, unit, kind, primary, group, with, without, difference, low, high, p, p_holm, clear, label, events, note, about,
        by_construction, share and in_worlds (empty here; see `worlds`). Numbers are None where there are too few events; `note`, else
        empty, then says how many people would do.

    Raises:
        InputError: unknown arm, outcome, group or window, or arms without common seeds.
    """
    for name in (arm, against):
        if name not in tallies:
            raise InputError(Problem(f"'{name}' is not an arm of this run", fix=nearest(name, tallies)))
    seeds = sorted(set(tallies[arm]) & set(tallies[against]))
    if not seeds:
        raise InputError(Problem(f"'{arm}' and '{against}' share no seed"))
    months = months_of(tallies, people_by_cell)
    chosen = [outcome(name) for name in outcomes] if outcomes is not None else outcomes_of(counted)
    followed = [followed_of(people_by_cell, i, months) for i in range(len(seeds))]
    span, rows = window_of(months, window), []
    for measured in chosen:
        pair = [[parts(measured, tallies[a][seed], followed[i], by, span, watched) for i, seed in enumerate(seeds)] for a in (arm, against)]
        with_, without = (np.array(side, float) for side in pair)  # (seeds, 3, groups)
        people = sum(int(f[0].sum()) for f in followed) // len(followed)
        same = (with_ == without).all(axis=(0, 1))
        if same.any():  # by month too
            same &= ~np.any([differing(measured, tallies[arm][s], tallies[against][s], by) for s in seeds], axis=0)
        rows += [_row(measured, group, with_[:, :, g], without[:, :, g], people, label, bool(same[g])) for g, group in enumerate(groups(by))]
    return adjusted(rows)


def months_of(tallies: AllTallies, people_by_cell: Any) -> int:
    """Count the months of a run."""
    first = people_by_cell[0] if isinstance(people_by_cell, list | tuple) else people_by_cell
    if np.ndim(first) == 2:
        return int(np.shape(first)[0])
    found = next((array for arms in tallies.values() for names in arms.values() for array in names.values()), None)
    if found is None:
        raise InputError(Problem("the run counted nothing", fix="Give person-months by month, or run at least a month"))
    return int(found.shape[0])


def followed_of(people_by_cell: Any, i: int, months: int) -> np.ndarray:
    """Give person-months (months, cells) of the i-th seed."""
    one = np.asarray(people_by_cell[i] if isinstance(people_by_cell, list | tuple) else people_by_cell)
    return np.broadcast_to(one, (months, one.shape[-1])) if one.ndim == 1 else one


def blank(measured: Outcome, group: str, label: str) -> Row:
    """Make a row without numbers."""
    return {
        "outcome": measured.name, "words": measured.words, "unit": measured.unit, "kind": measured.kind, "primary": measured.primary,
        "group": group, "with": None, "without": None, "difference": None, "low": None, "high": None, "p": None, "p_holm": None,
        "clear": "", "label": label, "events": 0, "note": "", "about": measured.note, "by_construction": measured.by_construction,
        "share": None, "in_worlds": "",
    }  # fmt: skip


def _row(measured: Outcome, group: str, with_: np.ndarray, without: np.ndarray, people: int, label: str, same: bool) -> Row:
    """Make one row from (seeds, [numerator, denominator, events]) of both arms; `same`: nothing behind it differs in any month and group."""
    row = blank(measured, group, label)
    row["events"] = int(max(with_[:, 2].sum(), without[:, 2].sum()))
    few = too_few(row["events"], people)
    if not few and measured.kind == "level" and (with_[:, 1] > 0).any() and not without[:, 1].any():
        row["with"], row["note"] = _value(measured, with_), "nothing of the kind without the rules"
        return row
    if not (with_[:, 1] > 0).any() or not (without[:, 1] > 0).any():
        nobody = "nobody, or too few in every seed" if measured.form == "formula" else "nobody to count"
        few = f"no complete cohort: needs more than {measured.months} months" if measured.months else few or nobody
    if few:
        row["note"] = few
        return row
    if measured.form not in SMALL_DENOMINATOR:  # a formula may find nobody to count in some seeds: such pairs say nothing
        both = (with_[:, 1] > 0) & (without[:, 1] > 0)
        with_, without = with_[both], without[both]
        if not len(with_):
            return row | {"note": "nobody to count in both arms of any seed"}
    row["with"], row["without"] = _value(measured, with_), _value(measured, without)
    found = interval_of(measured, with_, without, same)
    row |= {"difference": found.value, "low": found.low, "high": found.high, "p": found.p}
    if found.low is None:
        row["label"] = "no interval: one seed" if len(with_) < 2 else "no interval: too few seeds"
    return row


def _value(measured: Outcome, side: np.ndarray) -> float:
    """Give the mean over seeds; the ratio of sums where the denominator is a count of events."""
    if measured.form in SMALL_DENOMINATOR:
        return float(side[:, 0].sum() / side[:, 1].sum() * measured.per)
    side = side[side[:, 1] > 0]
    return float((side[:, 0] / side[:, 1]).mean() * measured.per)


def interval_of(measured: Outcome, with_: np.ndarray, without: np.ndarray, same: bool = False) -> Interval:
    """Give the interval of the paired difference over seeds.

    Args:
        with_, without: shape (seeds, 2 or more): numerator and denominator of each seed in each arm.
        same: nothing that is counted differs anywhere, so that there is no luck to speak of.
    """
    changes = None if same else _changes(measured, with_, without)
    if measured.form in SMALL_DENOMINATOR:
        return ratio_difference(with_[:, :2], without[:, :2], measured.per, changes=changes)
    return paired((with_[:, 0] / with_[:, 1] - without[:, 0] / without[:, 1]) * measured.per, changes=changes)


def _changes(measured: Outcome, with_: np.ndarray, without: np.ndarray) -> Changes | None:
    """Count the events that differ, where the numerator counts events; one that lasts is counted in each of twelve months."""
    if measured.form == "formula" or (measured.events and not measured.lasts):
        return None
    apart = np.abs(with_ - without).sum(axis=0)
    each = YEAR if measured.lasts else 1
    if measured.form in SMALL_DENOMINATOR:
        return Changes(float(apart[:2].sum()) / each, each * measured.per / float(with_[:, 1].sum()))
    return Changes(float(apart[0]) / each, each * measured.per * float((1 / with_[:, 1]).mean()) / len(with_))


def differ(measured: Outcome, here: Mapping[str, np.ndarray], there: Mapping[str, np.ndarray]) -> bool:
    """Tell whether two arms count an outcome differently in any month or group."""
    return bool(differing(measured, here, there)[0])


def differing(measured: Outcome, here: Mapping[str, np.ndarray], there: Mapping[str, np.ndarray], by: str | None = None) -> np.ndarray:
    """Tell for each group of a dimension whether two arms count an outcome differently in any month, for anybody in it or for any child."""
    found = np.zeros(len(groups(by)), bool)
    for name in _counters(measured, {*here, *there}):
        one, other = here.get(name, 0), there.get(name, 0)
        if not np.array_equal(one, other):
            found |= anybody_in(np.not_equal(one, other), by)
    return found


def _counters(measured: Outcome, known: set[str]) -> set[str]:
    """Name the counters an outcome is made of; those of months after and of names with a star included."""
    found: set[str] = set()
    for name in (*measured.numerator, *measured.denominator, *measured.events):
        bare = name.removeprefix("-")
        if bare.endswith("*"):
            found |= {one for one in known if one.startswith(bare[:-1])}
        elif bare.startswith("acts@"):
            found |= {one for one in known if one.startswith("acts.")}
        else:
            found |= {one for one in known if one == bare or (measured.form == "within" and one.startswith(f"{bare}.m"))}
    return found


def adjusted(rows: list[Row]) -> list[Row]:
    """Adjust p-values by Holm's method, and say which differences are clear.

    Secondary outcomes are one family, with all their groups. A primary outcome was fixed in advance, so it is adjusted for its own groups only.
    """
    families: dict[str, list[Row]] = {}
    for row in rows:
        families.setdefault(row["outcome"] if row["primary"] else "", []).append(row)
    for family in families.values():
        for row, p in zip(family, holm([row["p"] for row in family]), strict=True):
            row["p_holm"], row["clear"] = p, clear(row["p"], p)
    return rows


def clear(p: float | None, p_holm: float | None) -> str:
    """Say whether a difference is clear: also after adjustment, before it only, or not.

    Example:
        >>> clear(0.001, 0.01), clear(0.03, 0.3), clear(0.3, 1.0), clear(None, None)
        ('yes', 'not after adjustment', 'no', '')
    """
    if p is None or p_holm is None:
        return ""
    return "yes" if p_holm <= ALPHA else "not after adjustment" if p <= ALPHA else "no"


def monthly(tallies: AllTallies, people_by_cell: Any, arm: str, name: str = "listed_stock") -> np.ndarray:
    """Give an outcome month by month, mean over seeds; a stock per 10,000 of the cohort, a rate per its own unit.

    Returns:
        float array (months,).
    """
    measured, months = BY_NAME[name], months_of(tallies, people_by_cell)
    values = []
    for i, seed in enumerate(sorted(tallies[arm])):
        followed = followed_of(people_by_cell, i, months)
        top, base = counter(tallies[arm][seed], measured.numerator, followed.shape), followed
        scale = measured.per if measured.form == "stock" else measured.per * 12
        top, base = (array.astype(float) for array in (_adults(top), _adults(base)))
        values.append(top / np.maximum(base, 1) * scale)
    return np.mean(values, axis=0)


def _adults(array: np.ndarray) -> np.ndarray:
    return marginal(array)[..., 0]


def near_and_far(
    values: Mapping[str, np.ndarray], touched: Mapping[str, np.ndarray], arm: str, against: str, adult: np.ndarray
) -> list[Row]:
    """Split an effect on a per-person count by who was sanctioned in any arm: oneself, kin only, nobody near.

    The stratum conditions on an outcome, so it is allowed only within persons: the same ids in all arms; its size is printed beside it.

    Args:
        values: per-person counts by arm (`persons.speech`); touched: `persons.touched` by arm; adult: mask of the cohort.

    Returns:
        Rows of stratum, people, share, with, without, difference (per 1,000 persons over the run).
    """
    bits = np.bitwise_or.reduce([touched[name].astype(np.uint8) for name in touched])
    strata = (("all", adult), ("own", adult & (bits & 1 > 0)), ("kin", adult & (bits & 3 == 2)), ("nobody near", adult & (bits & 3 == 0)))
    rows = []
    for stratum, who in strata:
        people = int(who.sum())
        row: Row = {"stratum": stratum, "people": people, "share": people / max(int(adult.sum()), 1), "with": None, "without": None}
        row["difference"] = None
        if people:
            sides = [float(values[name][who].astype(np.int64).sum()) / people * 1000 for name in (arm, against)]
            row |= {"with": sides[0], "without": sides[1], "difference": sides[0] - sides[1]}
        rows.append(row)
    return rows


def level(
    tallies: AllTallies,
    people_by_cell: Any,
    arm: str,
    name: str,
    by: str | None = None,
    window: str | slice | None = None,
    watched: Sequence[str] = (),
) -> list[Row]:
    """Compute an outcome in one arm, with an interval over seeds.

    Returns:
        Rows of outcome, words, unit, group, value, low, high, label, events and note, as `effects` gives them.
    """
    measured, months, seeds = outcome(name), months_of(tallies, people_by_cell), sorted(tallies[arm])
    followed = [followed_of(people_by_cell, i, months) for i in range(len(seeds))]
    found = np.array([parts(measured, tallies[arm][s], followed[i], by, window_of(months, window), watched) for i, s in enumerate(seeds)], float)
    people, rows = sum(int(f[0].sum()) for f in followed) // len(followed), []
    for g, group in enumerate(groups(by)):
        side = found[:, :, g]
        row = {key: blank(measured, group, LUCK_ONLY)[key] for key in ("outcome", "words", "unit", "group", "label", "note")}
        row |= {"value": None, "low": None, "high": None, "events": int(side[:, 2].sum())}
        few = "nobody to count" if not (side[:, 1] > 0).any() else too_few(row["events"], people)
        if few:
            row["note"] = few
        else:
            side = side[side[:, 1] > 0] if measured.form not in SMALL_DENOMINATOR else side  # a formula may find nobody in some seeds
            low, high = _ends(measured, side)
            row |= {"value": _value(measured, side), "low": low, "high": high}
        rows.append(row)
    return rows


def _ends(measured: Outcome, side: np.ndarray) -> tuple[float | None, float | None]:
    """Give the ends of a level's interval; a share stays within 0 to 100, and near 100 it is the misses that are counted."""
    is_share = measured.is_share and bool((side[:, 0] <= side[:, 1]).all())
    turned = is_share and side[:, 0].sum() > side[:, 1].sum() / 2
    if turned:
        side = np.stack([side[:, 1] - side[:, 0], *side.T[1:]], axis=1)
    found = interval_of(measured, side, side * [0, 1, 0])
    if found.low is None or found.high is None or not is_share:
        return found.low, found.high
    low, high = max(found.low, 0.0), min(found.high, SHARE)
    return (SHARE - high, SHARE - low) if turned else (low, high)
