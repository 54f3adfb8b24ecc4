"""Payment under pressure: debtors who are listed or restricted for a debt, or whose relatives are for their sake, try harder to pay.

What presses is that the debtor is on a list of names for a debt, and that measures rest on it: each counts once, on however many lists
the same debt stands and however many agencies act on them. Lists without a debt behind them (praise, licences, trades) do not press.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, factor, names
from ...engine.declare import Modifies, mechanism
from ..common import among, root_list
from ..wrongfulness import DEBT_KINDS


class Params(Parameters):
    orders = names("lists that are orders to one debtor and no lists of names: they press by their measures only", default=())
    listed = factor("multiplies the will to pay of a debtor who is on a list of names for a debt, once for all such lists; 1 = no change")
    restricted = factor("multiplies it again when a list or order for a debt brings measures on the debtor, once for all; 1 = no change")
    kin_restricted = factor("multiplies it again when a relative is under a measure for the debtor's sake, so that kin help; 1 = no change")


@mechanism(
    "respond.payment_under_pressure",
    on=Modifies(("payment.will",)),
    params=Params,
    stores=("listings", "burdens", "kin_burdens"),
    networks=("kin",),
)
def payment_under_pressure(quantity, subjects, cols, p):
    """Debtors who are listed or restricted for a debt, or whose relatives are restricted for it, try harder to pay.

    A listing is for a debt when its kind is missed_payment, unperformed_judgment, refusal_to_perform, evasion or breach_of_limits. `listed` once,
    when the person is in such a listing of a list that is none of `orders`; then `restricted` once, when a row of burdens with a measure of the
    person's own (mask) rests on such a listing, orders included, whichever agency carries it out; then `kin_restricted` once, when a row of burdens
    that reaches kin (spill) rests on one and a relative has a row of kin_burdens whose source is the person. Each product is cut to a whole number over 2^16.
    """
    result = np.full(len(subjects), FACTOR_ONE, np.int64)
    listings, burdens, kin = cols.stores.listings, cols.stores.burdens, cols.stores.kin_burdens
    if not len(listings):
        return result
    source, at = listings.of(subjects)
    named = among(listings.kind[at], DEBT_KINDS) & ~np.isin(listings.list[at], cols.codes(p.orders))
    _press(result, source[named], p.listed)
    source, at = burdens.of(subjects)
    _press(result, source[(burdens.mask[at] != 0) & _for_debt(listings, burdens, at)], p.restricted)
    own = np.unique(source[(burdens.spill[at] != 0) & _for_debt(listings, burdens, at)])
    if p.kin_restricted != FACTOR_ONE and len(kin) and len(own):
        debtor, relative, _ = cols.networks.kin.expand(subjects[own])
        of, row = kin.of(relative)
        _press(result, own[debtor[of[kin.source[row] == subjects[own][debtor[of]]]]], p.kin_restricted)
    return result


def _press(result, at, more):
    """Multiply the will of those at these positions, each once."""
    at = np.unique(at)
    result[at] = result[at] * more >> 16


def _for_debt(listings, burdens, at):
    """Tell which burdens rest on a listing for a debt, whoever carries them out."""
    found = listings.find(burdens.subject[at], root_list(burdens.list[at]))
    for_debt = found >= 0
    for_debt[for_debt] = among(listings.kind[found[for_debt]], DEBT_KINDS)
    return for_debt
