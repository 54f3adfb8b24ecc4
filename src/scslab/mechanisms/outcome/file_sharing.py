"""What the master database shows around: each copy is open to so many other agencies."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count
from ...engine.declare import Rows, mechanism
from ..tables_registry import MATCH, VIEW

SHARING, NONE = VIEW.code("sharing"), MATCH.code("none")


class Params(Parameters):
    parties = count("agencies that see a copy", unit="parties")


@mechanism("outcome.file_sharing", on=Rows("matches"), params=Params, emits=("disclosures", "file_views"))
def file_sharing(matches, cols, p, luck):
    """Each file that was matched to somebody is one attribute shown to other agencies; matched wrongly, it is shown as the wrong person's.

    Nothing where there are no `parties`. Disclosures: so many parties; the view (`sharing`): one attribute, so many parties.
    """
    at = np.flatnonzero(matches.match != NONE) if p.parties else np.empty(0, np.int64)
    return [
        matches.emit("disclosures", parent=at, parties=p.parties),
        matches.emit("file_views", parent=at, view=SHARING, attributes=1, parties=p.parties),
    ]
