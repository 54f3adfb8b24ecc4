"""What a pretext is, as rows: a claim on another ground, after protected conduct."""

from __future__ import annotations

from ..base.parameters import Domain
from ..engine.declare import table
from .tables import TRUTH

WAY = Domain("way", ("suit", "fine"))
"""A civil suit, for defamation or damages; or a fine under some other rule."""

PRETEXTS = table(
    "pretexts",
    {"way": "uint8", "stands": "uint8", "amount": "int32"},
    TRUTH,
    "Somebody in office answers protected conduct with a claim on another ground; kind = the conduct.",
    event="is sued or fined on another ground, after {kind}",
)
