"""How people adapt: what they know, what they fear, and what they do less or more of."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

from scslab.mechanisms.kinds import KIND

from .arithmetic import CERTAIN, WHOLE, rising
from .cycle import Row, Step, first_of_each, modifier, step

DEBT = ("missed_payment", "unperformed_judgment", "refusal_to_perform", "evasion", "breach_of_limits")
LISTS = 2**10 - 1
"""The bits of the number of a list."""


def is_aware(s: Step, i: int) -> bool:
    return s.person("persons.aware", i) > 1


@step("respond.experience")
def experience(s: Step) -> None:
    store, done = s.shelf("experienced"), set()
    for table in ("notices", "refusals", "measures"):
        for row in s.rows(table):
            if s.happens("learn", s.p.learns, row) and row.subject not in done and store.find(row.subject) is None:
                done.add(row.subject)
                store.put(row, since=s.month)


@step("respond.awareness")
def awareness(s: Step) -> None:
    aware = s.cycle.state["persons.aware"]
    for i in range(s.people):
        aware[i] = 1 | (2 if s.lasting("hearsay", i) < s.p.share else 0) | (4 if s.shelf("experienced").find(i) else 0)


@step("respond.risk")
def risk(s: Step) -> None:
    p, store = s.p, s.shelf("perceived_risk")
    for held in s.each("perceived_risk"):
        held.columns["risk"] = held.risk * (WHOLE - int(p.decay)) >> 16
        if held.risk < 64:
            store.drop(held)
    own = [s.rows(table) for table in ("listings", "penalties", "notices")]
    news = s.rows("news")
    events = [*own, news if p.form == "neighbours" else []]
    for i in sorted({row.subject for rows in events for row in rows}):
        held = store.find(i)
        value = held.risk if held is not None else 0
        for rows, share in (([row for table in own for row in table], int(p.own)), (events[3], int(p.heard))):
            for _ in range(min(sum(row.subject == i for row in rows), 8)):
                value += (WHOLE - value) * share >> 16
        if value >= 64:
            store.put(next(row for rows in events for row in rows if row.subject == i), risk=value)
    if p.form == "neighbours" and p.heard:
        for rows in own:
            for network in ("kin", "friends"):
                for row in first_of_each(rows):
                    for near, _ in s.ties(network, row.subject):
                        s.emit("news", row, subject=near, kind=0)


@modifier("respond.payment_under_pressure")
def payment_under_pressure(s: Step, quantity: str, i: int) -> int:
    p, listings = s.p, s.shelf("listings")
    orders = {s.cycle.labels[name] for name in p.orders if name in s.cycle.labels}

    def is_for_debt(number: int) -> bool:
        held = listings.find(i, number & LISTS)  # above stands the agency that carries it out
        return held is not None and KIND.names[held.kind] in DEBT

    burdens = [row for row in s.shelf("burdens").of(i) if is_for_debt(row.list)]
    named = any(KIND.names[row.kind] in DEBT and row.list not in orders for row in listings.of(i))
    spilled = any(row.spill for row in burdens)
    for_me = spilled and any(row.source == i for j, _ in s.ties("kin", i) for row in s.shelf("kin_burdens").of(j))
    result = WHOLE
    for holds, more in ((named, p.listed), (any(row.mask for row in burdens), p.restricted), (for_me, p.kin_restricted)):
        result = result * int(more) >> 16 if holds else result
    return result


@modifier("respond.repair_volunteering")
def repair_volunteering(s: Step, quantity: str, i: int) -> int:
    stored = s.person("persons.score", i)
    is_low = stored < 0 and stored + int(s.p.recovery) * s.month <= -max(int(s.p.below), 1)
    return int(s.p.more) if is_low and is_aware(s, i) else WHOLE


@modifier("respond.deterrence")
def deterrence(s: Step, quantity: str, i: int) -> int:
    p = s.p
    if KIND.code(quantity.partition(".")[2]) not in {int(k) for k in p.kinds}:
        return WHOLE
    perceived = int(p.known) if is_aware(s, i) else 0
    held = s.shelf("perceived_risk").find(i)
    if held is not None:
        perceived = max(perceived, held.risk)
    perceived = max(0, min(perceived, WHOLE))
    if p.form == "cutoff":
        return 0 if int(p.strength) * perceived >> 16 > rising(s.persons["boldness"][i]) else WHOLE
    if p.form == "gain":
        return max(WHOLE - (int(p.strength) * perceived >> 16), 0)
    with localcontext() as exact:
        exact.prec = 40
        return int((-(Decimal(int(p.strength)) / WHOLE) * (perceived // 256) / 256).exp() * WHOLE)


@modifier("respond.self_censorship")
def self_censorship(s: Step, quantity: str, i: int) -> int:
    """Find the best act by trying every act that can be best: tolerated, desired, and where gain and risk balance."""
    p = s.p
    if p.severity == 0 or KIND.code(quantity.partition(".")[2]) not in {int(k) for k in p.kinds} or not is_aware(s, i):
        return WHOLE
    desired = Fraction(s.persons["outspokenness"][i], 255)
    bold = Fraction(s.persons["boldness"][i] * int(p.boldest), 255 * WHOLE)
    tolerated, watched = Fraction(int(p.tolerance), CERTAIN), Fraction(int(p.surveillance), CERTAIN)
    severity = Fraction(int(p.severity), WHOLE)
    if desired <= tolerated:
        return WHOLE

    def worth(act: Fraction) -> Fraction:
        seen = watched + (1 - watched) * act
        penalty = severity if p.form == "flat" else severity * (act - tolerated)
        return bold * act - (seen * penalty if act > tolerated else 0)

    acts = [tolerated, desired]
    if p.form == "proportional" and watched < 1:
        balance = (tolerated + (bold - watched * severity) / ((1 - watched) * severity)) / 2
        acts += [balance] if tolerated < balance < desired else []
    best = max(acts, key=lambda act: (worth(act), -act))
    return int(best / desired * WHOLE)


__all__ = ["Row"]
