"""Partners leave firms that have come to stand badly, and look for others: one firm's grade becomes another's loss."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, names, probability
from ...engine.declare import Rows, Store, mechanism
from ..firms import LISTED, PARTNER_STORES, STANDING, STANDING_STORES, UNRATED, in_business, partners_of, standing_of

CUT = Store("cut_ties", {"partner": "int32", "since": "int16"}, {}, "Ties between firms that were cut", 32, "firms")
NEW = Store("new_ties", {"partner": "int32", "since": "int16"}, {}, "Ties between firms that were found", 32, "firms")


class Params(Parameters):
    leaves = probability("chance that a partner leaves a firm whose standing has become so", by=STANDING, partial=0)
    replaces = probability("chance that a partner who left finds another firm of that sector, which does not stand badly")
    rating = names("ratings that partners look at")
    lists = names("lists of firms that partners look at")


@mechanism(
    "respond.partner_churn",
    on=(Rows("firm_grades"), Rows("firm_listings")),
    params=Params,
    reads=("firms.closed", "firms.sector"),
    owns=(CUT, NEW),
    stores=STANDING_STORES,
    networks=("partners",),
    draws=("leave", "find", "whom"),
    emits=("firm_ties",),
)
def partner_churn(batch, cols, p, luck):
    """Partners leave firms that were downgraded or listed, and some of them find others.

    A firm has come to stand badly when a rating that partners look at gives it a grade for the first time, or a lower one (standing: the grade), or a list
    they look at names it (standing: listed); grades come first. Each partner in business (of the network or found since, not cut) leaves when the word
    `leave` of partner << 31 | firm is below the chance of that standing; once for a firm's grades and listings, and where one left at the first, neither of
    the two leaves the other at the second. In order of that id, who left looks for another firm: the word `whom` of the id, spread over the firms of the lost
    one's sector in order of number, names one. It is found when the word `find` of the id is below `replaces`, it is neither of the two, in business, no
    partner now, was never cut from who looks, and stands on no rating or list at which partners leave; two who find each other make one tie, by the first.
    Ties cut and made are kept both ways round with the row that brought it about and this month as `since`.
    """
    grades, listings, made, done = batch.firm_grades, batch.firm_listings, [], np.empty(0, np.int64)
    lower = np.isin(grades.rating, cols.codes(p.rating)) & ((grades.grade < grades.previous) | (grades.previous == UNRATED))
    for rows, at, standing in (
        (grades, np.flatnonzero(lower), grades.grade.astype(np.int64)),
        (listings, np.flatnonzero(np.isin(listings.list, cols.codes(p.lists))), np.full(len(listings), LISTED)),
    ):
        source, partner = partners_of(cols, rows.subject[at])
        firm, chance = rows.subject[at][source], p.leaves[standing[at]][source]
        pair = partner << 31 | firm
        gone = np.flatnonzero((luck.of(rows).at("leave", pair) < chance) & ~np.isin(pair, done))
        gone = gone[np.unique(pair[gone], return_index=True)[1]]
        done = np.concatenate([done, pair[gone], firm[gone] << 31 | partner[gone]])
        made += _tie(rows, at[source[gone]], firm[gone], partner[gone], cols, cols.stores.cut_ties, 0)
        made += _replace(rows, at[source[gone]], firm[gone], partner[gone], cols, p, luck.of(rows))
    return made


def _tie(rows, parent, firm, partner, cols, store, begun):
    """Note a tie cut or made from both sides, and say so once."""
    for one, other in ((firm, partner), (partner, firm)):
        store.put(rows, parent, subject=one, sub=other, partner=other, since=cols.month)
    return [rows.emit("firm_ties", subject=firm, parent=parent, kind=0, partner=partner, begun=begun)]


def _replace(rows, parent, firm, leaver, cols, p, luck):
    """Let those who left look for another firm of the same sector once; who finds none has one partner less."""
    if not len(firm):
        return []
    sector = cols.firms.sector
    by_sector, count = np.argsort(sector, kind="stable"), np.bincount(sector)
    first, pair = np.cumsum(count) - count, leaver << 31 | firm
    which = (luck.at("whom", pair).astype(np.int64) * count[sector[firm]]) >> 31
    found = by_sector[first[sector[firm]] + which]
    fit = (luck.at("find", pair) < p.replaces) & (found != leaver) & (found != firm) & in_business(cols, found)
    fit &= ~cols.stores.cut_ties.has(leaver, found) & ~_stands_badly(cols, found, p) & ~_are_partners(cols, leaver, found)
    at = np.flatnonzero(fit)
    at = at[np.unique(np.minimum(leaver, found)[at] << 31 | np.maximum(leaver, found)[at], return_index=True)[1]]
    return _tie(rows, parent[at], leaver[at], found[at], cols, cols.stores.new_ties, 1)


def _are_partners(cols, firms, others):
    """Tell which pairs deal with each other already."""
    source, partner = partners_of(cols, firms)
    known = np.zeros(len(firms), bool)
    known[source[partner == others[source]]] = True
    return known


def _stands_badly(cols, firms, p):
    """Tell which firms nobody would turn to: those whose standing partners leave."""
    bad = np.zeros(len(firms), bool)
    for code in (*cols.codes(p.rating), *cols.codes(p.lists)):
        standing = standing_of(cols, firms, code)
        bad |= (standing >= 0) & (p.leaves[standing] > 0)
    return bad


assert set(PARTNER_STORES) == {CUT.name, NEW.name}
