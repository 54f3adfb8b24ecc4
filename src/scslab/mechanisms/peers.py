"""What the mechanisms of peer rating share: norms of judging others, the scale of stars, tables."""

from __future__ import annotations

import numpy as np

from ..base.exact import frozen
from ..base.parameters import FACTOR_ONE, QUANTUM
from ..engine.declare import Column, table

NORMS = {
    "stern_judging": ((1, 0), (0, 1)),
    "standing": ((1, 0), (1, 1)),
    "image_scoring": ((0, 0), (1, 1)),
    "shunning": ((0, 0), (0, 1)),
}
"""By norm: who refuses (first pair) or gives (second) help is judged good, 1, or bad, 0, when the other is bad or good.

Stern judging wants refusal of the bad (Kandori 1992, Pacheco and others 2006), standing forgives it both ways (Sugden 1986), image scoring
looks at the help alone (Nowak and Sigmund 1998), shunning never thinks well of who meets the bad (Takahashi and Mashima 2006).
"""
NORM_NAMES = tuple(NORMS)
STANDING = Column("persons.standing", "uint8", 1, "", "public standing among peers: 1 good, 0 bad")
STARS = Column("persons.stars", "int32", 4 * FACTOR_ONE, "stars over 2^16", "displayed star rating")

ENCOUNTERS = table("encounters", {"other": "int32", "helped": "uint8"}, {}, "A person meets another, who could use some help, and gives it or not.")
PEER_RATINGS = table("peer_ratings", {"good": "uint8"}, {}, "Peers judge somebody by what was done.")
STAR_RATINGS = table("star_ratings", {"stars": "int32"}, {}, "Somebody is given stars; stars over 2^16.")


def judged_good(norm: str, helped: np.ndarray, other_is_good: np.ndarray) -> np.ndarray:
    """Tell by a norm whether what a person did is good.

    Example:
        >>> judged_good("stern_judging", np.array([1, 1, 0, 0]), np.array([True, False, True, False])).tolist()
        [True, False, False, True]
    """
    return _NORM[norm][np.asarray(helped, np.int64), np.asarray(other_is_good, np.int64)]


def stars(points: int) -> int:
    """Turn stars in 1/100, as parameters are compiled, into stars over 2^16."""
    return points * FACTOR_ONE // QUANTUM


_NORM = {name: frozen(np.array(rows, bool)) for name, rows in NORMS.items()}
