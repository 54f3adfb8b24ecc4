"""Who joins a platform that keeps score, and who leaves it: perks, privacy, friends, and what it costs to stay outside.

Joining is voluntary. But merchants close offers to those without a score as customers come to have one, so a person may join, and stay,
and yet wish that the platform had never come: that is regret. With nobody closing offers, whoever regrets leaves.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, probability, share, yearly_rate, yuan
from ...engine.declare import Each, Occasions, mechanism
from ..common import AGE, ALIVE, adults, age_band, between, lasting
from ..platforms import member_share, of_platform


class Params(Parameters):
    offers = yearly_rate("occasions at which a person may think of joining")
    online = share("share of people who use such platforms at all, by age", by=AGE)
    hoped = yuan("what people who think of joining expect its perks to be worth a month")
    proof = yuan("what it is worth a month to do as one's friends do, when all of them are members; persuasion, not a benefit")
    closes = yuan("what a person without any perk loses a month when every adult is a member, because offers close to outsiders")
    privacy_low = yuan("what being known to the platform costs a month the person who minds least")
    privacy_high = yuan("the same for the person who minds most")
    leaves = probability("chance a month that a member for whom it does not pay leaves")


@mechanism(
    "respond.platform_choice",
    on=(Occasions("platform_offer", rate="offers", able=adults), Each("memberships")),
    params=Params,
    reads=ALIVE,
    stores=("former_members",),
    networks=("friends",),
    draws=("online", "privacy", "leave"),
    emits=("platform_joins", "platform_exits", "platform_moods"),
    lagged=("memberships", "former_members"),
    of_all=True,
)
def platform_choice(batch, cols, p, luck):
    """People join when perks, friends and closing doors outweigh what being known costs them; members stay, regret or leave.

    `closing` is `closes` x the share of living adults who are members (at most 1, over 2^16), in whole yuan. An adult who meets the offer, is no member and
    whose lasting word `online` is below the share of the age, expects `hoped` + closing; a former member expects the worth known + closing x worth / full (full
    at least 1). Being known costs what the lasting word `privacy` spreads over privacy_low..privacy_high. A person joins when what is expected, and `proof` x
    friends of the world inside / all friends, are the cost or more. Members of whom a full worth above 0 is known: closing x worth / full is kept. Who would
    have more outside (worth - cost + kept < 0) leaves when the word `leave` of the membership is below the chance; the dead leave. A member regrets when
    worth - cost - (closing - kept) < 0; a living one for whom that has changed says so. All quotients are rounded down.
    """
    closing = p.closes * member_share(cols) // FACTOR_ONE
    made = []
    if len(batch.platform_offer):
        made.append(_join(batch.platform_offer, closing, cols, p, luck))
    if len(batch.memberships):
        made += _stay(batch.memberships, closing, cols, p, luck)
    return made


def _join(rows, closing, cols, p, luck):
    """Let those join whom it seems to pay: a share of adults never uses such platforms, and everybody minds differently."""
    store, friends = cols.stores.memberships, cols.networks.friends
    member = np.zeros(cols.people, np.uint8)  # looked up by person, which is faster than searching the store for every friend
    member[store.subject[store.list == cols.label]] = 1
    at = np.flatnonzero(member[rows.subject] == 0)
    at = at[lasting(luck, "online", rows.subject[at]) < p.online[age_band(cols, rows.subject[at])]]
    who = rows.subject[at]
    cost = between(lasting(luck, "privacy", who), p.privacy_low, p.privacy_high)
    proof = p.proof * friends.sum(who, member) // np.maximum(friends.degree(who), 1)
    pays = _expected(who, closing, cols, p) + proof >= cost
    return rows.emit("platform_joins", parent=at[pays], kind=0, list=cols.label, cost=cost[pays])


def _expected(who, closing, cols, p):
    """Give what people expect of joining: the perks they hope for and every door kept open; who has been inside knows better."""
    expected = np.full(len(who), p.hoped + closing, np.int64)
    former = cols.stores.former_members
    at = former.find(who, cols.label)
    left = np.flatnonzero(at >= 0)
    worth, full = former.worth[at[left]].astype(np.int64), former.full[at[left]].astype(np.int64)
    expected[left] = worth + closing * worth // np.maximum(full, 1)
    return expected


def _stay(rows, closing, cols, p, luck):
    """Compare being inside with leaving (who leaves loses all that closed) and with a world without the platform."""
    at = of_platform(rows, cols)
    at = at[rows.full[at] > 0]
    worth, full, cost = (getattr(rows, name)[at].astype(np.int64) for name in ("worth", "full", "cost"))
    alike = len(at) and full.min() == full.max()  # as a rule; a division by one number is several times as fast
    kept = closing * worth // (full[0] if alike else full)
    gain = worth - cost + kept
    regrets = gain < closing
    dead = cols.persons.death_month[rows.subject[at]] <= cols.month
    off = at[gain < 0]
    gone = np.union1d(off[luck.of(rows).below("leave", p.leaves, off)], at[dead])
    turned = at[(regrets != (rows.regrets[at] > 0)) & ~dead]
    moods = rows.emit("platform_moods", parent=turned, list=cols.label, regrets=1 - rows.regrets[turned].astype(np.int64))
    return [rows.emit("platform_exits", parent=gone, list=cols.label), moods]
