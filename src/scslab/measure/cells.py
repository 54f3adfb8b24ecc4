"""Group cells, fixed at the fork: income quintile, sex, age band, urban, hukou. One small integer a person; counters are kept by cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..base.errors import InputError, Problem, nearest

AGE_CUTS = (18, 30, 40, 50, 60)

DIMENSIONS: dict[str, tuple[str, ...]] = {
    "income_quintile": ("1 (poorest)", "2", "3", "4", "5 (richest)"),
    "sex": ("female", "male"),
    "age_band": ("0-17", "18-29", "30-39", "40-49", "50-59", "60+"),
    "urban": ("rural", "urban"),
    "hukou": ("local", "migrant"),
}
"""Names of the groups of each dimension, in the order of the cell number's digits."""

SHAPE = tuple(len(names) for names in DIMENSIONS.values())
ADULT_BANDS = slice(1, None)
BLOCK = 1 << 17
"""Persons looked at in one go, so that wide intermediate numbers of a large population need little memory."""


def n_cells() -> int:
    """Count the group cells.

    Example:
        >>> n_cells()
        240
    """
    return int(np.prod(SHAPE))


def cell_of(world: Any, start: int) -> np.ndarray:
    """Give the group cell of every row of persons at the fork.

    Args:
        world: has `columns` and `count`; columns that an abstract world lacks count as 0 (age: an adult of 30-39).
        start: first month of the measured run, months since 2000-01.

    Returns:
        uint16 array, one per row of persons; those not yet born are in the youngest band.
    """
    people = world.count("persons")
    columns: Mapping[str, np.ndarray] = world.columns
    cell = np.empty(people, np.uint16)
    for low in range(0, people, BLOCK):
        rows = slice(low, min(low + BLOCK, people))
        cell[rows] = _cells(columns, rows, start)
    return cell


def _cells(columns: Mapping[str, np.ndarray], rows: slice, start: int) -> np.ndarray:
    none = np.zeros(rows.stop - rows.start, np.int64)

    def of(name: str) -> np.ndarray:
        return columns[name][rows] if name in columns else none

    age = (start - of("persons.birth_month").astype(np.int64)) // 12 if "persons.birth_month" in columns else none + 35
    band = np.searchsorted(AGE_CUTS, age, side="right")
    is_urban = columns["places.urban"][of("persons.place")] if "persons.place" in columns and "places.urban" in columns else none
    cell = none
    for part, size in zip((of("persons.quintile"), of("persons.sex"), band, is_urban, of("persons.hukou") >= 2), SHAPE, strict=True):
        cell = cell * size + np.clip(part.astype(np.int64), 0, size - 1)
    return cell


def followed(world: Any, start: int, months: int) -> np.ndarray:
    """Count the persons of the cohort alive in each month, by cell: the person-months behind every rate.

    Args:
        world: as in `cell_of`; start, months: the measured run.

    Returns:
        int64 array (months, cells); a person counts in month t when born before the fork and not dead in t.
    """
    cells, shape = cell_of(world, start), (months, n_cells())
    birth, death = world.columns.get("persons.birth_month"), world.columns.get("persons.death_month")
    if birth is None or death is None:
        return np.broadcast_to(np.bincount(cells, minlength=shape[1]), shape).astype(np.int64)
    here = (birth <= start) & (death > start)
    blocks = range(0, len(cells), BLOCK)
    alive = sum((np.bincount(cells[low : low + BLOCK][here[low : low + BLOCK]], minlength=shape[1]) for low in blocks), np.zeros(shape[1], np.int64))
    gone = np.zeros(shape, np.int64)
    dies = np.flatnonzero(here & (death < start + months))
    np.add.at(gone, (death[dies].astype(np.int64) - start, cells[dies]), 1)
    return alive - np.cumsum(gone, axis=0)


def cohort(tensor: np.ndarray) -> np.ndarray:
    """Set to zero what belongs to persons under 18 at the fork; the last axis is the cell."""
    shaped = np.array(tensor).reshape(*tensor.shape[:-1], *SHAPE)
    shaped[..., 0, :, :] = 0
    return shaped.reshape(tensor.shape)


def adults(cells: np.ndarray) -> np.ndarray:
    """Tell from their cells who was 18 or over at the fork: bool, shape of `cells`."""
    return cells.astype(np.int64) // (SHAPE[3] * SHAPE[4]) % SHAPE[2] > 0


def minors(tensor: np.ndarray) -> np.ndarray:
    """Put those under 18 at the fork in the place of the youngest adults, and leave out everybody else: for outcomes about children."""
    shaped = np.array(tensor).reshape(*tensor.shape[:-1], *SHAPE)
    moved = np.zeros_like(shaped)
    moved[..., 1, :, :] = shaped[..., 0, :, :]
    return moved.reshape(tensor.shape)


def in_one_cell(tensor: np.ndarray) -> np.ndarray:
    """Sum every cell, and put the sum where adults are counted: for outcomes about what has no group of persons."""
    moved = np.zeros(tensor.shape, tensor.dtype).reshape(*tensor.shape[:-1], *SHAPE)
    moved[..., 0, 0, 1, 0, 0] = tensor.sum(axis=-1)
    return moved.reshape(tensor.shape)


def groups(by: str | None) -> tuple[str, ...]:
    """Name the groups of a dimension, or the one group of everybody.

    Raises:
        InputError: for an unknown dimension.

    Example:
        >>> groups("sex")
        ('female', 'male')
    """
    if by is None:
        return ("all",)
    if by not in DIMENSIONS:
        raise InputError(Problem(f"'{by}' is not a way to group", "by", fix=nearest(by, DIMENSIONS)))
    names = DIMENSIONS[by]
    return names[1:] if by == "age_band" else names


def marginal(tensor: np.ndarray, by: str | None = None) -> np.ndarray:
    """Sum a tensor over cells into the groups of a dimension, adults only.

    Args:
        tensor: shape (..., cells).
        by: a key of `DIMENSIONS`, or None for everybody.

    Returns:
        shape (..., groups).

    Example:
        >>> marginal(np.ones(240, np.int64)).tolist(), marginal(np.ones(240, np.int64), "sex").tolist()
        ([200], [100, 100])
    """
    names, shaped = groups(by), cohort(tensor).reshape(*tensor.shape[:-1], *SHAPE)
    axes = list(DIMENSIONS)
    first = tensor.ndim - 1
    kept = None if by is None else axes.index(by)
    summed = shaped.sum(axis=tuple(first + i for i in range(len(axes)) if i != kept))
    if by is None:
        return summed[..., None]
    return summed[..., 1:] if len(names) < len(DIMENSIONS[by]) else summed


def anybody_in(flags: np.ndarray, by: str | None = None) -> np.ndarray:
    """Tell for each group whether a flag (..., cells) is set in any of its cells; those of children count for every age band.

    Example:
        >>> flags = np.zeros(240, bool)
        >>> flags[-1] = True
        >>> anybody_in(flags).tolist(), anybody_in(flags, "sex").tolist()
        ([True], [False, True])
    """
    if by is None:
        return flags.any(keepdims=True).reshape(1)
    shaped = flags.reshape(-1, *SHAPE)
    mine = 1 + list(DIMENSIONS).index(by)
    found: np.ndarray = np.count_nonzero(shaped, axis=tuple(i for i in range(shaped.ndim) if i != mine)) > 0
    return found[1:] | found[0] if by == "age_band" else found


def by_quintile_age_sex(tensor: np.ndarray) -> np.ndarray:
    """Sum a tensor into (..., quintile, sex x adult age band), for direct standardisation."""
    shaped = cohort(tensor).reshape(*tensor.shape[:-1], *SHAPE).sum(axis=(-2, -1))
    return shaped[..., :, :, ADULT_BANDS].reshape(*tensor.shape[:-1], SHAPE[0], -1)
