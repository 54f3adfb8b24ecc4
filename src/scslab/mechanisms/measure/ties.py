"""Friendships as they stand: how alike friends are in standing, and who has none. Switched on by a rule, because it looks at every tie.

Sums over ties are whole numbers; the correlation is made of them in `measure.outcomes.ties`. Every tie is seen from both ends.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import count
from ...engine.declare import Rows, Sweep, mechanism
from ..common import ALIVE, living
from ..standing import READS, STORES, StandingParams, standing
from ..ties import CHANGE, friends_now

QUANTUM = 100
BAND = 50
"""Points of a band of standing: friends in the same band are alike."""


class Params(StandingParams):
    every = count("months between two looks at all ties; at least 1", unit="months")


@mechanism(
    "measure.ties",
    on=(Rows("tie_orders"), Rows("date_seekers"), Rows("dates"), Sweep()),
    params=Params,
    reads=(*ALIVE, *READS, "persons.quintile"),
    stores=(*STORES, "tie_changes"),
    networks=("friends",),
    tallies=(
        "tie_ends", "tie_x", "tie_xx", "tie_y", "tie_yy", "tie_xy", "tie_alike", "rank_x", "rank_xx", "rank_y", "rank_yy", "rank_xy",
        "isolates", "tie_adults", "tie_orders", "date_seekers", "dates_received", "dates_agreed",
    ),
)  # fmt: skip
def ties(batch, cols, p, luck):
    """Sum standings and their products over all ties, count those without a friend, and dates by boost."""
    made, everybody = [], batch.everybody
    if len(batch.tie_orders):
        made += [batch.tie_orders.tally(f"tie_orders.{CHANGE.names[c]}", batch.tie_orders.change == c) for c in np.unique(batch.tie_orders.change)]
    for name, rows in (("date_seekers", batch.date_seekers), ("dates_received", batch.dates)):
        if len(rows):
            made += [rows.tally(f"{name}.{word}", rows.boosted == code) for code, word in enumerate(("plain", "boosted"))]
    if len(batch.dates):
        made.append(batch.dates.tally("dates_agreed", batch.dates.agreed > 0))
    if not len(everybody) or cols.month % max(p.every, 1):
        return made
    who = np.arange(everybody.lo, everybody.hi)
    who = who[living(cols, who)]
    source, friend = friends_now(cols, who)
    here = living(cols, friend)
    source, friend = source[here], friend[here]
    mine = who[source]
    x, y = standing(cols, p, who)[source] // QUANTUM, standing(cols, p, friend) // QUANTUM
    rank, other = cols.persons.quintile[mine].astype(np.int64), cols.persons.quintile[friend].astype(np.int64)
    sums = {"tie_ends": np.ones(len(mine), np.int64), "tie_alike": (x // BAND == y // BAND).astype(np.int64)}
    for name, a, b in (("tie", x, y), ("rank", rank, other)):
        sums |= {f"{name}_x": a, f"{name}_xx": a * a, f"{name}_y": b, f"{name}_yy": b * b, f"{name}_xy": a * b}
    made += [everybody.tally_of(name, mine, value) for name, value in sums.items()]
    alone, low = np.bincount(source, minlength=len(who)) == 0, standing(cols, p, who) <= p.start
    made += [everybody.tally_of("tie_adults", who), everybody.tally_of("isolates", who[alone])]
    return [*made, everybody.tally_of("tie_adults.low", who[low]), everybody.tally_of("isolates.low", who[alone & low])]
