"""So many strikes and a person is listed (`decide.strikes:LIST`): a counter of records, with a window and a way of forgetting.

`reset` says how strikes are forgotten: `never`; `rolling`, each one `window` months after it; `quiet`, all of them after `window` months
without a new one; `cycle`, all of them at the start of each cycle of `window` months. A listing uses up the strikes that made it; what happens
while it lasts counts for the next one. A record that is deleted takes its strike along. The strikes that made an entry are emitted one by one,
so that a recorder can say how many of them were sound.
"""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import Parameters, choice, count, duration, names
from ...engine.declare import Each, Rows, Store, mechanism, table
from ...engine.rows import MAX_ORDINAL
from ..common import ALIVE, first_rows, living
from ..kinds import GROUND, KIND
from ..tables import TRUTH

LOW_BITS = 28
TERM_OVER = GROUND.code("term_over")
RESETS = ("never", "rolling", "quiet", "cycle")
table(
    "strikes_counted", {"needed": "uint8", "list": "uint16"}, TRUTH, "A strike among those that made an entry; needed = strikes that list a person.",
    event="a strike counts: {kind}",
)  # fmt: skip


class Params(Parameters):
    kinds = names("kinds of records that are strikes", KIND, codes=True)
    strikes = count("strikes that put a person on the list", unit="strikes", high=MAX_ORDINAL)  # those that make an entry are told together
    window = duration("months after which strikes are forgotten, in the way that reset says; null = never", allow_none=True)
    reset = choice("how strikes are forgotten: never, rolling, quiet or cycle", RESETS)
    term = duration("months on the list; null = no term, until a removal", allow_none=True)
    age_min = count("youngest age at which a strike counts", unit="years")


def is_dead(months: np.ndarray, subjects: np.ndarray, now: int, p: Params) -> np.ndarray:
    """Tell which strikes are forgotten by the month `now`; rows are sorted by subject."""
    if p.reset == "never" or p.window >= NEVER or not len(months):
        return np.zeros(len(months), bool)
    window = max(p.window, 1)
    if p.reset == "cycle":
        return months // window != now // window
    if p.reset == "rolling":
        return now - months >= window
    first = first_rows(subjects)
    latest = np.maximum.reduceat(months, first)
    return np.repeat(now - latest >= window, np.diff(np.append(first, len(months))))


@mechanism(
    "decide.strikes",
    on=(Rows("records", kinds="kinds"), Rows("record_ends", kinds="kinds"), Each("strikes", every=12)),
    params=Params,
    reads=ALIVE,
    owns=(Store("strikes", {"month": "int16", "kind": "uint8"}, TRUTH, "Strikes that count and have led to no listing yet", LOW_BITS),),
    stores=("listings",),
    emits=("entries", "strikes_counted"),
    lagged=("strikes",),
)
def strikes(batch, cols, p, luck):
    """Enough strikes within the window put a person on the list and are used up.

    A strike is forgotten: rolling, when it is `window` months old (at least 1); quiet, with all others, when the latest is; cycle, when month //
    window is another. It is looked at in January, and when a new one comes (quiet: without that one). A deleted record takes a strike of its kind
    along that is not used or forgotten: the oldest where its time is over, else the latest. New strikes of the living of age_min count at once: with
    the held ones enough, and the person not on the list, the last one enters the person until month + term, all are told as counted (the held ones as
    caused by that last), and all are used up. Else the new ones are held.
    """
    store, records, old = cols.stores.strikes, batch.records, batch.strikes
    gone = np.zeros(len(store), bool)
    if len(old):
        gone[old.at[is_dead(store.month[old.at].astype(np.int64), old.subject, cols.month, p)]] = True
    _deleted(batch.record_ends, store, gone)
    at = np.flatnonzero(living(cols, records.subject, p.age_min)) if len(records) else np.empty(0, np.int64)
    made = _counted(records, at, cols, p, gone) if len(at) else []
    store.drop(gone)
    return made


def _counted(records, at, cols, p, gone):
    """Add the new strikes to the held ones; list whoever has enough, and use the strikes up."""
    store = cols.stores.strikes
    first = first_rows(records.subject[at])
    who, new = records.subject[at[first]], np.diff(np.append(first, len(at)))
    source, held = store.of(who)
    alive = ~gone[held]
    source, held = source[alive], held[alive]
    dead = is_dead(store.month[held].astype(np.int64), source, cols.month, p)
    gone[held[dead]] = True
    source, held = source[~dead], held[~dead]
    enough = (np.bincount(source, minlength=len(who)) + new >= max(p.strikes, 1)) & ~cols.stores.listings.has(who, cols.label)
    owner = np.repeat(np.arange(len(who)), new)
    kept = at[~enough[owner]]
    low = records.id[kept] & ((1 << LOW_BITS) - 1)
    store.put(records, kept, sub=low, month=cols.month)
    if not enough.any():
        return []
    used, last = held[enough[source]], at[first + new - 1]
    gone[used] = True
    until = np.minimum(cols.month + p.term, NEVER)
    because = {"needed": p.strikes, "list": cols.label}
    return [
        records.emit("entries", parent=last[enough], list=cols.label, until=until),
        records.emit("strikes_counted", parent=at[enough[owner]], **because),
        records.emit("strikes_counted", parent=last[source[enough[source]]], kind=store.kind[used], carry=(store, used), **because),
    ]


def _deleted(ends, store, gone):
    """Let a deleted record take its strike along: the oldest of the kind when its time is over, else the latest."""
    if not len(ends) or not len(store):
        return
    for i in range(len(ends)):
        low, high = np.searchsorted(store.subject, [ends.subject[i], ends.subject[i] + 1])
        mine = low + np.flatnonzero((store.kind[low:high] == ends.kind[i]) & ~gone[low:high])
        if len(mine):
            gone[mine[0] if ends.ground[i] == TERM_OVER else mine[-1]] = True
