"""Acts that illness, loss of work or disaster excuses, by kind: what is left are the unexcused breaches, the denominator of bias."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, mechanism
from ..common import among
from ..kinds import CAUSE, EXCUSED, KIND

UNABLE = CAUSE.codes(EXCUSED)


@mechanism("measure.excuses", on=Rows("acts", kinds=("missed_payment", "unpaid_bill"), only=("cause",)), tallies=("acts_excused",))
def excuses(acts, cols, p, luck):
    """Count excused acts by kind; only what is owed is left undone for want of means."""
    at = np.flatnonzero(among(acts.cause, UNABLE))
    return [acts.tally(f"acts_excused.{KIND.names[kind]}", at[acts.kind[at] == kind]) for kind in np.unique(acts.kind[at])]
