"""Places as the sites of inspectorates, a few in a row to each; and as groups whose persons are counted together."""

from __future__ import annotations

import numpy as np

from ..base.parameters import Domain

SITE = Domain("site", ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"))
"""A place's number in its inspectorate; further ones begin again with the first."""


def inspectorates(cols, everybody, sites):
    """List the places of each inspectorate that has all its places and whose first person is in this block. Reads places.start.

    Returns:
        int64 (inspectorates, sites).
    """
    if not sites:
        return np.empty((0, 0), np.int64)
    number = (len(cols.places.start) - 1) // sites
    head = cols.places.start[np.arange(number) * sites]
    mine = np.flatnonzero((head >= everybody.lo) & (head < everybody.hi))
    return mine[:, None] * sites + np.arange(sites)


def whole_places(cols, everybody):
    """List the places with persons whose first person is in this block, with first and last person. Reads places.start."""
    start = cols.places.start.astype(np.int64)
    place = np.flatnonzero((start[:-1] >= everybody.lo) & (start[:-1] < everybody.hi) & (np.diff(start) > 0))
    return place, start[place], start[place + 1]


def place_sums(column, start, stop):
    """Add up a column of persons over places that hold a person each; int64."""
    total = np.concatenate([[0], np.cumsum(column[start[0] : stop[-1]], dtype=np.int64)]) if len(start) else np.zeros(1, np.int64)
    return total[stop - start[0]] - total[start - start[0]] if len(start) else np.zeros(0, np.int64)
