"""Who applies for a loan and for a public post: the same demand in every arm, unless something discourages."""

from __future__ import annotations

from ...base.parameters import Parameters, count, share, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import AGE, ALIVE, acting, adults, age_band, between, cut_to_int32, standing, unless_deterred

SECONDARY, OLDEST_ENTRANT = 3, 35


def entrants(columns, month):
    """Tell which adults have the schooling and are of the age for a public post."""
    young = columns["persons.birth_month"] > month - 12 * (OLDEST_ENTRANT + 1)
    return adults(columns, month) & young & (columns["persons.education"] >= SECONDARY)
"""Senior secondary schooling; the age limit of the civil service examination."""


class Params(Parameters):
    loans = yearly_rate("applications for a loan, per person of the age that borrows most")
    loans_by_age = share("that rate by age, as a share of the highest", by=AGE)
    months_low = count("smallest loan, in months of income", unit="months of income")
    months_high = count("largest loan, in months of income", unit="months of income")
    posts = yearly_rate("applications for a public post, per adult below 36 with senior secondary schooling")


@mechanism(
    "conduct.applications",
    on=(Occasions("loan_application", rate="loans", able=adults), Occasions("post_application", rate="posts", able=entrants)),
    params=Params,
    reads=(*ALIVE, "persons.income", "persons.education"),
    draws=("act", "size"),
    emits=("loan_requests", "post_requests"),
    quantities=("conduct.loan_application", "conduct.post_application"),
)
def applications(batch, cols, p, luck):
    """Adults apply for loans, the schooled young for public posts.

    An adult who meets the occasion applies for a loan with chance loans_by_age x `conduct.loan_application` (word `act`); the sum is yearly income x
    months // 12 with months spread evenly by the word `size`; who has no income, or is still at school, does not ask. An adult of at most 35 with
    senior secondary schooling or more applies for a post unless `conduct.post_application` says otherwise.
    """
    loans, posts = batch.loan_application, batch.post_application
    at = acting(loans, cols, luck, "conduct.loan_application", p.loans_by_age[age_band(cols, loans.subject)])
    months = between(luck.of(loans).words("size", at), p.months_low, p.months_high)
    amount = standing(cols, loans.subject[at], "income") * months // 12
    asked = loans.emit("loan_requests", parent=at[amount > 0], amount=cut_to_int32(amount[amount > 0]))
    return [asked, posts.emit("post_requests", parent=unless_deterred(posts, cols, luck, "conduct.post_application"))]
