"""Employers who fear for their own grade look at lists: they dismiss listed employees, and employees whose kin are listed.

Hiring is screened by `respond.hiring_screen`; what every employer does without ratings is in `outcome.work`.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, names, probability
from ...engine.declare import Rows, mechanism
from ..common import ALIVE, living
from ..firms import SIZE, in_business, size_of
from ..kinds import BASIS, CAUSE, KIND, RELATION

DISMISSAL, JOB_LOSS, EMPLOYEE = KIND.code("dismissal"), CAUSE.code("job_loss"), 1
OWN, KIN = BASIS.code("own"), BASIS.code("kin")


class Params(Parameters):
    lists = names("lists of persons that employers look at")
    looks = probability("chance that an employer looks at a new list, by size", by=SIZE)
    own = probability("chance that a listed employee is dismissed for it")
    kin = probability("chance that an employee is dismissed for a listed relative, by what the relative is", by=RELATION, partial=0)


@mechanism(
    "respond.staff_screening",
    on=Rows("listings"),
    params=Params,
    reads=(*ALIVE, "persons.status", "persons.firm", "firms.size", "firms.closed"),
    networks=("kin",),
    draws=("look", "own", "kin"),
    emits=("dismissals",),
)
def staff_screening(listings, cols, p, luck):
    """A new listing reaches the jobs of the listed and of their kin, where employers look.

    Of listings on lists that employers look at: the listed person, when the word `own` is below the chance; and each relative, when the word `kin` of
    relative << 31 | listed is below that of what the listed person is to the relative. Dismissed is who is a living adult, an employee of a firm in
    business (at the start), and whose firm looks: the word `look` of firm << 12 is below the chance of its size. One row a person and basis, by the first
    listing: kind dismissal, cause job_loss.
    """
    at = np.flatnonzero(np.isin(listings.list, cols.codes(p.lists)))
    own = at[luck.below("own", p.own, at)]
    source, relative, _ = cols.networks.kin.expand(listings.subject[at])
    back, listed, relation = cols.networks.kin.expand(relative)  # what the listed person is to the relative
    mine = listed == listings.subject[at][source][back]
    back, relation = back[mine], relation[mine]
    back, first = np.unique(back, return_index=True)
    source, relative, relation = source[back], relative[back], relation[first]
    hit = luck.at("kin", relative << 31 | listings.subject[at][source]) < p.kin[relation]
    made = []
    for who, parent, basis in ((listings.subject[own], own, OWN), (relative[hit], at[source[hit]], KIN)):
        kept = np.flatnonzero(_employed(cols, who) & _looks(cols, who, p, luck))
        kept = kept[np.unique(who[kept], return_index=True)[1]]
        values = {"kind": DISMISSAL, "basis": basis, "cause": JOB_LOSS}
        made.append(listings.emit("dismissals", subject=who[kept], parent=parent[kept], **values))
    return made


def _employed(cols, who):
    """Tell who works for a firm in business."""
    firm = cols.persons.firm[who]
    works = (firm >= 0) & (cols.persons.status[who] == EMPLOYEE) & living(cols, who)
    works[works] = in_business(cols, firm[works])
    return works


def _looks(cols, who, p, luck):
    """Tell whose employer looks at lists; who has none does not matter."""
    firm = np.maximum(cols.persons.firm[who], 0)
    return luck.at("look", firm.astype(np.int64) << 12) < p.looks[size_of(cols, firm)]
