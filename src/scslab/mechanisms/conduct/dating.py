"""Who looks for a partner through a dating service: adults without a partner, of the ages that use one."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, share, yearly_rate
from ...engine.declare import Occasions, mechanism, table
from ..common import AGE, ALIVE, acting, adults, age_band
from ..kinds import RELATION

PARTNER = RELATION.code("partner")
DATE_REQUESTS = table("date_requests", {}, {}, "Somebody looks for a partner through a dating service.")


class Params(Parameters):
    wishes = yearly_rate("months with a look at a dating service, of single people of the age that looks most")
    wishes_by_age = share("that rate by age, as a share of the highest", by=AGE)


@mechanism(
    "conduct.dating",
    on=Occasions("dating_wish", rate="wishes", able=adults),
    params=Params,
    reads=(*ALIVE, "persons.wed_month", "persons.divorce_month", "persons.wed_partner"),
    networks=("kin",),
    draws=("act",),
    emits=("date_requests",),
    quantities=("conduct.dating_wish",),
)
def dating(rows, cols, p, luck):
    """Adults without a partner look for one through a dating service.

    A partner is a living one: of the start, until a divorce that does not come after the own wedding; or the one wed since, until a divorce after it. The
    chance is `wishes_by_age` x `conduct.dating_wish`; the word `act` decides.
    """
    at = np.flatnonzero(~has_partner(cols, rows.subject))
    at = acting(rows, cols, luck, "conduct.dating_wish", p.wishes_by_age[age_band(cols, rows.subject[at])], at)
    return rows.emit("date_requests", parent=at)


def has_partner(cols, who):
    """Tell who has a living partner: one of the start or one wed since, until the divorce from that one."""
    persons, month = cols.persons, cols.month
    wed, parted = persons.wed_month[who], persons.divorce_month[who]
    source, other, relation = cols.networks.kin.expand(who)
    stays = (month < parted) | (parted > wed)  # a divorce after a wedding is from whom the person wed
    together = (relation == PARTNER) & (persons.death_month[other] > month) & stays[source]
    found = np.zeros(len(who), bool)
    found[source[together]] = True
    late = np.flatnonzero((wed <= month) & ((month < parted) | (parted <= wed)))
    found[late] |= persons.death_month[persons.wed_partner[who[late]]] > month
    return found
