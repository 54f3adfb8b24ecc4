"""The burden on a neutral group and on everybody else: person-months under measures, listings, by root. Switched on by a rule."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, names
from ...engine.declare import Each, Rows, Sweep, mechanism
from ..common import ALIVE, among, first_rows, living, masks
from ..kinds import KIND, MEASURE, PERKS
from ..wrongfulness import WRONG, is_praise, wrong_class

MEMBER = 8
PERK_BITS = int(sum(1 << MEASURE.code(name) for name in PERKS))
LAWFUL, PROTECTED = WRONG.codes(("W5a", "W5b")), WRONG.codes(("W5a",))


class Params(Parameters):
    kinds = names("kinds of acts that are counted for members and for others", KIND, codes=True)


@mechanism(
    "measure.group_burden",
    on=(Rows("listings"), Rows("acts", kinds="kinds"), Rows("custom_reports"), Each("burdens"), Sweep()),
    params=Params,
    reads=(*ALIVE, "persons.role"),
    tallies=("group_people", "group_burden", "group_listed", "group_acts", "group_listed_lawful", "group_listed_protected", "group_listings", "group_reports",
             "group_reports_false"),
)  # fmt: skip
def group_burden(batch, cols, p, luck):
    """Count people, months under measures, listings and acts, of members and of others."""
    everybody, made = batch.everybody, []
    who = np.arange(everybody.lo, everybody.hi)
    made += _split(everybody, "group_people", who[living(cols, who)], cols)
    held, new, acts, reports = batch.burdens, batch.listings, batch.acts, batch.custom_reports
    if len(held):
        who = held.subject[first_rows(held.subject)]
        made += _split(held, "group_burden", who[masks(cols.stores.burdens, who) & ~PERK_BITS != 0], cols)
    if len(new):
        bad = np.flatnonzero(~is_praise(new))
        wrong = wrong_class(new)[bad]
        made += _split(new, "group_listed", new.subject[bad], cols)
        made += [new.tally("group_listings", bad), new.tally("group_listed_lawful", bad[among(wrong, LAWFUL)])]
        made.append(new.tally("group_listed_protected", bad[among(wrong, PROTECTED)]))
    if len(acts):
        made += _split(acts, "group_acts", acts.subject, cols)
    if len(reports):
        made += [reports.tally("group_reports"), reports.tally("group_reports_false", reports.false > 0)]
    return made


def _split(rows, name, who, cols):
    """Count members and others."""
    member = cols.persons.role[who] & MEMBER > 0
    return [rows.tally_of(f"{name}.member", who[member]), rows.tally_of(f"{name}.other", who[~member])]
