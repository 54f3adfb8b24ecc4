"""Into how many parts the network of friends falls: sets of adults whom no friendship joins. Switched on by a rule, because it looks at every tie."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count
from ...engine.declare import Sweep, mechanism
from ..common import ALIVE, living
from ..ties import friends_now


class Params(Parameters):
    every = count("months between two counts; at least 1", unit="months")


def labels(source, friend, people):
    """Give each person the lowest id of the own part.

    Example:
        >>> labels(np.array([0, 2, 3]), np.array([1, 3, 2]), 4).tolist()
        [0, 0, 2, 2]
    """
    label = np.arange(people)
    while True:
        before = label.copy()
        np.minimum.at(label, source, before[friend])
        np.minimum.at(label, friend, before[source])
        label = label[label]
        if (label == before).all():
            return label


@mechanism(
    "measure.components", on=Sweep(), params=Params, reads=ALIVE, stores=("tie_changes",), networks=("friends",), tallies=("network_parts", "network_adults")
)
def components(everybody, cols, p, luck):
    """Count the parts, by the person of the lowest id in each; the first block of the sweep counts for all."""
    if everybody.lo or cols.month % max(p.every, 1):
        return None
    who = np.flatnonzero(living(cols, np.arange(cols.people)))
    source, friend = friends_now(cols, who)
    kept = living(cols, friend)
    label = labels(who[source[kept]], friend[kept], cols.people)
    first = who[label[who] == who]
    return [everybody.tally_of("network_parts", first), everybody.tally_of("network_adults", who)]
