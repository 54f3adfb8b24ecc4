"""Whom the regime ever touched: own sanction, a sanction of close kin or for kin's sake, and blameless all the same.

`persons.touched` holds bits: 1 = own listing or measure, 2 = close kin sanctioned or a measure for kin's sake, 4 = reached though
blameless (classes W4b, W5, W6). Kin learn of it a month later, so that no span writes rows of another.
"""

from __future__ import annotations

import numpy as np

from ...engine.declare import Column, Rows, mechanism, table
from ..common import among
from ..kinds import BASIS, MEASURE, PERKS
from ..wrongfulness import BLAMELESS as BLAMELESS_CLASSES
from ..wrongfulness import is_praise, wrong_class

OWN, KIN, BLAMELESS = 1, 2, 4
OWN_BASIS, PERK_CODES = BASIS.code("own"), MEASURE.codes(PERKS)

table("kin_touched", {}, {}, "A close relative was sanctioned (for the count of people never near a sanction).")


@mechanism(
    "measure.touched",
    on=(Rows("listings"), Rows("measures"), Rows("kin_touched")),
    writes=(Column("persons.touched", "uint8", 0, "bits", "1 own sanction ever, 2 kin's or for kin, 4 reached though blameless"),),
    stores=("listings", "burdens"),
    networks=("kin",),
    emits=("kin_touched",),
    lagged=("kin_touched",),
    tallies=(
        "first_listed", "first_touched", "first_kin", "first_blameless", "first_measure", "first_near",
        "speech_far", "far_people", "speech_adults", "far_adults",  # counted over all arms together at the end (`study.replicate`), from this column
    ),
)
def touched(batch, cols, p, luck):
    """Mark each person's first own sanction, first sanction near, and first undeserved one."""
    flags, made = cols.persons.touched, []
    listings, measures, near = batch.listings, batch.measures, batch.kin_touched
    if len(listings):
        bad = ~is_praise(listings)
        made += _mark(listings, bad, flags, OWN, "first_listed")
        made += _mark(listings, bad & among(wrong_class(listings), BLAMELESS_CLASSES), flags, BLAMELESS, "first_blameless")
        made += _tell(listings, bad, cols)
    if len(measures):
        bad = ~among(measures.measure, PERK_CODES)
        own = measures.basis == OWN_BASIS
        innocent = among(wrong_class(measures), BLAMELESS_CLASSES) & own
        innocent |= ~own & (cols.stores.listings.count(measures.subject) + cols.stores.burdens.count(measures.subject) == 0)
        made += _mark(measures, bad & own, flags, OWN, "first_measure")
        made += _mark(measures, bad & ~own, flags, KIN, "first_kin")
        made += _mark(measures, bad & innocent, flags, BLAMELESS, "first_blameless")
        made += _tell(measures, bad & own, cols)
    if len(near):
        made += _mark(near, np.ones(len(near), bool), flags, KIN, "first_near")
    return made


def _mark(rows, which, flags, bit, name):
    """Set a bit and tally whom it is new to."""
    at = np.flatnonzero(which)
    who, first = np.unique(rows.subject[at], return_index=True)
    at = at[first[flags[who] & bit == 0]]
    new = rows.subject[at]
    untouched = flags[new] & (OWN | KIN) == 0
    flags[new] |= np.uint8(bit)
    made = [rows.tally(name, at)]
    return made + [rows.tally("first_touched", at[untouched])] if bit in (OWN, KIN) else made


def _tell(rows, which, cols):
    """Let close kin of the sanctioned know next month."""
    at = np.flatnonzero(which)
    who, first = np.unique(rows.subject[at], return_index=True)
    source, target, _ = cols.networks.kin.expand(who)
    return [rows.emit("kin_touched", subject=target, parent=at[first][source], kind=0)]
