"""Perceived risk: what own sanctions, and those of kin and friends, teach about the chance of being sanctioned.

The store holds only people whose perceived risk is above zero; risk is a numerator over 2^16. Two forms: `own` learns from
own sanctions and notices; `neighbours` learns also from those of kin and friends, a month later, as news travels.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, choice, weight
from ...engine.declare import Each, Rows, Store, mechanism, table
from ..common import first_rows

ONE = 1 << 16
LEAST = 64
"""Below this, about 0.1 %, a perceived risk is forgotten."""
MOST = 8
"""More events than this in a month teach no more."""

table("news", {}, {}, "Kin or friends hear of a sanction or notice.")


class Params(Parameters):
    form = choice("whose sanctions teach: own only, or also those of kin and friends", ("own", "neighbours"), default="own")
    own = weight("share of the distance to certainty by which an own sanction, fine or notice raises perceived risk")
    heard = weight("share of the distance to certainty by which news of a kin's or friend's sanction raises it (form neighbours)")
    decay = weight("share of perceived risk that fades in a month")


@mechanism(
    "respond.risk",
    on=(Rows("listings"), Rows("penalties"), Rows("notices"), Rows("news"), Each("perceived_risk")),
    params=Params,
    owns=(Store("perceived_risk", {"risk": "int32"}, {}, "Perceived risk of a sanction, over 2^16, where it is above zero"),),
    networks=("kin", "friends"),
    emits=("news",),
    lagged=("news", "perceived_risk"),
)
def risk(batch, cols, p, luck):
    """Sanctions and notices raise the perceived risk of those who live through or hear of them; it fades with time.

    First all stored risks fade: x (1 - decay); below 64/2^16 they are dropped, unless this month teaches anew from there. Then each own listing,
    penalty or notice (up to eight a month) moves the risk by the share `own` of its distance to 1, and in the form neighbours each piece of news (up
    to eight) by `heard`; what reaches 64/2^16 is stored, under the first such row of the person. News (form neighbours, `heard` above 0) go to kin
    and friends of everybody with a listing, penalty or notice: one for each of these three tables and each network, caused by the person's first row.
    """
    store, held = cols.stores.perceived_risk, batch.perceived_risk
    if len(held):
        left = held.risk.astype(np.int64) * (ONE - p.decay) >> 16
        store.set(held.at, risk=left)
        store.drop(held.at[left < LEAST])
    own = [rows for rows in (batch.listings, batch.penalties, batch.notices) if len(rows)]
    heard = [batch.news] if len(batch.news) and p.form == "neighbours" else []
    if own or heard:
        _learn(store, own, heard, p)
    if p.form == "own" or not p.heard:
        return None
    return [_news(rows, network) for rows in own for network in (cols.networks.kin, cols.networks.friends)]


def _news(rows, network):
    """Tell the neighbours of each subject, once a month for each kind of event and network."""
    first = first_rows(rows.subject)
    source, target, _ = network.expand(rows.subject[first])
    return rows.emit("news", subject=target, parent=first[source], kind=0)


def _learn(store, own, heard, p):
    """Move risk towards certainty once per event, in integers."""
    subject, inverse = np.unique(np.concatenate([rows.subject for rows in own + heard]), return_inverse=True)
    n_own = sum(len(rows) for rows in own)
    at = store.find(subject)
    value = np.zeros(len(subject), np.int64)
    value[at >= 0] = store.risk[at[at >= 0]]
    for events, step in ((inverse[:n_own], p.own), (inverse[n_own:], p.heard)):
        count = np.minimum(np.bincount(events, minlength=len(subject)), MOST)
        for k in range(int(count.max(initial=0))):
            value = np.where(count > k, value + ((ONE - value) * step >> 16), value)
    left = value >= LEAST
    for rows in own + heard:  # each person's risk is stored under the first row that names the person
        first = first_rows(rows.subject)
        mine = np.searchsorted(subject, rows.subject[first])
        new = left[mine]
        left[mine] = False
        store.put(rows, first[new], risk=value[mine[new]])
