"""Sensors, and the registries that admit, match and forget what they say."""

from __future__ import annotations

from scslab.mechanisms.kinds import CAUSE, FAULT, GROUND, KIND, SENSOR

from .arithmetic import NEVER, WHOLE, between, both, rising, thinned
from .cycle import Row, Step, step

MISATTRIBUTED, FABRICATED, MISLINKED = (FAULT.code(name) for name in ("misattributed", "fabricated", "mislinked"))


def is_there(s: Step, i: int) -> bool:
    """Tell whether a sensor is about where somebody lives: everywhere, or only where a ledger is kept."""
    return not s.p.where_kept or s.place("ledger", s.persons["place"][i]) == 1


def setting(s: Step, i: int) -> int:
    return s.world["places"]["urban"][s.persons["place"][i]]


def another_of_the_place(s: Step, i: int, row: Row) -> int:
    """Name another person of somebody's place, or nobody (-1)."""
    place = s.persons["place"][i]
    first = s.world["places"]["start"][place]
    return s.pick("victim", first, s.world["places"]["start"][place + 1] - first, row, i)


@step("observe.camera")
def camera(s: Step) -> None:
    p = s.p
    for act in s.rows("acts"):
        actor = act.subject
        in_view = int(p.coverage[setting(s, actor)]) if is_there(s, actor) else 0
        seen = s.happens("view", in_view, act) if p.form == "afresh" else s.lasting("ways", actor) < in_view
        if not (seen and s.happens("see", p.sensitivity, act)):
            continue
        is_wrong = s.happens("blame", p.misattribution, act)
        named = another_of_the_place(s, actor, act) if is_wrong else actor
        dropped = s.happens("look", p.look_drops_wrong if is_wrong else p.look_drops_right, act)
        if named >= 0 and not dropped:
            s.emit("observations", act, subject=named, sensor=SENSOR.code("camera"), true_actor=actor, fault=MISATTRIBUTED if is_wrong else 0)


@step("observe.police")
def police(s: Step) -> None:
    p = s.p
    for act in s.rows("acts"):
        about = int(p.coverage[setting(s, act.subject)]) if is_there(s, act.subject) else 0
        is_about = s.happens("view", about, act) if p.form == "afresh" else s.lasting("ways", act.subject) < about
        if is_about and s.happens("see", p.sensitivity[act.kind], act):
            s.emit("observations", act, sensor=SENSOR.code(p.sensor), true_actor=act.subject, fault=0)


@step("observe.platform_log")
def platform_log(s: Step) -> None:
    for act in s.rows("acts"):
        if s.happens("find", s.p.sensitivity[act.kind], act):
            s.emit("observations", act, sensor=SENSOR.code("platform"), true_actor=act.subject, fault=0)


@step("observe.self_report")
def self_report(s: Step) -> None:
    p, told = s.p, []
    for act in s.rows("acts"):
        if s.happens("report", p.reported[act.kind], act) and is_there(s, act.subject):
            is_claim = act.kind == KIND.code("false_claim")
            kind = KIND.code(p.claimed_as) if is_claim else act.kind
            fault = FABRICATED if is_claim else 0
            s.emit("observations", act, kind=kind, sensor=SENSOR.code("self_report"), true_actor=act.subject, fault=fault)
            told.append((act, is_claim))
    for act, is_claim in told:
        if not is_claim and s.happens("inflate", p.inflated, act):
            s.emit("observations", act, sensor=SENSOR.code("self_report"), true_actor=act.subject, fault=FABRICATED)


@step("observe.court_feed")
def court_feed(s: Step) -> None:
    p = s.p
    chosen = [CAUSE.code(name) for name in ("none", "will", "negligence", "pretext")]

    def believed_able(debt: Row) -> bool:
        limit = int(p.sees_ability if debt.cause in chosen else p.false_ability)
        return s.happens("able", limit, debt) if p.form == "afresh" else s.lasting("view", debt.id) < limit

    for debt in s.each("debts"):
        if debt.stage == 0:
            if s.month - debt.opened == p.months_to_suit and s.happens("sue", p.suit, debt):
                s.emit("judgments", debt, kind=KIND.code("missed_payment"), able=believed_able(debt))
            continue
        since = s.month - debt.judged - int(p.grace)
        is_looked_at = since == 0 if p.again >= NEVER else since >= 0 and since % max(int(p.again), 1) == 0
        if is_looked_at and s.happens("report", p.reported, debt):
            able, kind = believed_able(debt), "unperformed_judgment"
            if able and s.happens("apply", p.list_application, debt):
                kind = "refusal_to_perform"
            if s.happens("breach", p.breach_of_limits, debt):
                kind = "breach_of_limits"
            if able and s.happens("evade", p.evasion, debt):
                kind = "evasion"
            s.emit("observations", debt, kind=KIND.code(kind), sensor=SENSOR.code("court"), true_actor=debt.subject, fault=0)


LOW_BITS = 2**28


@step("record.local")
def local(s: Step) -> None:
    p, held = s.p, s.shelf("records_held")
    until = min(s.month + int(p.delay) + int(p.retention), NEVER)
    made_up, told = {FAULT.code(name) for name in ("fabricated", "tampered", "grudge")}, set()
    for seen in s.rows("observations"):
        if s.happens("admit", p.admission[seen.kind], seen):
            if seen.fault not in made_up:
                if (seen.subject, seen.kind, seen.parent) in told:
                    continue
                told.add((seen.subject, seen.kind, seen.parent))
            s.emit("records", seen, due=s.month + int(p.delay))
            if p.retention < NEVER or p.held:
                held.put(seen, seen.id % LOW_BITS, until=until)
            if p.retention < NEVER:
                s.emit("records_due", seen, due=until, record=seen.id, ground=GROUND.code("term_over"))
    gone = set()
    for table in ("records_due", "record_orders"):
        for order in s.rows(table):
            record = held.find(order.subject, order.record % LOW_BITS)
            if record is not None and record.id not in gone:
                gone.add(record.id)
                held.drop(record)
                s.emit("record_ends", order, kind=record.kind, carry=record)


@step("record.national")
def national(s: Step) -> None:
    p = s.p
    for record in s.rows("records"):
        if s.happens("miss", p.miss, record):
            continue
        i, is_wrong = record.subject, s.happens("mislink", p.mislink, record)
        if is_wrong:
            i = another_of_the_place(s, i, record) if p.among == "place" else s.pick("victim", 0, s.people, record, i)
        if i >= 0:
            s.emit("national_records", record, subject=i, due=s.month + int(p.delay), fault=MISLINKED if is_wrong else record.fault)


@step("record.enrolment")
def enrolment(s: Step) -> None:
    p, enrolled = s.p, s.cycle.state["persons.enrolled"]
    if s.month == s.cycle.start:
        for place in set(s.persons["place"]):
            s.cycle.state["places.ledger"][place] = int(s.lasting("places", place) < p.places)
    for record in s.rows("records"):
        i = record.subject
        if not enrolled[i] and s.month - s.persons["birth_month"][i] >= 12 * int(p.age_min):
            if s.lasting("places", s.persons["place"][i]) >= p.places:
                enrolled[i] = 3
            else:
                enrolled[i] = 1 if s.lasting("consent", i) < p.consent else 2


@step("observe.false_capture")
def false_capture(s: Step) -> None:
    for row in s.occasions("passing"):
        i = row.subject
        if s.living(i, 14) and s.happens("view", s.p.coverage[setting(s, i)], row):
            s.emit("observations", row, kind=KIND.code(s.p.named_as), sensor=SENSOR.code("camera"), true_actor=i, fault=FABRICATED)


@step("observe.agency")
def agency(s: Step) -> None:
    p = s.p
    for act in s.rows("acts"):
        i = act.subject
        chance = thinned(both(p.found[act.kind], p.reach[setting(s, i)]), s.factor("inspection.rate", i))
        if s.happens("find", chance, act):
            s.emit("observations", act, sensor=SENSOR.code(p.sensor), true_actor=i, fault=0)


def office(role: int) -> int:
    """Give 2 for an official, 1 for an officer of a firm, else 0."""
    return 2 if role & 1 else 1 if role & 2 else 0


@step("observe.nomination")
def nomination(s: Step) -> None:
    p = s.p
    for row in s.occasions("nomination"):
        i = row.subject
        if not s.living(i):
            continue
        merit = WHOLE - ((WHOLE - rising(s.persons["prosociality"][i])) * int(p.merit) >> 16)
        chance = both(thinned(int(p.named[office(s.persons["role"][i])]), merit), p.quintile[s.persons["quintile"][i]])
        if s.happens("choose", chance, row):
            s.emit("observations", row, sensor=SENSOR.code("inspection"), true_actor=i, fault=0, cause=0)


@step("observe.tampering")
def tampering(s: Step) -> None:
    p, erasable = s.p, {int(k) for k in s.p.erasable}
    for kind, by, erases in (("breach", 0, p.erases_outside), ("inside_job", 1, p.erases_inside)):
        for row in s.occasions(kind):
            i = row.subject
            if not s.living(i):
                continue
            if not s.happens("erase", erases, row):
                if len(p.forged):
                    forged = int(p.forged[between(s.word("kind", row), 0, len(p.forged) - 1)])
                    s.emit("observations", row, kind=forged, sensor=SENSOR.code(p.sensor), true_actor=i, fault=FAULT.code("tampered"))
                    s.emit("alterations", row, kind=forged, true_actor=i, fault=FAULT.code("tampered"), by=by, erased=0)
                continue
            for record in s.shelf("records_held").of(i):
                if record.kind in erasable:
                    s.emit("record_orders", row, kind=record.kind, record=record.id, ground=GROUND.code("erased"))
                    s.emit("alterations", row, kind=record.kind, carry=record, by=by, erased=1)
                    s.emit("erased_records", row, kind=record.kind, carry=record)


@step("record.merits")
def merits(s: Step) -> None:
    p, book = s.p, s.shelf("merit_book")
    last: dict[int, Row] = {}
    total: dict[int, int] = {}
    for record in s.rows("records"):
        i = record.subject
        if i not in total:
            held = book.find(i)
            total[i] = held.total if held is not None and held.year == s.month // 12 else 0
        total[i] += int(p.each[record.kind]) + min(record.amount * int(p.per_amount[record.kind]), 1_000_000)
        last[i] = record
    for i, record in last.items():
        book.put(record, total=min(total[i], 1_000_000), year=s.month // 12)
        s.emit("merits", record, total=min(total[i], 1_000_000))
