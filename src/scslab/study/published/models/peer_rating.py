"""Indirect reciprocity: how many stand well when everybody judges everybody, by norm, in public and in private."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...verify.scenario import scenario
from ..registry import Deviation, Measured, Target, published

SLIPS, ERRORS = 0.02, 0.05
SETTLED, LOOKED_AT = 80, 100
"""Rounds that are left out, and those counted."""


def public(norm: str) -> dict[str, Any]:
    return {
        "conduct.encounters": {"looks_at": "standing", "meetings": 1200, "slips": SLIPS, "cut": 0},
        "observe.peer_ratings": {"norm": norm, "errs": ERRORS},
        "decide.peer_standing": {},
    }


def private(norm: str) -> dict[str, Any]:
    return {
        "conduct.encounters": {"looks_at": "opinion", "meetings": 1200, "slips": SLIPS, "cut": 0},
        "respond.opinions": {"norm": norm, "sees": 1, "errs": ERRORS},
    }


def good_share(rules: dict[str, Any], seed: int, islands: int, size: int, rounds: int = SETTLED + LOOKED_AT) -> Measured:
    """Give the share of good standing, or of good opinions, over the last hundred rounds; islands are independent, so their spread is the error."""
    total, first = np.zeros(islands), rounds - LOOKED_AT

    def watch(period: int, arms: dict[str, Any]) -> None:
        if period <= first:
            return
        played = arms["rules"]
        if "respond.opinions" in rules:
            bad = np.bincount(played.store("opinions")["subject"] // size, minlength=islands)
            total[:] += 1 - bad / (size * (size - 1))
        else:
            total[:] += played.column("persons.standing").reshape(islands, size).mean(axis=1)

    scenario(rules, people=islands * size, periods=rounds, seed=seed, period="round", world="islands", islands=islands, watch=watch)
    shares = total / LOOKED_AT
    return Measured(float(shares.mean()), float(shares.std(ddof=1) / np.sqrt(islands)))


@published(
    "peer-rating",
    title="Peer rating: indirect reciprocity under four norms",
    source="Nowak and Sigmund 1998; Sugden 1986; Kandori 1992; Pacheco, Santos and Chalub 2006; Uchida 2010; Hilbe and others 2018",
    equations=(
        "Everybody helps whom they think well of; a help meant fails with probability e; a verdict is mistaken with probability m. A = (1 - e)(1 - m) + e m.",
        "Public stern judging or standing: good share (1 - m) / (2 - m - A). Image scoring: m / (1 - A + m).",
        "Private stern judging: each judges by own opinions, which drift apart towards one half.",
    ),
    expressed=(
        "conduct.encounters with observe.peer_ratings and decide.peer_standing (public), or respond.opinions (private), on islands where "
        "everybody knows everybody. e = .02, m = .05."
    ),
    targets=(
        Target("stern judging, public", 0.93320),
        Target("standing, public", 0.93320),
        Target("image scoring, public", 0.42373),
        Target("image scoring, private", 0.42373, note="the verdict does not look at the other's standing, so privacy changes nothing"),
        Target("stern judging, private", (0.45, 0.55), "band", note="towards 1/2; the texts give no number for finite groups"),
    ),
    deviations=(
        Deviation("Everybody meets somebody once a round, and all judge by standings of the round before.",
                  "Publications let one pair meet at a time; the stationary share is the same, because verdicts are linear in the share of good standing."),
    ),
)  # fmt: skip
def peer_rating(seed: int) -> dict[str, Measured]:
    """Run each norm on islands of a hundred (public) or fifty (private)."""
    found = {f"{norm.replace('_', ' ')}, public": good_share(public(norm), seed, 60, 100) for norm in ("stern_judging", "standing", "image_scoring")}
    return found | {f"{norm.replace('_', ' ')}, private": good_share(private(norm), seed, 20, 50) for norm in ("image_scoring", "stern_judging")}
