"""Who takes part in a ledger: adults of the places where it is kept, and, where the rules ask for it, only those who consent.

A person is asked when the first record arrives, which for a score is the same as being asked at the start. The answer
is the person's own and lasting: the same word is compared with the share in every month and arm.

In which places the ledger is kept stands in `places.ledger`, for sensors that are about there only (`where_kept`).
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, share
from ...engine.declare import Column, Revised, Rows, mechanism
from ..common import lasting

TAKES_PART, REFUSED, OUTSIDE = 1, 2, 3


class Params(Parameters):
    age_min = count("youngest age at which a person has a score", unit="years")
    places = share("share of places where the ledger is kept (1 = the whole world is its jurisdiction)")
    consent = share("share of persons asked who consent (1 = nobody is asked)")


@mechanism(
    "record.enrolment",
    on=(Rows("records"), Revised()),
    params=Params,
    reads=("persons.birth_month", "persons.place"),
    writes=(
        Column("persons.enrolled", "uint8", 0, "", "takes part in the ledger: 0 not asked yet, 1 yes, 2 refused, 3 lives where none is kept"),
        Column("places.ledger", "uint8", 0, "", "1 where the ledger is kept, from the month on in which its rules begin"),
    ),
    draws=("consent", "places"),
)
def enrolment(batch, cols, p, luck):
    """Whoever has a first record as an adult joins the ledger, or refuses where consent is asked for.

    Asked is who is not enrolled yet and at least age_min old in the month of a record. The place's lasting word `places` must be below that share,
    else 3 (outside); then the person's lasting word `consent` gives 1 (takes part) when below the share that consents, else 2 (refuses). In the first
    month of its rules, and when they change, places are marked (`places.ledger`) by the same word.
    """
    records, enrolled = batch.records, cols.persons.enrolled
    if len(batch.revised):
        places = np.unique(cols.persons.place[batch.revised.subject]).astype(np.int64)
        cols.places.ledger[places] = lasting(luck, "places", places) < p.places
    adult = cols.month - cols.persons.birth_month[records.subject].astype(np.int64) >= 12 * p.age_min
    new = np.unique(records.subject[(enrolled[records.subject] == 0) & adult])
    if len(new):
        answer = np.where(lasting(luck, "consent", new) < p.consent, TAKES_PART, REFUSED)
        enrolled[new] = np.where(lasting(luck, "places", cols.persons.place[new].astype(np.int64)) < p.places, answer, OUTSIDE)
