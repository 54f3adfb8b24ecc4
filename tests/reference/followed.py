"""What follows from tips, stops, matches, tokens and scores that other files of the reference make."""

from __future__ import annotations

from scslab.mechanisms.kinds import FAULT, TRUST
from scslab.mechanisms.tables_registry import MATCH

from .cycle import Step, step
from .platforms import mine
from .ties import CUTS, friends_now
from .wanting import show


@step("respond.mistrust")
def mistrust(s: Step) -> None:
    p = s.p
    for row in s.rows("upheld_tips"):
        friends = friends_now(s, row.subject)
        if row.first and p.reported:
            s.emit("trust_events", row, channel=TRUST.code("denounced"), weight=p.reported)
        for friend in friends if row.first and p.heard else ():
            if s.living(friend):
                s.emit("trust_events", row, subject=friend, kind=0, channel=TRUST.code("suspicion"), weight=p.heard)
        if s.happens("learn", p.found_out, row) and row.reporter in friends:
            s.emit("tie_orders", row, kind=0, other=row.reporter, change=CUTS)


@step("respond.redeeming")
def redeeming(s: Step) -> None:
    costs, wants = ([int(n) for n in numbers] for _, numbers in (s.p.costs, s.p.wants))
    for held in s.each("tokens"):
        left = held.balance
        for good in sorted(range(len(costs)), key=lambda g: (-costs[g], g)):
            if 0 < costs[good] <= left and s.word("want", held, good) < wants[good]:
                left -= costs[good]
                s.emit("redemptions", held, kind=0, points=costs[good], good=good)


@step("respond.stopped")
def stopped(s: Step) -> None:
    for row in s.rows("alerts"):
        if row.stopped and row.fault != FAULT.code("sound") and s.p.moves:
            s.emit("trust_events", row, kind=0, channel=TRUST.code("wrongful"), weight=s.p.moves)


@step("outcome.file_sharing")
def file_sharing(s: Step) -> None:
    for row in s.rows("matches") if s.p.parties else ():
        if row.match != MATCH.code("none"):
            show(s, row, 1, int(s.p.parties), "sharing")


@step("respond.platform_display")
def platform_display(s: Step) -> None:
    hidden = [held.score for held in mine(s) if held.score > 0 and not held.shown]
    believed = sum(hidden) // len(hidden) if hidden else 0
    for held in mine(s):
        shows = held.score > 0 and held.score >= believed + int(s.p.modesty)
        if shows != bool(held.shown):
            s.emit("platform_displays", held, list=s.label, shown=shows)
