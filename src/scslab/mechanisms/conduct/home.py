"""Family, household and trade: elders left alone, benefits drawn by fraud, bills unpaid, counterfeits sold, births beyond the plan, warnings in the party."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, probability, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, SCHOOL_ENDS, STATUS, adults, among, shares
from ..everyday import acts_of

TRAIT = "persons.conscientiousness"
CAREFREE = ("elder_neglect", "benefit_fraud", "unpaid_bill", "party_warning")
TRADERS = STATUS.codes(("self_employed", "farmer"))
OLDEST_PARENT = 50
"""Full years up to which a birth beyond the plan is counted."""


def traders(columns, month):
    """Tell which adults have left school and are self-employed or farmers."""
    latest = (month - 12 * np.asarray(SCHOOL_ENDS)).astype(np.int16)  # month of birth of the youngest who have left, by education
    has_left = columns["persons.birth_month"] <= latest[columns["persons.education"]]
    return adults(columns, month) & has_left & among(columns["persons.status"], TRADERS)


def parents(columns, month):
    """Tell which adults are of an age to have children."""
    return adults(columns, month) & (columns["persons.birth_month"] > month - 12 * (OLDEST_PARENT + 1))


class Params(Parameters):
    visits = yearly_rate("occasions to leave parents in need without support, in a way that others notice")
    elder_neglect = probability("share of those occasions at which the least conscientious person does")
    claims = yearly_rate("occasions to draw a benefit that is not due")
    benefit_fraud = probability("share of those occasions at which the least conscientious person does")
    bills = yearly_rate("bills for water, power, telephone that somebody forgets")
    unpaid_bill = probability("share of those that the least conscientious person leaves unpaid after a reminder")
    wares = yearly_rate("occasions to make or sell counterfeits, per person; only the self-employed and farmers have them")
    counterfeiting = probability("share of those occasions at which the least conscientious trader does")
    births = yearly_rate("births beyond the plan per adult up to 50; the plan ended in 2021")
    duties = yearly_rate("occasions for a serious warning within the party, per adult, member or not")
    party_warning = probability("share of those occasions at which the least conscientious person is warned")


@mechanism(
    "conduct.home",
    on=(
        Occasions("elder_neglect", rate="visits", trait=TRAIT, share=lambda p: shares(p.elder_neglect, "falling", 2), able=adults),
        Occasions("benefit_fraud", rate="claims", trait=TRAIT, share=lambda p: shares(p.benefit_fraud, "falling", 2), able=adults),
        Occasions("unpaid_bill", rate="bills", trait=TRAIT, share=lambda p: shares(p.unpaid_bill, "falling"), able=adults),
        Occasions("counterfeiting", rate="wares", trait=TRAIT, share=lambda p: shares(p.counterfeiting, "falling", 2), able=traders),
        Occasions("birth_plan_violation", rate="births", able=parents),
        Occasions("party_warning", rate="duties", trait=TRAIT, share=lambda p: shares(p.party_warning, "falling", 2), able=adults),
    ),
    params=Params,
    reads=(*ALIVE, "persons.status", "persons.education"),
    draws=("act",),
    emits=("acts",),
    quantities=tuple(f"conduct.{kind}" for kind in (*CAREFREE, "counterfeiting", "birth_plan_violation")),
)
def home(batch, cols, p, luck):
    """Some neglect parents, cheat on benefits, leave bills, sell counterfeits, or have a child more than the plan allows.

    Adults; counterfeits by the self-employed and farmers who have left school, births beyond the plan up to 50 full years. The occasion is met with
    its rate x the share x falling conscientiousness squared (bills: not squared; births: the rate alone). Who meets it acts; where `conduct.KIND` is
    below 1, only if the word `act` is below it. The cause is will.
    """
    return acts_of(batch, cols, luck, (*CAREFREE, "counterfeiting", "birth_plan_violation"))
