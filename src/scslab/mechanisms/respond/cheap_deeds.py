"""Deeds for the points (`respond.cheap_deeds:RULE`): who wants points does more of the cheap good deeds that bring them.

The more hours are already counted, the less so. Two kinds of people want points: those who know of a ledger and stand low in it (`low`), and
holders of an account at a token bank (`holders`).

Where `decide.hours` pays later hours less, people who have many of them see it; where every hour pays alike, nothing tires.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, choice, count, factor, names
from ...engine.declare import Modifies, mechanism
from ..kinds import GOOD_DEEDS, KIND
from ..wanting import READS, WantingParams, wants_points


class Params(WantingParams):
    whom = choice("who does them: people who know of the ledger and stand low in it, or holders of an account", ("low", "holders"), default="low")
    kinds = names("kinds of deeds that are cheap and bring points", KIND, codes=True)
    more = factor("multiplies these deeds of people who want points and have no hours counted; 1 = no change")
    halved = count("hours counted in a period at which the extra deeds are half as many", unit="hours")


@mechanism(
    "respond.cheap_deeds",
    on=Modifies(tuple(f"conduct.{name}" for name in GOOD_DEEDS)),
    params=Params,
    reads=READS,
    stores=("hours_counted", "account_holders"),
)
def cheap_deeds(quantity, subjects, cols, p):
    """People who want points do more cheap good deeds, as long as the points are worth it.

    Only kinds named. Keen are the aware whose deviation from the start is at most `wanted` this month (form holders: who has an account). Their
    factor is 1 + (more - 1) x halved // (halved + hours counted), halved at least 1, rounded down.
    """
    if p.more == FACTOR_ONE or KIND.code(quantity.partition(".")[2]) not in p.kinds:
        return None
    result = np.full(len(subjects), FACTOR_ONE, np.int64)
    keen = np.flatnonzero(cols.stores.account_holders.has(subjects) if p.whom == "holders" else wants_points(cols, subjects, p))
    store = cols.stores.hours_counted
    at = store.find(subjects[keen])
    done = store.value("hours", at)
    half = max(p.halved, 1)
    result[keen] += (p.more - FACTOR_ONE) * half // (half + done)
    return result
