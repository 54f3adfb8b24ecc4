"""The rule that most lists share: one record of a listed kind is enough. Used by `decide.binary_list` and `decide.local_list`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base.months import NEVER
from ..base.parameters import Parameters, count, duration, names
from .common import first_rows
from .kinds import GROUND, KIND


class ListParams(Parameters):
    """A list that one record is enough for."""

    kinds = names("kinds of records that list a person", KIND, codes=True)
    term = duration("months on the list, by kind; null = no term, until a removal", by=KIND, partial=None, allow_none=True)
    age_min = count("youngest age at which a person is listed", unit="years")
    extension = duration("months by which a further record lengthens a listing in force, by kind", by=KIND, partial=0)
    longest = duration("most months that extensions can lead to, counted from the start; null = no limit", allow_none=True)
    relist_bar = duration("months after a removal in which the person is not listed again, by ground of the removal", by=GROUND, partial=0)
    grace = duration("months between the decision and its effect, in which performance prevents the listing")


@dataclass(frozen=True, eq=False)
class ListRule:
    """What a second evaluation of a list needs: label, kinds of records, youngest age, months of grace, least amount by kind."""

    label: str
    kinds: np.ndarray
    age_min: int
    grace: int
    least: np.ndarray


@dataclass(frozen=True, eq=False)
class ListRules:
    """The rules of all lists in force, their kinds together, and the months from a judgment to the court's deadline."""

    lists: tuple[ListRule, ...]
    kinds: np.ndarray
    deadline: int


def listing_rule(records, cols, p, serious=None):
    """Emit an entry for each person with a record who may be listed and is not, and an extension for those who are.

    Args:
        serious: mask of the records that count; None for all.
    """
    month, who = cols.month, records.subject
    able = (month - cols.persons.birth_month[who].astype(np.int64) >= 12 * p.age_min) & (cols.persons.death_month[who] > month)
    able = able if serious is None else able & serious
    listed = cols.stores.listings.find(who, cols.label)
    new = np.flatnonzero(able & (listed < 0) & ~_barred(cols, who, p))
    start = month + p.grace
    order = np.lexsort((np.arange(len(new)), -p.term[records.kind[new]], who[new]))
    _, first = np.unique(who[new[order]], return_index=True)
    new = np.sort(new[order[first]])  # of several records in a month the one with the longest term counts
    until = np.minimum(start + p.term[records.kind[new]], NEVER)
    made = [records.emit("entries", parent=new, list=cols.label, until=until, due=start)]
    again = np.flatnonzero(able & (listed >= 0))
    if len(again):
        months = _extension(cols.stores.listings, listed[again], p.extension[records.kind[again]], p.longest)
        longer = months > 0
        made.append(records.emit("extensions", parent=again[longer], list=cols.label, months=months[longer]))
    return made


def _barred(cols, who, p):
    """Tell who left the list so lately, on such a ground, that a new listing is barred."""
    former = cols.stores.former_listings
    at = former.find(who, cols.label)
    if not p.relist_bar.any() or not len(former):
        return np.zeros(len(who), bool)
    return (at >= 0) & (cols.month - former.ended[at] < p.relist_bar[former.ground[at]])


def _extension(listings, at, months, longest):
    """Cut extensions at the longest listing allowed, those of one listing in a month together."""
    until, since = listings.until[at].astype(np.int64), listings.since[at].astype(np.int64)
    months = np.where(until >= NEVER, 0, months)
    if longest >= NEVER:
        return months
    first = first_rows(at)  # records come by person, and a person has one listing here
    each = np.diff(np.append(first, len(at)))
    so_far = np.cumsum(months)
    so_far -= np.repeat(so_far[first] - months[first], each)
    cut = np.minimum(so_far, np.maximum(longest - (until - since), 0))
    before = np.append(0, cut[:-1])
    before[first] = 0
    return cut - before
