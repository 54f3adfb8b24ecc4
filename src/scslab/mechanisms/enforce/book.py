"""The book of measures: which measures each person is under, from all lists and grades together; the only owner of own measures.

A measure begins when the first list brings it and ends when the last one lets it go. Other mechanisms read the store
`burdens`: one row per person and list, with the masks of measures (bit = code of the measure) on the person and on kin.
"""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, Store, mechanism
from ..common import bits_in
from ..kinds import BASIS
from ..tables import TRUTH

OWN = BASIS.code("own")


@mechanism(
    "enforce.book",
    on=(Rows("impositions"), Rows("listing_ends")),
    owns=(Store("burdens", {"mask": "int64", "spill": "int64", "since": "int16", "list": "uint16"}, TRUTH, "Measures by person and list", by_label=True),),
    emits=("measures", "measure_ends"),
    touches=("spill",),
)
def book(batch, cols, p, luck):
    """Enter the measures of new listings and grades, strike those of ended ones, and say which measures begin and end.

    For everybody with an imposition or an ended listing: rows of the lists concerned are struck, and the last imposition of each list is entered if
    it has a mask. A measure begins when no list brought it before and one does now, and ends likewise; the cause of a beginning is the person's first
    imposition now entered that has it, of an end the first ended listing, else the first imposition, whose struck row had it (its truth is that
    row's). Where the joint spill mask changed, `spill` is announced.
    """
    store, new, ends = cols.stores.burdens, batch.impositions, batch.listing_ends
    who = np.unique(np.concatenate([new.subject, ends.subject]))
    position, at = store.of(who)
    dropped = np.unique(np.concatenate([store.find(ends.subject, ends.list), store.find(new.subject, new.list)]))
    dropped = dropped[dropped >= 0]
    kept = ~np.isin(at, dropped)
    last = np.sort(_last(store.key(new.subject, new.list)))
    last = last[(new.mask[last] | new.spill[last]) != 0]
    put_at = np.searchsorted(who, new.subject[last])
    made = []
    for column in ("mask", "spill"):
        before, after = np.zeros(len(who), np.int64), np.zeros(len(who), np.int64)
        np.bitwise_or.at(before, position, getattr(store, column)[at])
        np.bitwise_or.at(after, position[kept], getattr(store, column)[at[kept]])
        np.bitwise_or.at(after, put_at, getattr(new, column)[last])
        if column == "spill":
            cols.touch("spill", who[before != after])
        else:
            made = _begin(new, last, who, after & ~before) + _end(batch, store, who, before & ~after)
    store.drop(dropped)
    store.put(new, last, sub=new.list[last], since=cols.month)
    return made


def _last(keys):
    """Give the position of the last row of each key."""
    _, first = np.unique(keys[::-1], return_index=True)
    return len(keys) - 1 - first


def _begin(new, last, who, bits):
    """Emit a row for each measure that begins; the first imposition that brings it is its cause."""
    made = []
    gained = bits[np.searchsorted(who, new.subject[last])] & new.mask[last]
    for measure in bits_in(gained):
        hit = last[(gained >> measure) & 1 == 1]
        _, first = np.unique(new.subject[hit], return_index=True)
        hit = hit[first]
        made.append(new.emit("measures", parent=hit, measure=measure, basis=OWN, source=new.subject[hit], list=new.list[hit]))
    return made


def _end(batch, store, who, bits):
    """Emit a row for each measure that ends; the first ended listing or replaced grade that held it is its cause."""
    made = []
    for rows in (batch.listing_ends, batch.impositions):
        at = store.find(rows.subject, rows.list)
        there = np.flatnonzero(at >= 0)
        index = np.searchsorted(who, rows.subject[there])
        lost = bits[index] & store.mask[at[there]]
        for measure in bits_in(lost):
            hit = there[(lost >> measure) & 1 == 1]
            subject, first = np.unique(rows.subject[hit], return_index=True)
            hit = hit[first]
            bits[np.searchsorted(who, subject)] &= ~(1 << measure)
            carry = (store, at[hit])
            ended = {"measure": measure, "basis": OWN, "source": rows.subject[hit], "list": rows.list[hit]}
            made.append(rows.emit("measure_ends", parent=hit, carry=carry, **ended))
    return made
