"""A rating of firms, once a year: points off for each record of the last year, for bad partners, and for officers on a list (`decide.firm_rating:NAME`).

Each record that counts is a posting of its own, so that a grade can be added up again with and without the records that are unsound.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, duration, names, points, steps
from ...engine.declare import Each, Occasions, mechanism
from ..firms import BREACH, EVERY_FIRM, PARTNER_STORES, SECTOR, SIZE, STANDING, UNRATED, breach_of, in_business, partners_of, size_of


class Params(Parameters):
    month = count("month of the year in which grades are given", unit="month of the year")
    start = points("points of a firm without records")
    per_record = points("points off for a record, by kind", by=BREACH, partial=0)
    window = duration("months back that records count")
    grades = steps("the four grades with their lower cut-offs, the lowest first", unit="points")
    sectors = names("sectors that are rated; none = all", SECTOR, codes=True, default=())
    sizes = names("sizes that are rated; none = all", SIZE, codes=True, default=())
    partner = points("points off for each partner that stands badly")
    partner_most = points("most points off for partners")
    bad = names("standings under this rating that count against partners", STANDING, codes=True, default=("lowest",))
    partner_lists = names("lists of firms that count against partners", default=())
    officer = points("points off for an officer who is on one of the lists below")
    officer_lists = names("lists of persons that count against the firm they head", default=())
    every = EVERY_FIRM


@mechanism(
    "decide.firm_rating",
    on=(Occasions("firm_month", rate="every", of="firms"), Each("firm_records_held")),
    params=Params,
    reads=("firms.closed", "firms.sector", "firms.size", "firms.officer"),
    stores=("firm_ratings", "firm_listings", "listings", *PARTNER_STORES),
    networks=("partners",),
    emits=("firm_postings", "firm_grades"),
)
def firm_rating(batch, cols, p, luck):
    """Once a year each firm's points are added up from its records, its partners and its officer, and give its grade.

    Rated, in that month of the year, is who is in business, of those sectors and sizes. Records count since month - window + 1, up to this month. Partners
    in business count that have such a grade under this rating, or are on such a list; together at most partner_most. A grade given for the first time has
    255 as the one before, and 0 needed.
    """
    if cols.month % 12 != p.month - 1:
        return None
    firms, records = batch.firm_month, batch.firm_records_held
    rated = in_business(cols, firms.subject)
    for wanted, have in ((p.sectors, cols.firms.sector), (p.sizes, size_of(cols, firms.subject))):
        rated &= np.isin(have, wanted) if len(wanted) else True
    lost, made = np.zeros(len(firms), np.int64), []
    if len(records):
        off = p.per_record[breach_of(records.kind)]
        at = np.flatnonzero((records.since <= cols.month) & (records.since > cols.month - p.window) & rated[records.subject] & (off > 0))
        np.add.at(lost, records.subject[at], off[at])
        made.append(records.emit("firm_postings", parent=at, rating=cols.label, points=off[at]))
    at = np.flatnonzero(rated)
    who = firms.subject[at]
    linked = _linked(cols, who, p)
    score = p.start - lost[who] - linked
    cuts, held = p.grades[1], cols.stores.firm_ratings.find(who, cols.label)
    grade = np.maximum(np.searchsorted(cuts, score, side="right") - 1, 0)
    known = held >= 0
    previous = np.full(len(who), UNRATED)
    previous[known] = cols.stores.firm_ratings.grade[held[known]]
    new = np.flatnonzero(grade != previous)
    needed = np.where(known, cuts[np.minimum(previous, len(cuts) - 1)], 0)
    values = {"grade": grade, "previous": previous, "score": score, "linked": linked, "needed": needed}
    made.append(firms.emit("firm_grades", parent=at[new], rating=cols.label, **{name: value[new] for name, value in values.items()}))
    return made


def _linked(cols, who, p):
    """Give the points that each firm loses for others: partners that stand badly or are listed, an officer on a list of persons."""
    lost = np.zeros(len(who), np.int64)
    if p.partner:
        at, partner = partners_of(cols, who)
        ratings, listings = cols.stores.firm_ratings, cols.stores.firm_listings
        held = ratings.find(partner, cols.label)
        bad = held >= 0
        bad[bad] = np.isin(ratings.grade[held[bad]], p.bad)
        for code in cols.codes(p.partner_lists):
            bad |= listings.has(partner, code)
        lost += np.minimum(p.partner * np.bincount(at[bad], minlength=len(who)), p.partner_most)
    if p.officer:
        officer, on_list = cols.firms.officer[who], np.zeros(len(who), bool)
        for code in cols.codes(p.officer_lists):
            on_list |= cols.stores.listings.has(officer, code)
        lost += p.officer * on_list
    return lost
