"""The norms game and the metanorms game (Axelrod 1986, American Political Science Review 80): what its mechanisms share.

A small group lives in one place; one month is a generation. Boldness and vengefulness have eight levels. Nature gives each person the levels of the
first generation (out of the traits of the world); later ones are learned, and kept in columns.
"""

from __future__ import annotations

import numpy as np

from ..base.errors import Problem, ScslabError
from ..base.exact import frozen
from ..base.luck import ONE
from ..engine.declare import Column, table

LEVELS = 8
BOLD = Column("persons.norm_boldness", "uint8", 0, "level", "learned boldness towards the norm of the place, 1 to 8; 0 = as nature gave it (boldness)")
VENGEFUL = Column(
    "persons.norm_vengefulness", "uint8", 0, "level", "learned will to punish breaches of that norm, 1 to 8; 0 = as nature gave it (conscientiousness)"
)
BOLDNESS, VENGEFULNESS = ("persons.norm_boldness", "persons.boldness"), ("persons.norm_vengefulness", "persons.conscientiousness")
"""What `bold` and `vengeful` read."""

BREACHES = table("norm_breaches", {"chance": "uint8", "open": "int32"}, {},
                 "A person breaks the norm of the place; others may see it, each with chance `open` over 2^31.")  # fmt: skip
TOLLS = table("norm_tolls", {"points": "int32"}, {}, "What punishing and being punished took from a person in a month.")

MEMBERS, CHANCES = 4096, 16
"""Most persons of a place, and most chances a generation, that keys of sightings have room for."""

THRESHOLD = frozen(np.arange(LEVELS) * ONE // (LEVELS - 1))
"""Level k of 0..7 as a chance of k/7."""


def bold(persons, who):
    """Give levels of boldness, 0 to 7."""
    return _level(persons.norm_boldness[who], persons.boldness[who])


def vengeful(persons, who):
    """Give levels of vengefulness, 0 to 7."""
    return _level(persons.norm_vengefulness[who], persons.conscientiousness[who])


def _level(learned, quantile):
    """Give the level learned, or the eighth of the trait's scale in which a person stands.

    Example:
        >>> _level(np.array([0, 0, 1, 8], np.uint8), np.array([31, 255, 255, 0], np.uint8)).tolist()
        [0, 7, 0, 7]
    """
    return np.where(learned > 0, learned.astype(np.int64) - 1, quantile.astype(np.int64) >> 5)


def sighting_ids(place, actor, chance, watched, watcher):
    """Number who might see what: place 16 bits, then the actor, the one watched and the watcher by their places in the group, and the chance.

    So a word belongs to one watcher of one thing, and one person or breach more moves no other's.
    """
    return (((place << 12 | actor) << 12 | watched) << 12 | watcher) << 4 | chance


def check_groups(start):
    """Refuse places in which a norm of everybody watching everybody makes no sense."""
    most = int(np.diff(start).max(initial=0))
    if most > MEMBERS:
        why = f"a place has {most:,} persons, and each watches all others; {MEMBERS:,} are the most"
        raise ScslabError(Problem("the norms game is played in small groups", "respond.norm_enforcement", why, "Use the world `islands` with more islands"))
