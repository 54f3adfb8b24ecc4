"""What a credit bureau learns about an applicant: from a file how payments were made, from other data a guess; both with error."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, probability
from ...engine.declare import Rows, mechanism, table
from ..common import between

TOP = 255
QUERIES = table("credit_queries", {"character": "int16", "capacity": "int16"}, {}, "What a bureau reads about an applicant: on a scale of 255, with error.")


class Params(Parameters):
    queried = probability("share of applications for which the lender asks for a score; 0 = lenders do not use scores", neutral=0)
    other_data = probability("share of applicants without a file on whom the bureau has other data: bills, purchases, telephone")
    noise = count("most by which payments in a file misread the applicant, either way, on a scale of 255", unit="of 255")
    noise_other = count("the same for other data", unit="of 255")


@mechanism(
    "observe.credit_query",
    on=Rows("loan_requests", prune=(("query", lambda p: p.queried),)),
    params=Params,
    reads=("persons.conscientiousness", "persons.means"),
    stores=("bureau",),
    draws=("query", "other", "character", "capacity"),
    emits=("credit_queries",),
)
def credit_query(asked, cols, p, luck):
    """Lenders ask a bureau about some applicants; those without a file and without other data stay unknown.

    An application is asked about if the word `query` is below queried, and there is a file, or the word `other` is below other_data. Character
    (conscientiousness) and capacity (means) are misread by a number spread over -noise..noise by the word of that name, and cut to 0..255.
    """
    filed = cols.stores.bureau.has(asked.subject)
    at = np.flatnonzero(luck.below("query", p.queried) & (filed | luck.below("other", p.other_data)))
    who, noise = asked.subject[at], np.where(filed[at], p.noise, p.noise_other)
    read = {}
    for name, trait in (("character", cols.persons.conscientiousness), ("capacity", cols.persons.means)):
        read[name] = np.clip(trait[who].astype(np.int64) + between(luck.words(name, at), -noise, noise), 0, TOP)
    return asked.emit("credit_queries", parent=at, **read)
