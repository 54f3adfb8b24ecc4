"""The tables that the mechanisms of platform scores share: who joins, what a platform learns, what it concludes, what follows."""

from __future__ import annotations

from ..engine.declare import table
from .tables import TRUTH

JOINS = table("platform_joins", {"list": "uint16", "cost": "int32"}, {}, "Somebody joins a platform; cost = what its knowing costs the person, yuan a month.")
EXITS = table("platform_exits", {"list": "uint16"}, {}, "Somebody leaves a platform.")
DATA = table(
    "platform_data",
    {"list": "uint16", "capacity": "uint8", "behaviour": "uint8", "identity": "uint8", "loyalty": "uint8"},
    {},
    "What a platform reads out of a member's data, each on a scale of 0 to 255.",
)
MARKS = table("platform_marks", {"list": "uint16"}, TRUTH, "A platform learns of a bad debt.")
SHARED_MARKS = table("shared_marks", {"list": "uint16"}, TRUTH, "A platform is told of a bad debt by the platforms' joint bureau.")
SCORES = table("platform_scores", {"list": "uint16", "score": "int32"}, {}, "A platform score that changed, in 1/100 point.")
WORTH = table("platform_worth", {"list": "uint16", "worth": "int32", "full": "int32"}, {}, "What a member's perks are worth now, and all perks; yuan a month.")
MOODS = table("platform_moods", {"list": "uint16", "regrets": "uint8"}, {}, "A member begins or ceases to wish that the platform had never come.")
DISPLAYS = table("platform_displays", {"list": "uint16", "shown": "uint8"}, {}, "A member begins or ceases to show the score to everybody.")
