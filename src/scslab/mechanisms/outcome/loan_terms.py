"""The price of loans: dearer for people under a measure, cheaper for the favoured. Whether a loan is granted is `outcome.credit`'s business."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, duration, share
from ...engine.declare import Rows, mechanism
from ..common import cut_to_int32, has_bit, masks, times
from ..kinds import BASIS, MEASURE

OWN, KIN = BASIS.code("own"), BASIS.code("kin")
DEARER, CHEAPER = MEASURE.code("loan_price"), MEASURE.code("cheaper_loan")
MONTHS = 12


class Params(Parameters):
    surcharge = share("interest a year that a loan costs more under the measure, as a share of the loan")
    discount = share("interest a year that a loan costs less with the perk, as a share of the loan")
    term = duration("months that loans run, on average")


@mechanism(
    "outcome.loan_terms",
    on=Rows("loans"),
    params=Params,
    stores=("burdens", "kin_burdens"),
    emits=("losses", "perk_uses"),
)
def loan_terms(loans, cols, p, luck):
    """Granted loans cost some borrowers more and others less, over their whole term at once.

    With `loan_price` among one's own measures, or else those of kin, a loan costs amount x term / 12 months (rounded down) x `surcharge` more: a loss, by own
    basis where there is one. With the perk `cheaper_loan` among one's own measures it costs as much x `discount` less: the use of a perk. Kind none.
    """
    got = np.flatnonzero(loans.granted > 0)
    who, amount = loans.subject[got], loans.amount[got].astype(np.int64)
    own, kin = masks(cols.stores.burdens, who), masks(cols.stores.kin_burdens, who)
    dear = np.flatnonzero(has_bit(own | kin, DEARER))
    cheap = np.flatnonzero(has_bit(own, CHEAPER))
    basis = np.where(has_bit(own[dear], DEARER), OWN, KIN)
    over = cut_to_int32(times(amount[dear] * p.term // MONTHS, p.surcharge))
    less = cut_to_int32(times(amount[cheap] * p.term // MONTHS, p.discount))
    return [
        loans.emit("losses", parent=got[dear], kind=0, measure=DEARER, basis=basis, amount=over),
        loans.emit("perk_uses", parent=got[cheap], kind=0, measure=CHEAPER, amount=less),
    ]
