"""Public contracts and loans of firms: rationed; who is barred is refused, and a rival gets the place."""

from __future__ import annotations

import numpy as np

from ...base.exact import places_this_month
from ...base.luck import ONE
from ...base.parameters import FACTOR_ONE, Parameters, duration, factor, yearly_rate
from ...engine.declare import Occasions, Store, mechanism
from ..common import ration, thinned
from ..firms import MARKET, in_business


class Params(Parameters):
    tenders = yearly_rate("bids for public contracts, per firm")
    contracts = factor("public contracts awarded", unit="contracts a month per 10000 firms")
    requests = yearly_rate("requests for a loan, per firm")
    loans = factor("most loans granted to firms", unit="loans a month per 10000 firms")
    memory = duration("months for which a refusal weakens a firm")


@mechanism(
    "outcome.firm_market",
    on=(Occasions("firm_tender", rate="tenders", of="firms"), Occasions("firm_loan", rate="requests", of="firms")),
    params=Params,
    reads=("firms.closed", "firms.size"),
    owns=(Store("firm_strains", {"until": "int16"}, {}, "Firms that were refused a contract or loan of late, by market", 8, "firms"),),
    draws=("admit", "order", "round"),
    emits=("firm_bids",),
    quantities=("firm.procurement", "firm.credit"),
    lagged=("firms.closed",),
)
def firm_market(batch, cols, p, luck):
    """Contracts and loans go to firms in keyed order, those preferred first; the barred are refused.

    Firms in business bid; first all for contracts, then all for loans. Refused is whose word `admit` is not below `firm.procurement` or `firm.credit` (at most
    1). Places go by the word `order` / that factor, where it is above 1, then by id; refused firms are passed over, and who has a place only for that has
    gained. Places of the month: those per 10,000 firms, the rest decided by the word `round` of the market's number. A refusal weakens the firm in that
    market until `memory` months from now.
    """
    made = []
    for name, rows, places in (("procurement", batch.firm_tender, p.contracts), ("credit", batch.firm_loan, p.loans)):
        at, market = np.flatnonzero(in_business(cols, rows.subject)), MARKET.code(name)
        if not len(at):
            continue
        factors, draw = cols.factor(f"firm.{name}", rows.subject[at]), luck.of(rows)
        blocked = ~draw.below("admit", thinned(ONE, factors), at)
        order = draw.words("order", at).astype(np.int64) * FACTOR_ONE // np.maximum(factors, FACTOR_ONE)
        capacity = places_this_month(places, len(cols.firms.size), luck.at("round", np.array([market]))[0])
        won, gained = ration(order, rows.id[at], blocked, capacity)
        refused = at[blocked]
        cols.stores.firm_strains.put(rows, refused, sub=market, until=cols.month + p.memory)
        made.append(rows.emit("firm_bids", parent=at, market=market, won=won, refused=blocked, gained=gained))
    return made
