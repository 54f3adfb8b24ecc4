"""Joint sanctions: agencies act upon each other's lists, as memoranda say; no list, no score of its own, only further measures.

A memorandum `LIST.agency` lets an agency act upon listings of a list with its own measures. Each agency decides case by case. It acts
for as long as the listing lasts, or for a term of its own, which may outlast the listing; news that a listing ended, or was wrong,
reaches only some of the agencies at once. The book of measures keeps an entry for each (list, agency), so measures end when the last
agency lets go. The number of the agency is packed over that of the list: see `common.root_list`.
"""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import Parameters, count, duration, names, probability, table
from ...engine.declare import Each, Rows, Store, mechanism
from ...engine.declare import table as declare_table
from ..common import ROOT_BITS, among
from ..kinds import GROUND, MEASURE
from ..tables import TRUTH

WRONG = GROUND.codes(("overturned", "corrected"))
MOST = (1 << (16 - ROOT_BITS)) - 1

declare_table("memos", {"list": "uint16", "until": "int16"}, TRUTH, "An agency hears of a listing on another agency's list.")


class Params(Parameters):
    agencies = names("agencies that act on others' lists, in the order in which they joined")
    breadth = count("how many of them act, from the first; 0 = none", unit="agencies")
    memoranda = names("who acts on whose list, named LIST.agency")
    acts = table("share of listings upon which an agency acts, by agency", unit="share")
    measures = table("share of its actions in which an agency carries out a measure, named agency.measure", unit="share")
    own_term = table("months that an agency's action lasts whatever becomes of the listing, by agency; 0 = as long as the listing", unit="months")
    lifted = probability("chance a month that an agency lifts an action by itself")
    delay = duration("months until agencies hear of a listing")
    hears_of_end = probability("share of actions that end at once when the listing they rest on is over")
    hears_of_error = probability("share of all actions, those with a term of their own too, that end at once when the listing was wrong")
    lateness = duration("months that the others go on")

    @classmethod
    def compile(cls, plain):
        """Compile, and check that every name fits."""
        made = super().compile(plain)
        if len(made.agencies) > MOST:
            raise ValueError(f"agencies: {len(made.agencies)} are named, {MOST} fit")
        for name in made.memoranda:
            if name.partition(".")[2] not in made.agencies:
                raise ValueError(f"memoranda: '{name}' is not LIST.agency with one of the agencies")
        for name in (*made.acts[0], *made.own_term[0], *(full.partition(".")[0] for full in made.measures[0])):
            if name not in made.agencies:
                raise ValueError(f"'{name}' is not one of the agencies")
        try:
            MEASURE.codes(tuple(full.partition(".")[2] for full in made.measures[0]))
        except ValueError as error:
            raise ValueError(f"measures: {error}") from None
        return made


def of(table, name, otherwise=0):
    """Give a number of a table by name."""
    names_, numbers = table
    return int(numbers[names_.index(name)]) if name in names_ else otherwise


@mechanism(
    "enforce.joint",
    on=(Rows("listings"), Rows("listing_ends"), Rows("memos"), Each("joint_actions")),
    params=Params,
    reads=("persons.death_month",),
    owns=(Store("joint_actions", {"list": "uint16", "until": "int16", "own_term": "uint8"}, TRUTH, "Actions of agencies upon others' lists", by_label=True),),
    stores=("listings",),
    draws=("act", "carry_out", "lift", "hear"),
    emits=("memos", "impositions"),
    lagged=("memos", "joint_actions"),
)
def joint(batch, cols, p, luck):
    """Agencies act upon listings of others as memoranda let them, and let go by term, by themselves, or when they hear of the end.

    First actions end that are over by their term, whose subject died, or that the agency lifts: word `lift` by (person << 31) + number of the list, which
    is `cols.salt` of the agency's number over that of the list. Then those upon a listing that ended, if the word `hear` of the same number is below
    hears_of_error (overturned, corrected) or, without a term of their own, hears_of_end; the others without such a term end `lateness` months later at
    most. Then each agency, in order, acts upon each listing it hears of that is in force, if the word `act`, by its number from 1 as ordinal, is below
    acts; a measure is carried out if `carry_out`, ordinal 256 x agency + measure, is below its share. What an agency decided before is replaced.
    """
    heard = batch.memos if p.delay else batch.listings
    made = [batch.listings.emit("memos", due=cols.month + p.delay)] if p.delay and len(batch.listings) else []
    gone = np.zeros(len(cols.stores.joint_actions), bool)
    made += _over(batch.joint_actions, gone, cols, p, luck)
    made += _ended(batch.listing_ends, gone, cols, p, luck)
    cols.stores.joint_actions.drop(np.flatnonzero(gone))
    return made + _act(heard, cols, p, luck)


def _act(heard, cols, p, luck):
    """Let each agency with a memorandum decide upon the listings it heard of."""
    made, store = [], cols.stores.joint_actions
    if not len(heard) or not p.breadth:
        return made
    held = cols.stores.listings
    at = held.find(heard.subject, heard.list)
    in_force = np.flatnonzero(at >= 0)
    for number, agency in enumerate(p.agencies[: p.breadth], 1):
        lists = cols.codes(tuple(name.partition(".")[0] for name in p.memoranda if name.partition(".")[2] == agency))
        hit = in_force[np.isin(heard.list[in_force], lists)]
        hit = hit[luck.of(heard).words("act", hit, number) < of(p.acts, agency)]
        if not len(hit):
            continue
        term = of(p.own_term, agency)
        until = np.full(len(hit), min(cols.month + term, NEVER) if term else NEVER)
        packed = heard.list[hit].astype(np.int64) + (number << ROOT_BITS)
        store.put(heard, hit, sub=packed, list=packed, until=until, own_term=int(term > 0))
        made.append(heard.emit("impositions", parent=hit, list=packed, mask=_mask(heard, hit, number, agency, p, luck), spill=0))
    return made


def _mask(heard, hit, number, agency, p, luck):
    """Draw which of its measures an agency carries out in each case."""
    mask = np.zeros(len(hit), np.int64)
    for name, share in zip(*p.measures, strict=True):
        if name.partition(".")[0] == agency:
            code = MEASURE.code(name.partition(".")[2])
            done = luck.of(heard).words("carry_out", hit, (number << 8) + code) < share
            mask |= done.astype(np.int64) << code
    return mask


def _over(actions, gone, cols, p, luck):
    """End actions whose time is over, that the agency lifts, or whose subject has died."""
    if not len(actions):
        return []
    over = (actions.until <= cols.month) | (cols.persons.death_month[actions.subject] <= cols.month)
    if p.lifted:
        over |= luck.at("lift", actions.subject << 31 | cols.salt(actions.list)) < p.lifted
    gone[actions.at[over]] = True
    return [_let_go(actions, np.flatnonzero(over), actions.list[over], cols.stores.joint_actions, actions.at[over])]


def _ended(ends, gone, cols, p, luck):
    """Tell agencies that a listing is over; those who do not hear of it go on for a while, or for their own term."""
    store = cols.stores.joint_actions
    if not len(ends) or not len(store):
        return []
    row, at = store.of(ends.subject)
    keep = ((store.list[at] & ((1 << ROOT_BITS) - 1)) == ends.list[row]) & ~gone[at]
    row, at = row[keep], at[keep]
    wrong, own = among(ends.ground[row], WRONG), store.own_term[at] > 0
    limit = np.where(wrong, p.hears_of_error, np.where(own, 0, p.hears_of_end))
    hears = luck.of(ends).at("hear", ends.subject[row] << 31 | cols.salt(store.list[at])) < limit
    gone[at[hears]] = True
    later = at[~hears & ~own]
    store.set(later, until=np.minimum(store.until[later], min(cols.month + p.lateness, NEVER)))
    return [_let_go(ends, row[hears], store.list[at[hears]], store, at[hears])]


def _let_go(rows, parent, lists, store, at):
    """Take an agency's measures out of the book."""
    return rows.emit("impositions", parent=parent, list=lists, mask=0, spill=0, carry=(store, at))
