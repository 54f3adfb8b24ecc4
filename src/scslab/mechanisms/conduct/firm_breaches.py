"""Breaches of firms: they begin, last until found or ended, and nobody sees them unless somebody looks.

The store `open_breaches` is truth: what firms do at this moment. Sensors read it; institutions cannot.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import Parameters, probability, share, yearly_rate
from ...engine.declare import Each, Occasions, Rows, Store, mechanism
from ..common import falling, thinned, times
from ..firms import BREACH, SECTOR, SIZE, breach_of, in_business, size_of
from ..kinds import CAUSE, FAULT, FIRM_BREACHES

WILL, NEGLIGENCE, SOUND = CAUSE.code("will"), CAUSE.code("negligence"), FAULT.code("sound")


class Params(Parameters):
    firm_filing = yearly_rate("late or missing filings, per firm most at risk")
    firm_tax = yearly_rate("taxes not paid, per firm most at risk")
    firm_pollution = yearly_rate("pollution beyond the limits, per firm most at risk")
    firm_goods = yearly_rate("unsafe goods, per firm most at risk")
    firm_counterfeit = yearly_rate("counterfeits, per firm most at risk")
    firm_wages = yearly_rate("wages not paid, per firm most at risk")
    firm_report = yearly_rate("missing annual reports and addresses at which nobody is found, per firm most at risk")
    firm_debt = yearly_rate("judgments not performed, per firm most at risk")
    by_sector = share("that rate by sector, as a share of the highest", by=(BREACH, SECTOR), partial=1)
    by_size = share("that rate by size, as a share of the highest", by=(BREACH, SIZE), partial=1)
    by_officer = share("how much of that rate depends on how careless the officer is", by=BREACH)
    wilful = share("share of breaches that are meant", by=BREACH)
    ends = probability("chance a month that a breach ends by itself", by=BREACH)


@mechanism(
    "conduct.firm_breaches",
    on=(*(Occasions(kind, rate=kind, of="firms") for kind in FIRM_BREACHES), Rows("firm_findings"), Each("open_breaches")),
    params=Params,
    reads=("firms.size", "firms.sector", "firms.officer", "firms.closed", "persons.conscientiousness"),
    owns=(
        Store(
            "open_breaches", {}, {"kind": "uint8", "since": "int16", "cause": "uint8"}, "Breaches of firms that last, seen or not", 8, "firms"
        ),
    ),
    draws=("act", "meant", "end"),
    emits=("firm_acts",),
    quantities=("firm.breach",),
)
def firm_breaches(batch, cols, p, luck):
    """Firms breach their duties, the careless officers' more often; a breach lasts until it is found or ends by itself.

    First, of the breaches that last: one ends by itself when the word `end` of its row is below the chance, or its firm has closed, or it was found: a sound
    finding about the firm whose breach it was. Then, kind by kind, a firm in business that meets the occasion and has no such breach (one that has just ended
    does not count) begins one when the word `act` is below `by_sector` x `by_size` x (1 - `by_officer` + `by_officer` x falling conscientiousness of the
    officer; a firm without one as one whose officer is the most conscientious) x `firm.breach`. Its cause is will when the word `meant` is below
    `wilful`, else negligence; it is held with the row of the occasion. Sizes: 10, 100 and 1,000 persons make a firm small, medium, large.
    """
    store, made = cols.stores.open_breaches, []
    over = _over(batch, store, cols, p, luck)
    store.drop(over)
    for name in FIRM_BREACHES:
        rows = getattr(batch, name)
        if not len(rows):
            continue
        held = store.find(rows.subject, breach_of(rows.kind))
        at = np.flatnonzero(in_business(cols, rows.subject) & ((held < 0) | np.isin(held, over)))
        at = at[luck.of(rows).below("act", _chance(cols, rows.subject[at], BREACH.code(name), p), at)]
        cause = np.where(luck.of(rows).below("meant", p.wilful[BREACH.code(name)], at), WILL, NEGLIGENCE)
        store.put(rows, at, sub=BREACH.code(name), since=cols.month, cause=cause)
        made.append(rows.emit("firm_acts", parent=at, cause=cause))
    return made


def _over(batch, store, cols, p, luck):
    """List the breaches that were found, have ended by themselves, or were those of firms that have closed."""
    old, found = batch.open_breaches, batch.firm_findings
    ended = np.empty(0, np.int64)
    if len(old):
        ended = old.at[luck.of(old).below("end", p.ends[breach_of(old.kind)]) | ~in_business(cols, old.subject)]
    right = np.flatnonzero((found.fault == SOUND) & (found.true_firm == found.subject))
    at = store.find(found.subject[right], breach_of(found.kind[right]))
    return np.union1d(ended, at[at >= 0])


def _chance(cols, firms, breach, p):
    """Give each firm's chance among those that the occasion has screened."""
    officer = cols.firms.officer[firms]
    careless = np.where(officer >= 0, falling(cols.persons.conscientiousness[officer]), 0)
    chance = times(p.by_sector[breach][cols.firms.sector[firms]], p.by_size[breach][size_of(cols, firms)])
    chance = times(chance, ONE - p.by_officer[breach] + thinned(p.by_officer[breach], careless))
    return thinned(chance, cols.factor("firm.breach", firms))
