"""Discretion: vague words leave it to the official what an act brings (`review.discretion:LIST`).

A rule with a fixed tariff gives every act of a kind the same months on the list. With discretion d from 0 to 1 the months are the tariff times 1 - d plus d
times what the official thinks fit, which lies anywhere between nothing and twice the tariff: on average the same, so that only the spread grows. With d also
grow two things that vague words allow: to let somebody off altogether, by office and by means; and to stretch the words to acts they do not name.

Two forms: officials judge each `act` afresh; or each place has one `official`, whose strictness lasts, so that like acts differ between places and not within.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import Parameters, choice, count, duration, names, probability, share
from ...engine.declare import Rows, mechanism, table
from ..common import ALIVE, OFFICE, among, between, lasting, living, office, times
from ..kinds import KIND, QUINTILE
from ..tables import TRUTH

ACT, OFFICIAL = "act", "official"

table(
    "rulings",
    {"list": "uint16", "months": "int16", "stretched": "uint8"},
    TRUTH,
    "An official rules on an act under a vague rule: months on the list, 0 = let off; stretched = an act that the words do not name.",
    event="an official rules on {kind}",
)


class Params(Parameters):
    form = choice("whose view it is: formed afresh for each act, or the lasting one of the official of the place", (ACT, OFFICIAL), default=ACT)
    discretion = share("how far the official decides, 0 = the tariff alone, 1 = the official alone")
    kinds = names("kinds of records that the rule names", KIND, codes=True)
    tariff = duration("months on the list that an act of the kind brings without discretion", by=KIND, partial=0)
    let_off_office = probability("chance, at full discretion, that somebody of this office is let off", by=OFFICE)
    let_off_quintile = probability("chance, at full discretion, that somebody of this income quintile is let off", by=QUINTILE)
    stretches = names("kinds of records that the rule does not name and vague words can be stretched to", KIND, codes=True, default=())
    stretched = probability("chance, at full discretion, that the words are stretched to such an act")
    stretch_months = duration("tariff of an act the words were stretched to")
    age_min = count("youngest age at which a person is listed", unit="years")


@mechanism(
    "review.discretion",
    on=Rows("records"),
    params=Params,
    reads=(*ALIVE, "persons.role", "persons.quintile", "persons.place"),
    stores=("listings",),
    draws=("stretch", "off", "view"),
    emits=("rulings", "entries", "extensions"),
    lagged=("listings",),
)
def discretion(records, cols, p, luck):
    """An official rules on acts that a vague rule names, or can be stretched to: like acts bring unlike terms.

    The living of age_min or more. A record of a kind that only stretched words reach is ruled on when the word `stretch` is below discretion x
    stretched, with stretch_months for a tariff. The official lets off when the word `off` is below discretion x (1 - (1 - by office) x (1 - by
    quintile)), official before officer; else the months are (1 - discretion) x tariff + discretion x view, rounded, with the view spread evenly over
    0..2 x tariff by the word `view` (form official: the place's lasting one). All rulings are told; months above 0 enter who is not on the list, from
    now until then, and lengthen the listing of who is.
    """
    named, other = among(records.kind, p.kinds), among(records.kind, p.stretches)
    at = np.flatnonzero((named | other) & living(cols, records.subject, p.age_min))
    loose = ~named[at]
    at = at[~loose | luck.below("stretch", np.where(loose, times(p.discretion, p.stretched), ONE), at)]
    if not len(at):
        return None
    who, stretched = records.subject[at], ~named[at]
    tariff = np.where(stretched, p.stretch_months, p.tariff[records.kind[at]])
    months = np.where(luck.below("off", _let_off(cols, who, p), at), 0, ruled(_views(cols, who, at, p, luck), tariff, p.discretion))
    made = [records.emit("rulings", parent=at, list=cols.label, months=months, stretched=stretched)]
    at, months = at[months > 0], months[months > 0]
    listed = cols.stores.listings.has(records.subject[at], cols.label)
    new = ~listed
    made.append(records.emit("entries", parent=at[new], list=cols.label, until=cols.month + months[new]))
    return [*made, records.emit("extensions", parent=at[listed], list=cols.label, months=months[listed])]


def ruled(words, tariff, discretion):
    """Give the months that a ruling brings: the tariff, mixed with a view that lies evenly between 0 and twice the tariff, rounded.

    Args:
        words: luck in [0, 2^31); tariff: months; discretion: in [0, 2^31].

    Example:
        >>> ruled(np.array([0, 2**30, 2**31 - 1]), 12, 0).tolist(), ruled(np.array([0, 2**30, 2**31 - 1]), 12, 2**31).tolist()
        ([12, 12, 12], [0, 12, 24])
    """
    fit = between(np.asarray(words), 0, 2 * np.asarray(tariff))
    return ((ONE - discretion) * np.asarray(tariff, np.int64) + discretion * fit + ONE // 2) >> 31


def _let_off(cols, who, p):
    """Give the chance to be let off: by office, else by means."""
    by_office = p.let_off_office[office(cols.persons.role[who])]
    by_means = p.let_off_quintile[cols.persons.quintile[who]]
    return times(p.discretion, ONE - times(ONE - by_office, ONE - by_means))


def _views(cols, who, at, p, luck):
    """Give the words behind the official's view: of this act, or of all acts in the place."""
    return luck.words("view", at) if p.form == ACT else lasting(luck, "view", cols.persons.place[who].astype(np.int64))
