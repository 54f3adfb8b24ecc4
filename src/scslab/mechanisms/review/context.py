"""Illness, job loss and disaster keep a person off a list, as far as papers prove them (`review.context:LIST`).

The claim is heard before effect. It is no oracle: some with a true excuse cannot produce papers, some without one produce them.
Both are lasting: who has no papers this year has none next year, when the same debt is reported again.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import Parameters, names, probability
from ...engine.declare import Rows, mechanism
from ..common import lasting
from ..kinds import CAUSE, GROUND

UNABLE = GROUND.code("unable")


class Params(Parameters):
    causes = names("causes that count as an excuse", CAUSE, codes=True)
    claims = probability("share of persons about to be listed who hear of the exemption and claim it")
    proves = probability("share of claimants with a true excuse who can prove it")
    false_proof = probability("share of claimants without one who prove it all the same")


@mechanism(
    "review.context",
    on=Rows("entries", match="list"),
    params=Params,
    draws=("claim", "papers", "false_papers", "prove"),
    emits=("removals",),
    evidence=("cause",),
)
def context(entries, cols, p, luck):
    """Strike decisions against those who prove that misfortune, not will, was the cause.

    Who claims, by the lasting word `claim` of the person, and has papers: by the lasting word `papers` against `proves` where the evidence `cause` is
    one of those named, else by `false_papers` against false_proof. The entry is struck, ground unable.
    """
    claims = lasting(luck, "claim", entries.subject) < p.claims
    papers = np.where(lasting(luck, "papers", entries.subject) < p.proves, ONE, 0)
    false_papers = np.where(lasting(luck, "false_papers", entries.subject) < p.false_proof, ONE, 0)
    proven = entries.evidence("cause", p.causes, luck, "prove", papers, false_papers)
    struck = np.flatnonzero(proven & claims)
    return entries.emit("removals", parent=struck, ground=UNABLE, entry=entries.id[struck])
