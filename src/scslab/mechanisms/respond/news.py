"""News of harm: some people online come across a report of what the system does to people, once; they trust institutions less, and approve less."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, weight, yearly_rate
from ...engine.declare import Occasions, Store, mechanism
from ..common import ALIVE, adults, first_rows
from ..kinds import TRUST

NEWS = TRUST.code("news")


class Params(Parameters):
    reports = yearly_rate("reports of harm that a person comes across")
    moved = weight("how much the first such report moves trust in institutions; sign and rank only")


@mechanism(
    "respond.news",
    on=Occasions("news_of_harm", rate="reports", able=adults),
    params=Params,
    reads=ALIVE,
    owns=(Store("informed", {"since": "int16"}, {}, "Adults who have come across a report of harm"),),
    emits=("trust_events",),
)
def news(rows, cols, p, luck):
    """The first report of harm that somebody comes across informs them for good, and moves their trust.

    Adults who are not informed yet; no event where `moved` is 0.
    """
    at = np.flatnonzero(~cols.stores.informed.has(rows.subject))
    at = at[first_rows(rows.subject[at])]
    if not len(at):
        return None
    cols.stores.informed.put(rows, at, since=cols.month)
    return rows.emit("trust_events", parent=at, channel=NEWS, weight=p.moved) if p.moved else None
