"""Public display of listed people: ways to show them, and how far those who know them have seen it."""

from __future__ import annotations

from ..base.parameters import Domain
from ..engine.declare import Store, table

CHANNELS = Domain("way of showing", ("web", "screen", "ring_tone", "app"))
"""A list on the web; a screen in the street; a ring tone that callers hear; an app that shows listed people nearby."""

DISPLAYS = table("displays", {"channel": "uint8", "viewers": "int32"}, {}, "A month in which a person is shown; viewers = persons of the place who see it.")
SHOWN = Store("shown", {"channels": "uint8", "since": "int16"}, {}, "Persons shown in public, by list; channels = bits of the ways")
STIGMA = Store("stigma", {"level": "int32"}, {}, "Share of those who know a person who lately saw the person shown, over 2^16", sub_bits=1)
