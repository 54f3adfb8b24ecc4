"""Children and school: who applies and who is refused, by whether a parent is on a list; who is refused again years later."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, names
from ...engine.declare import Each, Rows, Store, mechanism
from ..common import ADULT, age_years, among, first_rows, masks
from ..kinds import KIND, MEASURE, RELATION

PARENT = RELATION.code("parent")
APPLICATION = KIND.code("school_application")
"""Kind of refusals of an application for a place; other doors of schools have none."""


class Params(Parameters):
    measures = names("measures on schooling", MEASURE, codes=True)
    years = count("years of schooling that hang on one refused place", unit="years")


@mechanism(
    "measure.children",
    on=(Rows("school_requests"), Rows("refusals"), Each("kin_burdens")),
    params=Params,
    reads=("persons.birth_month",),
    owns=(Store("refused_children", {"month": "int16", "times": "uint8"}, {}, "Children refused a school place so far"),),
    stores=("listings",),
    networks=("kin",),
    tallies=("school_asked", "school_refused", "school_refused_again", "school_doors_shut", "school_years_lost", "child_barred_months"),
)
def children(batch, cols, p, luck):
    """Count applications, refusals, repeated refusals and years lost, and the months children spend under a measure on schooling."""
    asked, refused, near, made = batch.school_requests, batch.refusals, batch.kin_burdens, []
    if len(asked):
        made += _by_parent("school_asked", asked, np.arange(len(asked)), cols)
    if len(refused):
        hit = np.flatnonzero(among(refused.measure, p.measures) & (age_years(cols, refused.subject) < ADULT))
        hit = hit[first_rows(refused.subject[hit])]
        applied = refused.kind[hit] == APPLICATION
        made += _by_parent("school_refused", refused, hit[applied], cols)
        made += [refused.tally("school_doors_shut", hit[~applied]), *_again(refused, hit, cols, p)]
    if len(near):
        at = first_rows(near.subject)
        bits = int(sum(1 << int(code) for code in p.measures))
        barred = (masks(cols.stores.kin_burdens, near.subject[at]) & bits) != 0
        made.append(near.tally("child_barred_months", at[barred & (age_years(cols, near.subject[at]) < ADULT)]))
    return made


def _by_parent(name, rows, at, cols):
    """Tally all, and those with a parent on a list."""
    source, target, relation = cols.networks.kin.expand(rows.subject[at])
    listed = np.zeros(len(at), bool)
    listed[source[(relation == PARENT) & (cols.stores.listings.count(target) > 0)]] = True
    return [rows.tally(name, at), rows.tally(f"{name}.parent_listed", at[listed]), rows.tally(f"{name}.no_parent_listed", at[~listed])]


def _again(rows, at, cols, p):
    """Remember refusals, and tally those who had been refused in an earlier year."""
    store, who = cols.stores.refused_children, rows.subject[at]
    here = store.find(who)
    before = here >= 0
    again = before.copy()
    times = np.zeros(len(at), np.int64)
    if len(store):
        again &= cols.month - store.month[here] >= 12
        times = np.where(before, store.times[here], 0).astype(np.int64)
    fresh = ~before | again
    store.put(rows, at[fresh], month=cols.month, times=np.minimum(times[fresh] + 1, 255))
    return [rows.tally("school_refused_again", at[again]), rows.tally("school_years_lost", at[fresh], np.full(int(fresh.sum()), p.years))]
