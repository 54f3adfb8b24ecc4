"""The book of platform members: what each platform knows of a member and concludes; the only owner of the stores
`memberships` and `former_members`."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, Store, mechanism
from .. import tables_platform

BOOK = Store(
    "memberships",
    {
        "list": "uint16", "since": "int16", "cost": "int32", "capacity": "uint8", "behaviour": "uint8", "identity": "uint8", "loyalty": "uint8",
        "score": "int32", "worth": "int32", "full": "int32", "shown": "uint8", "regrets": "uint8",
    },
    {},
    "Members of platforms by person and platform; score in 1/100 point, 0 = none yet; cost, worth and full in yuan a month",
    by_label=True,
)  # fmt: skip
FORMER = Store("former_members", {"worth": "int32", "full": "int32"}, {}, "Who left a platform; worth of its perks to them and in full, yuan a month",
               by_label=True)  # fmt: skip
KEPT = {"platform_data": ("capacity", "behaviour", "identity", "loyalty"), "platform_scores": ("score",), "platform_worth": ("worth", "full"),
        "platform_displays": ("shown",), "platform_moods": ("regrets",)}  # fmt: skip
"""Which columns the rows of each table replace."""
assert tables_platform.JOINS


@mechanism(
    "respond.membership",
    on=(Rows("platform_joins"), Rows("platform_exits"), *(Rows(name) for name in KEPT)),
    owns=(BOOK, FORMER),
)
def membership(batch, cols, p, luck):
    """Enter who joins a platform, strike who leaves, and keep what the platform knows and concludes of each member.

    What is known is kept of those who were members before this month's rows, whatever order they came in, the later row of a table over the earlier. Who
    leaves is kept as a former member, with the worth and the full worth of the perks as they are now; a platform once left and joined again is joined anew.
    Who joins and is no member is entered with the cost of the row and this month as `since`.
    """
    store, joins, exits = cols.stores.memberships, batch.platform_joins, batch.platform_exits
    for table, columns in KEPT.items():
        rows = getattr(batch, table)
        at = store.find(rows.subject, rows.list)
        there = at >= 0
        if there.any():
            store.set(at[there], **{name: getattr(rows, name)[there] for name in columns})
    at = store.find(exits.subject, exits.list)
    there = np.flatnonzero(at >= 0)
    if len(there):
        cols.stores.former_members.put(exits, there, sub=exits.list[there], worth=store.worth[at[there]], full=store.full[at[there]])
        store.drop(at[there])
    new = np.flatnonzero(~store.has(joins.subject, joins.list))
    store.put(joins, new, sub=joins.list[new], since=cols.month)
