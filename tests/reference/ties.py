"""Friendships that change: who drops whom, who meets whom, what others think somebody is worth."""

from __future__ import annotations

from scslab.mechanisms.ties import CHANGE

from .arithmetic import WHOLE, row_id, thinned
from .cycle import Row, Step, step

CUTS, MAKES, HIDES = (CHANGE.code(name) for name in ("cut", "made", "hidden"))
CUT, MADE, HIDDEN = 1, 2, 4


def friends_now(s: Step, i: int, shown: bool = False) -> list[int]:
    """List somebody's friends: those of the world that still are, then those made since, by number; `shown` leaves out what is hidden."""
    gone, changes = CUT | HIDDEN if shown else CUT, s.shelf("tie_changes")
    kept = [j for j, _ in s.ties("friends", i) if (tie := changes.find(i, j)) is None or not tie.state & gone]
    return kept + [tie.other for tie in changes.of(i) if tie.state & (gone | MADE) == MADE]


def of_two(i: int, j: int) -> int:
    """Number a pair alike from both ends."""
    return min(i, j) * 2**31 + max(i, j)


def standing(s: Step, i: int) -> int:
    """Tell how a person stands in the eyes of others."""
    p, points = s.p, int(s.p.start)
    if p.source == "ledger":
        stored = s.person("persons.score", i)
        points += min(0, stored + int(p.recovery) * s.month) if stored < 0 else stored
    elif p.source == "platform":
        member = s.shelf("memberships").find(i, s.cycle.labels[p.platform])
        points = member.score if member is not None and member.shown and member.score > 0 else points
    elif p.source == "stars":
        points = s.person("persons.stars", i) * 100 // WHOLE
    return points - int(p.listed) * s.person("persons.listed", i)


@step("respond.shunning")
def shunning(s: Step) -> None:
    p, store, stigma = s.p, s.shelf("shunned"), s.shelf("stigma")
    for held in s.each("stigma") if p.shuns else ():
        for friend in friends_now(s, held.subject):
            if s.living(friend) and s.word("shun", of_two(held.subject, friend)) < thinned(int(p.shuns), held.level):
                s.emit("tie_orders", held, kind=0, other=friend, change=CUTS)
                store.put(held, friend, other=friend)
    for old in s.each("shunned"):
        if stigma.find(old.subject) is not None or s.word("make_up", of_two(old.subject, old.other)) >= p.makes_up:
            continue
        store.drop(old)
        change = s.shelf("tie_changes").find(old.subject, old.other)
        if change is not None and change.state & CUT and s.living(old.subject, 0) and s.living(old.other, 0):
            s.emit("tie_orders", old, kind=0, other=old.other, change=MAKES)


@step("respond.tie_sorting")
def tie_sorting(s: Step) -> None:
    p = s.p
    for row in s.occasions("tie_review"):
        i = row.subject
        if not s.living(i):
            continue
        own, friends, hidden = standing(s, i), friends_now(s, i), []
        for friend in friends:
            height = own if p.burden == "lower" else int(p.start)
            if not s.living(friend) or height - standing(s, friend) <= p.gap:
                continue
            if s.word("cut", of_two(i, friend)) < p.cuts:
                s.emit("tie_orders", row, kind=0, other=friend, change=CUTS)
            elif s.word("hide", of_two(i, friend)) < p.hides:
                hidden.append(friend)
        for friend in hidden:
            s.emit("tie_orders", row, kind=0, other=friend, change=HIDES)
        found = sought(s, row, own, friends) if s.happens("seek", p.seeks, row) else -1
        if found >= 0:
            s.emit("tie_orders", row, kind=0, other=found, change=MAKES)


def sought(s: Step, row: Row, own: int, friends: list[int]) -> int:
    """Look at some persons of the place for a friend."""
    i, start, place = row.subject, s.world["places"]["start"], s.persons["place"][row.subject]
    for trial in range(int(s.p.tries)):
        key = Row("none", i, trial, row_id(i, s.month, trial), {})
        other = s.pick("whom", start[place], start[place + 1] - start[place], key, i)
        if other >= 0 and s.living(other) and abs(standing(s, other) - own) <= s.p.gap and other not in friends:
            return other
    return -1


@step("outcome.dating")
def dating(s: Step) -> None:
    p = s.p
    asked: dict[int, Row] = {}
    for row in s.queue("date_requests", p.everybody):
        asked.setdefault(row.subject, row)
    boosted = {i: standing(s, i) >= p.cut for i in asked}

    def words(i: int, j: int) -> int:
        tickets = max(int(p.boost), 1) if boosted[j] else 1
        return min(s.word("show", i * 2**31 + j, ticket) for ticket in range(tickets))

    for i, row in asked.items():
        s.emit("date_seekers", row, boosted=boosted[i])
        others = [j for j in asked if s.persons["place"][j] == s.persons["place"][i] and s.persons["sex"][j] != s.persons["sex"][i]]
        if not others:
            continue
        shown = min(others, key=lambda j, i=i: (words(i, j), j))
        agreed = abs(standing(s, i) - standing(s, shown)) <= p.gap
        s.emit("dates", row, subject=shown, other=i, boosted=boosted[shown], agreed=agreed)
        if agreed and s.happens("stick", p.sticks, row) and shown not in friends_now(s, i):
            s.emit("tie_orders", row, kind=0, other=shown, change=MAKES)


@step("outcome.ties")
def ties(s: Step) -> None:
    store, pairs = s.shelf("tie_changes"), {}
    for row in s.queue("tie_orders", s.p.everybody):
        pairs.setdefault((min(row.subject, row.other), max(row.subject, row.other)), []).append(row)
    for (i, j), rows in pairs.items():
        changes, held = {row.change for row in rows}, store.find(i, j)
        before = 0 if held is None else held.state
        if CUTS in changes:
            after = 0 if before & MADE else CUT
        elif HIDES in changes:
            after = before | HIDDEN
        else:
            after = 0 if before & CUT else before or MADE
        for one, other in ((i, j), (j, i)) if after != before else ():
            if after:
                store.put(rows[0], other, subject=one, other=other, state=after, since=s.month)
            else:
                store.drop(store.find(one, other))
