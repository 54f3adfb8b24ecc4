"""Outcomes about approval, as a survey finds it, and about trust in institutions and in others, by channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ...mechanisms.kinds import TRUST
from .declare import YEAR, Outcome

GENERALISED = ("denounced", "suspicion")
"""Channels that are about other people; all others are about institutions."""
PER_100 = "per 100 asked"
ONLINE = "internet users only: an uninformed ceiling, no figure for all adults"
CHANNELS = "assumed weights; sign and rank only"


def _trust(channels: tuple[str, ...]) -> Callable[[Mapping[str, np.ndarray], np.ndarray], np.ndarray]:
    """Make the formula of the index moved by some channels, per person-year."""

    def formula(sums: Mapping[str, np.ndarray], followed: np.ndarray) -> np.ndarray:
        moved = sum((sums[f"trust.{name}"] for name in channels), np.zeros(np.shape(followed)))
        return moved * YEAR / 65_536 / np.where(followed > 0, followed, np.nan)

    return formula


def _index(name: str, words: str, channels: tuple[str, ...]) -> Outcome:
    return Outcome(name, words, "index per 10,000 person-years", tuple(f"trust.{c}" for c in channels), "contrast", "formula", ("answers",),
                   events=("answers",), formula=_trust(channels), note=CHANNELS)  # fmt: skip


def _share(name: str, words: str, of: str, group: str = "") -> Outcome:
    return Outcome(name, words, PER_100, (f"{of}{group}",), "level", "ratio", (f"answers{group}",), 100.0, events=(f"answers{group}",), note=ONLINE)


OUTCOMES: tuple[Outcome, ...] = (
    _share("approval", "say they approve", "approve_stated"),
    _share("approval_private", "approve privately", "approve_private"),
    _share("disapproval", "say they disapprove", "disapprove_stated"),
    _share("approval_uninformed", "say they approve, uninformed", "approve_stated", ".uninformed"),
    _share("approval_informed", "say they approve, informed of harm", "approve_stated", ".informed"),
    _share("approval_restricted", "say they approve, under a restriction", "approve_stated", ".restricted"),
    _share("approval_perk", "say they approve, with a perk", "approve_stated", ".perk"),
    _share("approval_primary", "say they approve, primary school", "approve_stated", ".education1"),
    _share("approval_tertiary", "say they approve, tertiary education", "approve_stated", ".education4"),
    _index("trust_institutions", "trust in institutions moved", tuple(name for name in TRUST.names if name not in GENERALISED)),
    _index("trust_others", "trust in others moved", GENERALISED),
    *(_index(f"trust_{name}", f"trust moved by {name.replace('_', ' ')}", (name,)) for name in TRUST.names),
)
