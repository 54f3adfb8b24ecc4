"""Reports by neighbours and friends: what is told, why, and what the office makes of it. Shared by S12 and by rules that pay for reports."""

from __future__ import annotations

from ..base.parameters import Domain
from ..engine.declare import Store, table
from .tables import TRUTH

MOTIVE = Domain("motive", ("witness", "grudge"))
"""Why somebody reports: the own eyes, or ill will."""

TIPS = table("tips", {"reporter": "int32", "motive": "uint8"}, TRUTH, "Somebody reports the subject to the office.", event="is reported for {kind}")
UPHELD_TIPS = table(
    "upheld_tips",
    {"reporter": "int32", "first": "uint8", "reward": "int32"},
    TRUTH,
    "A report that the office believes; first = the first reporter of the case, whom it pays.",
    event="a report for {kind} is believed",
)
TIPS_WAITING = Store(
    "tips_waiting",
    {"reporter": "int32", "kind": "uint8", "month": "int16"},
    TRUTH,
    "Reports that wait for another, one per reporter and person reported",
    sub_bits=31,
)
