"""Outcomes about lending: losses and prices. Access is in the core: loans per 100 applicants, and to people without a file."""

from __future__ import annotations

from .declare import Outcome

OUTCOMES = (
    Outcome("loan_failures", "loans that will not be repaid", "per 100 loans", ("loans_failed",), form="ratio", denominator=("loans_paid_out",), per=100.0,
            note="by will or negligence; illness and lost work make arrears of their own; counted when the loan is made"),
    Outcome("loan_losses", "lent to borrowers who will not repay", "yuan per 100 yuan lent", ("failed_yuan",), form="ratio", denominator=("lent_yuan",),
            per=100.0, events=("loans_failed",), note="before anything is recovered"),
    Outcome("loan_price", "interest where a score sets it", "percent a year", ("interest_yuan",), "level", "ratio", ("priced_yuan",), 100.0,
            events=("loans_paid_out",), note="by group: who pays more; partial equilibrium: the price moves nobody's decision to borrow"),
)  # fmt: skip
