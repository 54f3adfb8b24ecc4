"""Platforms that keep score: who joins, shows, regrets and leaves, and what lenders make of it."""

from __future__ import annotations

from .arithmetic import WHOLE, between
from .cycle import Row, Step, modifier, step

KEPT = {
    "platform_data": ("capacity", "behaviour", "identity", "loyalty"), "platform_scores": ("score",), "platform_worth": ("worth", "full"),
    "platform_displays": ("shown",), "platform_moods": ("regrets",),
}  # fmt: skip
"""What the rows of each table tell of a member."""


@step("respond.membership")
def membership(s: Step) -> None:
    store = s.shelf("memberships")
    for table, columns in KEPT.items():
        for row in s.rows(table):
            held = store.find(row.subject, row.list)
            if held is not None:
                held.columns.update({name: row.columns[name] for name in columns})
    for row in s.rows("platform_exits"):
        held = store.find(row.subject, row.list)
        if held is not None:
            s.shelf("former_members").put(row, row.list, worth=held.worth, full=held.full)
            store.drop(held)
    for row in s.rows("platform_joins"):
        if store.find(row.subject, row.list) is None:
            store.put(row, row.list, since=s.month)


def mine(s: Step) -> list[Row]:
    return [held for held in s.shelf("memberships").all() if held.list == s.label]


def member_share(s: Step) -> int:
    """Give the share of living adults who are members of this platform, over 2^16."""
    adults = sum(s.living(i) for i in range(s.people))
    return min(len(mine(s)) * WHOLE // max(adults, 1), WHOLE)


@step("respond.platform_choice")
def platform_choice(s: Step) -> None:
    p, store = s.p, s.shelf("memberships")
    closing = int(p.closes) * member_share(s) // WHOLE
    for row in s.occasions("platform_offer"):
        i = row.subject
        if not s.living(i) or store.find(i, s.label) is not None or s.lasting("online", i) >= p.online[s.age_band(i)]:
            continue
        former, friends = s.shelf("former_members").find(i, s.label), [j for j, _ in s.ties("friends", i)]
        expected = int(p.hoped) + closing if former is None else former.worth + closing * former.worth // max(former.full, 1)
        cost = between(s.lasting("privacy", i), p.privacy_low, p.privacy_high)
        inside = sum(store.find(j, s.label) is not None for j in friends)
        if expected + int(p.proof) * inside // max(len(friends), 1) >= cost:
            s.emit("platform_joins", row, kind=0, list=s.label, cost=cost)
    for held in s.each("memberships"):
        if held.list != s.label or held.full <= 0:
            continue
        kept = closing * held.worth // held.full
        is_dead = not s.living(held.subject, 0)
        if is_dead or (held.worth - held.cost + kept < 0 and s.happens("leave", p.leaves, held)):
            s.emit("platform_exits", held, list=s.label)
        regrets = held.worth - held.cost - (closing - kept) < 0
        if not is_dead and regrets != bool(held.regrets):
            s.emit("platform_moods", held, list=s.label, regrets=regrets)


@modifier("outcome.platform_credit")
def platform_credit(s: Step, quantity: str, i: int) -> int:
    p, store = s.p, s.shelf("memberships")
    held = store.find(i, s.label)
    if not store.all():
        return WHOLE
    if held is None:
        return WHOLE - (WHOLE - int(p.outside)) * member_share(s) // WHOLE
    if held.score <= 0:
        return WHOLE
    return int(p.below if held.score < p.cut else p.accept if quantity == "credit.accept" else p.thin)
