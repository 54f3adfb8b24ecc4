"""How life goes on: loans, refusals and whom they help, jobs, disclosures."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Rows, mechanism
from ..kinds import MEASURE


@mechanism(
    "measure.life",
    on=(Rows("loans"), Rows("refusals"), Rows("gains"), Rows("jobs"), Rows("disclosures")),
    tallies=(
        "loan_applications", "loans", "thin_applications", "thin_loans", "jobs_lost", "jobs_found", "disclosures", "refusals",
        "refusals_for_others", "gains",
    ),
)  # fmt: skip
def life(batch, cols, p, luck):
    """Count loans asked and granted, refusals and gains by measure, jobs lost and found, and disclosures."""
    loans, jobs, made = batch.loans, batch.jobs, []
    if len(loans):
        granted, thin = loans.granted > 0, loans.thin > 0
        made += [loans.tally("loan_applications"), loans.tally("loans", granted)]
        made += [loans.tally("thin_applications", thin), loans.tally("thin_loans", thin & granted)]
    for name, rows in (("refusals", batch.refusals), ("gains", batch.gains)):
        if len(rows):
            made += [rows.tally(name)] + [rows.tally(f"{name}.{MEASURE.names[m]}", rows.measure == m) for m in np.unique(rows.measure)]
    if len(batch.refusals):
        made.append(batch.refusals.tally("refusals_for_others", batch.refusals.basis > 0))
    if len(jobs):
        made += [jobs.tally("jobs_lost", jobs.gained == 0), jobs.tally("jobs_found", jobs.gained > 0)]
    if len(batch.disclosures):
        made.append(batch.disclosures.tally("disclosures", None, batch.disclosures.parties.astype(np.int64)))
    return made
