"""The tables about firms, and letters from firms to persons. Subjects of firms' rows are firms; nobody else's mechanism reads them."""

from __future__ import annotations

from ..engine.declare import table

FIRM_TRUTH = {"true_firm": "int32", "fault": "uint8", "cause": "uint8"}
"""Whose breach it really was, what is wrong with the row, and why the breach happened."""

FIRMS = "firms"

FIRM_ACTS = table("firm_acts", {}, {"cause": "uint8"}, "A breach of a firm begins.", FIRMS)
FIRM_VISITS = table("firm_visits", {"found": "uint8"}, {}, "An inspector visits; found = breaches said to be found.", FIRMS)
FIRM_FINDINGS = table("firm_findings", {"sensor": "uint8", "since": "int16"}, FIRM_TRUTH, "A breach is said to have been found.", FIRMS)
FIRM_RECORDS = table("firm_records", {"sensor": "uint8"}, FIRM_TRUTH, "What the registry of firms holds on its subject.", FIRMS)
FIRM_POSTINGS = table("firm_postings", {"rating": "uint16", "points": "int32"}, FIRM_TRUTH, "A record counts in a rating, in 1/100 point.", FIRMS)
FIRM_GRADES = table(
    "firm_grades",
    {"rating": "uint16", "grade": "uint8", "previous": "uint8", "score": "int32", "linked": "int32", "needed": "int32"},
    {},
    "A grade given for the first time or changed; linked = points lost for partners and officers; needed = points of the previous grade.",
    FIRMS,
)
FIRM_ENTRIES = table(
    "firm_entries", {"list": "uint16", "until": "int16", "officer": "uint8"}, FIRM_TRUTH, "A decision to list a firm; officer = 1: its officer too.", FIRMS
)
FIRM_REMOVALS = table("firm_removals", {"list": "uint16", "ground": "uint8"}, {}, "An order to take a firm off a list.", FIRMS)
FIRM_EXPIRIES = table("firm_expiries", {"list": "uint16"}, {}, "A reminder that a firm's term on a list is over.", FIRMS)
FIRM_LISTINGS = table("firm_listings", {"list": "uint16", "until": "int16"}, FIRM_TRUTH, "A listing of a firm takes effect.", FIRMS)
FIRM_LISTING_ENDS = table(
    "firm_listing_ends", {"list": "uint16", "ground": "uint8", "since": "int16"}, FIRM_TRUTH, "A listing of a firm ends.", FIRMS
)
FIRM_BIDS = table(
    "firm_bids", {"market": "uint8", "won": "uint8", "refused": "uint8", "gained": "uint8"}, {}, "A bid for a contract or loan decided.", FIRMS
)
FIRM_TIES = table("firm_ties", {"partner": "int32", "begun": "uint8"}, {}, "A partner leaves a firm (0), or a firm finds a new one (1).", FIRMS)
FIRM_EXITS = table("firm_exits", {"forced": "uint8"}, {}, "A firm closes; forced = it would not have closed without refusals and lost partners.", FIRMS)
FIRM_HOURS = table("firm_hours", {"amount": "int32", "visits": "int32"}, {}, "A firm's work for its files this month, in twelfths of an hour.", FIRMS)
HARMS = table(
    "harms", {"amount": "int32", "firm": "int32"}, {"cause": "uint8"}, "A consumer is harmed by unsafe or counterfeit goods.",
    event="loses {amount} by unsafe or counterfeit goods of a firm",
)
