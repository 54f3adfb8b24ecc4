"""The tables that mechanisms share: which rows flow from phase to phase, and which of their columns are truth."""

from __future__ import annotations

from ..engine.declare import Table, table

TRUTH = {"true_actor": "int32", "fault": "uint8", "cause": "uint8"}
"""Who really acted, what is wrong with the row, and why the act happened. Handed on from parent to child rows."""

ACTS = table("acts", {"amount": "int32"}, {"cause": "uint8"}, "What a person did; amount in yuan or hours, by kind.")
OBSERVATIONS = table("observations", {"sensor": "uint8", "amount": "int32"}, TRUTH, "What a sensor says that its subject did.")
RECORDS = table("records", {"sensor": "uint8", "amount": "int32"}, TRUTH, "What a registry holds on its subject.")
RECORDS_DUE = table("records_due", {"record": "int64", "ground": "uint8"}, {}, "A reminder that a record's retention is over.")
RECORD_ORDERS = table("record_orders", {"record": "int64", "ground": "uint8"}, {}, "An order to delete a record: correction, repair, amnesty.")
RECORD_ENDS = table("record_ends", {"ground": "uint8"}, TRUTH, "A record that left its registry.")
POSTINGS = table("postings", {"points": "int32", "clamp": "int32"}, TRUTH, "A change of a ledger score, in 1/100 point.")
GRADES = table("grades", {"grade": "uint8", "previous": "uint8"}, TRUTH, "A change of grade.")
AWARDS = table("awards", {"points": "int32"}, TRUTH, "Points that another rule or hand adds to a ledger score, in 1/100 point; negative takes away.")
SCORE_ORDERS = table("score_orders", {"points": "int32"}, {}, "An order to the ledger to set a score, in 1/100 point.")
ENTRIES = table("entries", {"list": "uint16", "until": "int16"}, TRUTH, "A decision to put the subject on a list.")
REMOVALS = table(
    "removals",
    {"list": "uint16", "ground": "uint8", "entry": "int64"},
    {},
    "An order to take the subject off a list: strikes the entry of that id, before or after it takes effect; entry 0 = whatever is in force.",
)
EXTENSIONS = table("extensions", {"list": "uint16", "months": "int16"}, {}, "An order to lengthen a listing.")
LISTINGS = table("listings", {"list": "uint16", "until": "int16"}, TRUTH, "A listing that takes effect.")
LISTING_ENDS = table("listing_ends", {"list": "uint16", "ground": "uint8", "since": "int16"}, TRUTH, "A listing that ends.")
EXPIRIES = table("expiries", {"list": "uint16"}, {}, "A reminder that a listing's term is over.")
NOTICES = table(
    "notices",
    {"list": "uint16", "channel": "uint8", "entry": "int64"},
    TRUTH,
    "The subject learns of a listing. Who emits one from rows without truth passes carry=(cols.stores.listings, at); entry = the listing's id.",
)
APPEALS = table("appeals", {"list": "uint16", "body": "uint16", "entry": "int64"}, TRUTH, "An objection or appeal against a listing, waiting for a body.")
DECISIONS = table("decisions", {"list": "uint16", "body": "uint16", "granted": "uint8"}, TRUTH, "A decided objection or appeal.")
IMPOSITIONS = table("impositions", {"list": "uint16", "mask": "int64", "spill": "int64"}, TRUTH, "Measures that a listing or grade brings.")
MEASURES = table("measures", {"measure": "uint8", "basis": "uint8", "source": "int32", "list": "uint16"}, TRUTH, "A measure begins.")
MEASURE_ENDS = table("measure_ends", {"measure": "uint8", "basis": "uint8", "source": "int32", "list": "uint16"}, TRUTH, "A measure ends.")
PENALTIES = table("penalties", {"amount": "int32", "points": "int16"}, TRUTH, "An ordinary penalty: a fine in yuan, licence points.")
DEBTS = table("debts", {"amount": "int32"}, {"cause": "uint8"}, "A debt falls overdue.")
JUDGMENTS = table("judgments", {"amount": "int32", "able": "uint8"}, {"cause": "uint8"}, "A court orders a debtor to pay (able: as the court sees it).")
PAYMENTS = table("payments", {"amount": "int32", "ground": "uint8"}, {"cause": "uint8"}, "Money paid on a debt or judgment.")
PERFORMANCES = table("performances", {"amount": "int32", "ground": "uint8"}, {"cause": "uint8"}, "A judgment is performed in full.")
SHOCKS = table("shocks", {"amount": "int32"}, {"cause": "uint8"}, "An exogenous misfortune: illness or involuntary job loss.")
REFUSALS = table("refusals", {"measure": "uint8", "basis": "uint8"}, {}, "An attempt blocked by a measure: a trip, loan, job or place.")
GAINS = table("gains", {"measure": "uint8"}, {}, "A rationed place that a refused person's rival got.")
LOANS = table("loans", {"amount": "int32", "granted": "uint8", "thin": "uint8"}, {"cause": "uint8"}, "A loan application decided.")
JOBS = table("jobs", {"gained": "uint8"}, {"cause": "uint8"}, "A job lost or found.")
DISMISSALS = table(
    "dismissals", {"basis": "uint8"}, {"cause": "uint8"}, "An employer dismisses: a firm that closes, or one that looks at lists.", event="is dismissed"
)
DISCLOSURES = table("disclosures", {"parties": "int32"}, {}, "An attribute of the subject shown to other parties.")
NATIONAL_RECORDS = table(
    "national_records", {"sensor": "uint8", "amount": "int32"}, TRUTH, "What the national registry holds on its subject, after matching."
)
WRITE_OFFS = table("write_offs", {"ground": "uint8"}, {}, "A creditor gives up a debt, or its debtor has died.")
LOAN_REQUESTS = table("loan_requests", {"amount": "int32"}, {}, "An application for a loan.")
POST_REQUESTS = table("post_requests", {}, {}, "An application for a post in the public service.")
SCHOOL_REQUESTS = table("school_requests", {}, {}, "An application for a child's place at a private school.")
TRUST_EVENTS = table("trust_events", {"channel": "uint8", "weight": "int32"}, {}, "Something that moves trust; weight over 2^16: sign and rank only.")
INQUIRIES = table("inquiries", {"list": "uint16", "entry": "int64"}, TRUTH, "Somebody who was refused asks why, and learns of a listing.")

SHARED = frozenset(made.name for made in list(vars().values()) if isinstance(made, Table))
"""The tables of this file; the ledger of every run has columns for them, whether or not anything emits them."""
