"""What no recorder can see: the same persons in another arm, in the same month. Arms advance together, so it is looked up at each month's end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..engine.arm import Arm
from ..engine.stores import StoreView
from ..mechanisms.kinds import CAUSE, EXCUSED
from ..mechanisms.measure.stuck import AFTER

UNABLE = CAUSE.codes(EXCUSED)
WANT = "stuck_want"
"""Counter: of those looked at some months after their first listing or lowest grade, who is in want in the comparator arm."""


def in_want(arm: Arm, who: np.ndarray) -> np.ndarray:
    """Tell who is in the lowest state of means that a month can bring.

    Means and quintiles are fixed at the fork; what moves is work and debt. In want is who lost work and has found none, or owes a debt that
    illness or loss of work left. A debt that somebody chose or forgot to leave unpaid is no want.

    Args:
        arm: at a month's end; who: ids of persons.
    """
    found = np.zeros(len(who), bool)
    jobless, debts = arm.stores.get("jobless"), arm.stores.get("debts")
    if jobless is not None:
        found |= StoreView(jobless, blind=False).count(who) > 0
    if debts is not None:
        source, at = StoreView(debts, blind=False).of(who)
        found[source[np.isin(debts.data["cause"][at], UNABLE)]] = True
    return found


def count_want(arms: Sequence[Arm], month: int, start: int, months: int) -> None:
    """Count, for each arm, whom `measure.stuck` looked at this month and who of them is in want in the first arm.

    Args:
        arms: of one replicate, the comparator first, after the month has run; month: the month just run.
        start, months: the measured run; nothing is counted outside it.
    """
    if not start <= month < start + months:
        return
    death = arms[0].society.columns.get("persons.death_month")
    for arm in arms:
        store = arm.stores.get("once_listed")
        if store is None:
            continue
        since, subject = store.data["since"], store.data["subject"]
        for after in AFTER:
            who = subject[since == month - after]
            if death is not None:
                who = who[death[who] > month]
            who = who[in_want(arms[0], who)]
            if len(who):
                counter = arm.tallies.setdefault(f"{WANT}.after{after}", np.zeros((months, arm.society.n_cells), np.int64))
                counter[month - start] += np.bincount(arm.society.cells[who], minlength=arm.society.n_cells)
