"""Who takes part in a ledger: adults, and, where the rules ask for it, only those who consent.

A person is asked when the first record arrives, which for a score is the same as being asked at the start. The answer
is the person's own and lasting: the same word is compared with the share in every month and arm.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, share
from ...engine.declare import Column, Rows, mechanism
from ..common import lasting

TAKES_PART, REFUSED = 1, 2


class Params(Parameters):
    age_min = count("youngest age at which a person has a score", unit="years")
    consent = share("share of persons asked who consent (1 = nobody is asked)")


@mechanism(
    "record.enrolment",
    on=Rows("records"),
    params=Params,
    reads=("persons.birth_month",),
    writes=(Column("persons.enrolled", "uint8", 0, "", "takes part in the ledger: 0 not asked yet, 1 yes, 2 refused"),),
    draws=("consent",),
)
def enrolment(records, cols, p, luck):
    """Whoever has a first record as an adult joins the ledger, or refuses where consent is asked for."""
    enrolled = cols.persons.enrolled
    adult = cols.month - cols.persons.birth_month[records.subject].astype(np.int64) >= 12 * p.age_min
    new = np.unique(records.subject[(enrolled[records.subject] == 0) & adult])
    if len(new):
        enrolled[new] = np.where(lasting(luck, "consent", new) < p.consent, TAKES_PART, REFUSED)
