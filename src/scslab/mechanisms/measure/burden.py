"""The burden: person-months under measures, own and for others' sake, by kinship and by root."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Each, mechanism
from ..common import among, bits_in, root_list
from ..kinds import CAUSE, KIND, MEASURE, PERKS, PROTECTED, RELATION
from ..wrongfulness import BLAMELESS, wrong_class

PERK_BITS = int(sum(1 << MEASURE.code(name) for name in PERKS))
PROTECTED_CODES, PRETEXT = KIND.codes(PROTECTED), CAUSE.code("pretext")


def persons_masks(rows):
    """Join the masks of each person's rows without perks: (position of the person's first row, mask)."""
    first = np.ones(len(rows), bool)
    first[1:] = rows.subject[1:] != rows.subject[:-1]
    start = np.flatnonzero(first)
    mask = np.bitwise_or.reduceat(rows.mask, start) & ~PERK_BITS
    return start[mask != 0], mask[mask != 0]


def count_bits(mask):
    """Count the measures in each mask."""
    return sum(((mask >> bit) & 1 for bit in bits_in(mask)), np.zeros(len(mask), np.int64))


@mechanism(
    "measure.burden",
    on=(Each("burdens"), Each("kin_burdens")),
    stores=("listings",),
    networks=("kin",),
    tallies=(
        "burden_months", "burden_own_months", "burden_kin_months", "burden_weight", "burden_protected_months", "burden_blameless_months",
        "no_own_act_months",
    ),
)  # fmt: skip
def burden(batch, cols, p, luck):
    """Count person-months under measures: own, for kin, by weight, rooted in protected conduct, and without own act."""
    own, kin, made = batch.burdens, batch.kin_burdens, []
    restricted = np.empty(0, np.int64)
    if len(own):
        at, mask = persons_masks(own)
        restricted = own.subject[at]
        made += [own.tally("burden_months", at), own.tally("burden_own_months", at), own.tally("burden_weight", at, count_bits(mask))]
        made += _roots(own, cols)
    if len(kin):
        at, mask = persons_masks(kin)
        alone = at[~np.isin(kin.subject[at], restricted)]
        made += [kin.tally("burden_months", alone), kin.tally("burden_kin_months", at), kin.tally("burden_weight", at, count_bits(mask))]
        innocent = alone[cols.stores.listings.count(kin.subject[alone]) == 0]
        made += [kin.tally("no_own_act_months", innocent), kin.tally("burden_blameless_months", innocent)]
        made += _kinship(kin, innocent, cols)
    return made


def _roots(own, cols):
    """Find own burdens that go back to protected conduct, or to nothing blameworthy, through the listing that brought them."""
    bad = np.flatnonzero(own.mask & ~PERK_BITS)
    store = cols.stores.listings
    if not len(bad) or not len(store):
        return []
    at = store.find(own.subject[bad], root_list(own.list[bad]))
    bad, at = bad[at >= 0], at[at >= 0]
    made = []
    wrong = wrong_class(_Taken(store, at))
    for name, hit in (
        ("burden_protected_months", among(store.kind[at], PROTECTED_CODES) | (store.cause[at] == PRETEXT)),
        ("burden_blameless_months", among(wrong, BLAMELESS)),
    ):
        _, first = np.unique(own.subject[bad[hit]], return_index=True)
        made.append(own.tally(name, bad[hit][first]))
    return made


class _Taken:
    """Some rows of a store, with columns as attributes."""

    def __init__(self, store, at):
        self._store, self._at = store, at

    def __getattr__(self, name):
        return getattr(self._store, name)[self._at]


def _kinship(kin, at, cols):
    """Tally by whose sake it is for: the own partner, parent, child or sibling, or a friend."""
    if not len(at) or not kin.has("source"):
        return []
    source, target, relation = cols.networks.kin.expand(kin.subject[at])
    same = target == kin.source[at][source]
    made, left = [], np.ones(len(at), bool)
    for code, name in enumerate(RELATION.names):
        hit = np.unique(source[same & (relation == code)])
        left[hit] = False
        if len(hit):
            made.append(kin.tally(f"no_own_act_months.{name}", at[hit]))
    return [*made, kin.tally("no_own_act_months.friend", at[left])] if left.any() else made
