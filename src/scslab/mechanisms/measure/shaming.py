"""Public display: person-months shown by way of showing, views, people in stigma, shown though listed wrongly, friendships ended and begun again."""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE
from ...engine.declare import Each, Rows, mechanism
from ..common import among, first_rows
from ..tables_shaming import CHANNELS
from ..wrongfulness import UNSOUND, WRONG, wrong_class

WRONGLY = WRONG.codes((*UNSOUND, "W4a"))
KNOWN = FACTOR_ONE // 20
"""From this share of those who know a person on, the person is counted as known for having been shown."""


@mechanism(
    "measure.shaming",
    on=(Rows("displays"), Each("stigma"), Each("shunned")),
    stores=("listings",),
    tallies=("shown_months", "shown_views", "shown_wrong_months", "stigma_months", "stigma_sum", "ties_shunned"),
)
def shaming(batch, cols, p, luck):
    """Count who is shown, to how many, for how long it sticks, and friendships that stay ended for it."""
    shown, held, lost, made = batch.displays, batch.stigma, batch.shunned, []
    if len(shown):
        made.append(shown.tally("shown_views", None, shown.viewers.astype(np.int64)))
        made += [shown.tally(f"shown_months.{CHANNELS.names[c]}", shown.channel == c) for c in np.unique(shown.channel)]
        at = np.unique(shown.subject, return_index=True)[1]
        made += [shown.tally("shown_months", at), shown.tally("shown_wrong_months", at[_only_wrongly(shown.subject[at], cols)])]
    if len(held):
        at = first_rows(held.subject)
        at = at[held.level[at] >= KNOWN]
        made += [held.tally("stigma_months", at), held.tally("stigma_sum", at, held.level[at].astype(np.int64))]
    if len(lost):
        made.append(lost.tally("ties_shunned"))
    return made


def _only_wrongly(who, cols):
    """Tell who is on lists only wrongly by their own rules, of those who are on one."""
    store = cols.stores.listings
    source, at = store.of(who)
    right = np.zeros(len(who), bool)
    if len(at):
        taken = _Taken(store, at)
        right[source[~among(wrong_class(taken), WRONGLY)]] = True
    listed = np.bincount(source, minlength=len(who)) > 0
    return np.flatnonzero(listed & ~right)


class _Taken:
    """Some rows of a store, with columns as attributes."""

    def __init__(self, store, at):
        self._store, self._at = store, at

    def __getattr__(self, name):
        return getattr(self._store, name)[self._at]
