"""After a first misfortune, against the same persons spared it: only in runs with `--counterfactual misfortune`."""

from __future__ import annotations

from .declare import Outcome

STRUCK, SPARED, LISTINGS = "first_struck_sanctioned", "spared_first_struck_sanctioned", "first_struck_listings"
SAME = "the first illness or job loss of each person after the fork; both groups are the same persons in the same months, with the same luck"

OUTCOMES = (
    Outcome("after_misfortune_net", "sanctioned within a year of a first misfortune, less the same persons spared it", "per 100 struck",
            (STRUCK, f"-{SPARED}"), "contrast", "within", ("first_struck",), 100.0, events=(STRUCK,), months=12, note=SAME),
    Outcome("listings_after_misfortune", "own listings within a year of a first misfortune, less those of the same persons spared it", "per 100 struck",
            (LISTINGS, f"-spared_{LISTINGS}"), "contrast", "within", ("first_struck",), 100.0, events=(LISTINGS,), months=12,
            note="entries, not persons: a rule that adds a second list to the first is seen here, and not in the share of persons"),
    Outcome("sanctioned_struck", "sanctioned within a year of a first misfortune that struck", "per 100 struck", (STRUCK,), "contrast", "within",
            ("first_struck",), 100.0, events=(STRUCK,), months=12,
            note="an own listing or measure that starts, those of ordinary law too; some of the struck would have been sanctioned anyhow"),
    Outcome("sanctioned_spared", "sanctioned within a year of a first misfortune that was spared", "per 100 spared", (SPARED,), "contrast", "within",
            ("first_struck",), 100.0, events=(SPARED,), months=12, note="the counterfactual arm: " + SAME),
)  # fmt: skip
