"""Firms close: some in any world; some because they were refused contracts or credit, or lost partners. Only the latter dismiss staff here.

The jobs that closing firms take with them in ordinary times are part of the society's job losses (`conduct.misfortune`), so they are not
counted twice. No firm is founded: what the survivors gain is a refused rival's contract or loan.
"""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import FACTOR_ONE, Parameters, duration, factor, probability, yearly_rate
from ...engine.declare import Column, Occasions, mechanism
from ..common import ALIVE, living, thinned
from ..firms import MARKET, SIZE, size_of
from ..kinds import BASIS, CAUSE, KIND

FIRM, JOB_LOSS, DISMISSAL, EMPLOYEE = BASIS.code("firm"), CAUSE.code("job_loss"), KIND.code("dismissal"), 1


class Params(Parameters):
    exits = yearly_rate("firms that close, by size", by=SIZE)
    refused = factor("multiplies that rate for a firm refused of late, by market", by=MARKET, neutral=FACTOR_ONE)
    partner_lost = factor("multiplies it for a firm that has lost a partner of late", neutral=FACTOR_ONE)
    memory = duration("months for which a lost partner weakens a firm")
    most = probability("highest chance a month that a firm closes")


@mechanism(
    "outcome.firm_survival",
    on=Occasions("firm_exit", rate="most", of="firms"),
    params=Params,
    reads=(*ALIVE, "persons.status", "persons.firm", "firms.size"),
    writes=(Column("firms.closed", "int16", NEVER, "month", "month in which the firm closed; 32767 = in business"),),
    stores=("firm_strains", "cut_ties"),
    emits=("firm_exits", "dismissals"),
)
def firm_survival(firms, cols, p, luck):
    """Some firms close, the refused and deserted more often; their staff lose their jobs.

    The word that screens for the highest chance `most` decides. The plain chance is that of the size; x `refused` for each market in which a refusal weakens
    the firm now, x `partner_lost` where a tie of it was cut less than `memory` months ago; each at most `most`. A firm in business whose word is below closes
    this month; forced, where the word is not below the plain chance. Then its living adult employees (of the start) are dismissed: kind dismissal,
    basis firm, cause job_loss.
    """
    who, word = firms.subject, firms.word
    plain = np.minimum(p.exits[size_of(cols, who)], p.most)
    raised, strains, cut = np.full(len(who), FACTOR_ONE, np.int64), cols.stores.firm_strains, cols.stores.cut_ties
    for market in range(len(MARKET)):
        at = strains.find(who, market)
        late = at >= 0
        late[late] = strains.until[at[late]] > cols.month
        raised[late] = raised[late] * p.refused[market] >> 16
    late = np.isin(who, cut.subject[cut.since > cols.month - p.memory])
    raised[late] = raised[late] * p.partner_lost >> 16
    closing = np.flatnonzero((word < np.minimum(thinned(plain, raised), p.most)) & (cols.firms.closed[who] > cols.month))
    forced = word[closing] >= plain[closing]
    cols.firms.closed[who[closing]] = cols.month
    made = [firms.emit("firm_exits", parent=closing, forced=forced)]
    place = np.full(len(cols.firms.size), -1, np.int64)
    place[who[closing[forced]]] = closing[forced]
    if forced.any():
        firm = cols.persons.firm
        staff = np.flatnonzero((firm >= 0) & (place[firm] >= 0) & (cols.persons.status == EMPLOYEE))
        staff = staff[living(cols, staff)]
        values = {"kind": DISMISSAL, "basis": FIRM, "cause": JOB_LOSS}
        made.append(firms.emit("dismissals", subject=staff, parent=place[firm[staff]], **values))
    return made
