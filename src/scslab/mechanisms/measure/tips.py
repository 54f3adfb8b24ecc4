"""Reports: how many, why, which are believed, which of those are true, about what, and what is paid for them."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, mechanism
from ..common import among
from ..kinds import KIND, PROTECTED
from ..tables_reports import MOTIVE

PROTECTED_CODES = KIND.codes(PROTECTED)


@mechanism(
    "measure.tips",
    on=(Rows("tips"), Rows("upheld_tips")),
    tallies=("tips", "cases_upheld", "cases_false", "cases_true", "cases_protected", "rewards_yuan", "rewards_false_yuan"),
)
def tips(batch, cols, p, luck):
    """Count reports by motive; cases believed, true and false, about protected conduct; rewards, and those paid for false cases."""
    told, believed, made = batch.tips, batch.upheld_tips, []
    if len(told):
        made += [told.tally("tips"), *(told.tally(f"tips.{name}", told.motive == code) for code, name in enumerate(MOTIVE.names))]
    if len(believed):
        case = believed.first > 0
        false = (believed.fault != 0) | (believed.true_actor != believed.subject)
        made += [believed.tally("cases_upheld", case), believed.tally("cases_false", case & false), believed.tally("cases_true", case & ~false)]
        made.append(believed.tally("cases_protected", case & among(believed.kind, PROTECTED_CODES)))
        reward = believed.reward.astype(np.int64)
        paid = np.flatnonzero(reward > 0)
        made.append(believed.tally("rewards_yuan", paid, reward[paid]))
        paid = paid[false[paid]]
        made.append(believed.tally("rewards_false_yuan", paid, reward[paid]))
    return made
