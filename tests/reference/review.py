"""Notice, objection, appeal, repair, correction, expiry, and the register that owns the listings."""

from __future__ import annotations

from scslab.mechanisms.kinds import BASIS, CAUSE, CHANNEL, EXCUSED, FAULT, GROUND

from .arithmetic import NEVER
from .cycle import Row, Step, first_of_each, step

EXCUSES = [CAUSE.code(name) for name in EXCUSED]


def is_unsound(row: Row) -> bool:
    return row.fault != FAULT.code("sound")


@step("review.notice")
def notice(s: Step) -> None:
    for entry in s.rows("entries"):
        if s.shelf("listings").find(entry.subject, s.label) is None and s.happens("tell", s.p.told, entry):
            s.emit("notices", entry, channel=CHANNEL.code("notice"), entry=entry.id, due=s.month + int(s.p.delay))


@step("review.objection")
def objection(s: Step) -> None:
    p = s.p
    for table in ("notices", "inquiries"):
        for row in s.rows(table):
            files = s.evidence("file", is_unsound(row), p.files_if_wrong, p.files_if_right, row)
            if files and s.happens("access", p.access, row):
                s.emit("appeals", row, body=s.code(p.body), due=s.month + int(p.delay))


@step("review.appeal_body")
def appeal_body(s: Step) -> None:
    p = s.p
    for appeal in s.queue("appeals", int(p.capacity)):
        is_wrong = s.evidence("overturn", is_unsound(appeal), p.overturns_wrong, p.overturns_right, appeal)
        is_excused = bool(p.hears_excuses) and not is_wrong and s.evidence("excuse", appeal.cause in EXCUSES, p.sees_excuse, p.false_excuse, appeal)
        due = s.month + int(p.delay)
        s.emit("decisions", appeal, granted=is_wrong or is_excused, due=due)
        if is_wrong or is_excused:
            s.emit("removals", appeal, ground=GROUND.code("overturned" if is_wrong else "unable"), due=due)
        elif p.next_body and s.happens("go_on", p.goes_on, appeal):
            s.emit("appeals", appeal, body=s.code(p.next_body), due=due)


@step("review.repair")
def repair(s: Step) -> None:
    p = s.p
    for performed in s.rows("performances"):
        i = performed.subject
        listing = s.shelf("listings").find(i, s.label)
        if listing is None or any(debt.stage == 1 for debt in s.shelf("debts").of(i)):
            continue
        if s.happens("delete", p.deleted[listing.kind], performed):
            due = s.month + int(p.delay) + (int(p.lateness) if s.happens("late", p.late, performed) else 0)
            s.emit("removals", performed, list=s.label, ground=GROUND.code("performed"), entry=listing.id, due=due)


@step("review.unable")
def unable(s: Step) -> None:
    p, kinds = s.p, {int(k) for k in s.p.kinds}
    for listing in s.each_every("listings", 6):
        if listing.list == s.label and listing.kind in kinds and s.happens("search", p.searched, listing):
            cannot = listing.cause in EXCUSES
            if all(s.evidence(draw, cannot, p.finds, p.false_finds, listing) for draw in ("first", "second")):
                s.emit("removals", listing, list=s.label, ground=GROUND.code("unable"), entry=listing.id)


@step("review.deaths")
def deaths(s: Step) -> None:
    for listing in s.each("listings"):
        if s.persons["death_month"][listing.subject] <= s.month:
            s.emit("removals", listing, ground=GROUND.code("died"), entry=0)


@step("review.inquiry")
def inquiry(s: Step) -> None:
    for refusal in first_of_each([r for r in s.rows("refusals") if r.basis == BASIS.code("own")]):
        if s.happens("ask", s.p.asks, refusal):
            for listing in s.shelf("listings").of(refusal.subject):
                s.emit("inquiries", refusal, kind=listing.kind, carry=listing, list=listing.list, entry=listing.id)


@step("review.correction")
def correction(s: Step) -> None:
    p = s.p
    for record in s.rows("records"):
        if not s.happens("tell", p.told, record):
            continue
        if not s.evidence("file", is_unsound(record), p.files_if_wrong, p.files_if_right, record):
            continue
        if s.evidence("grant", is_unsound(record), p.grants_wrong, p.grants_right, record):
            s.emit("record_orders", record, record=record.parent, ground=GROUND.code("corrected"), due=s.month + int(p.delay))


@step("review.register")
def register(s: Step) -> None:
    store, listed, gone = s.shelf("listings"), s.cycle.state["persons.listed"], set()

    def end(row: Row, listing: Row, ground: int) -> None:
        gone.add((listing.subject, listing.list))
        store.drop(listing)
        listed[listing.subject] -= 1
        s.emit("listing_ends", row, kind=listing.kind, carry=listing, list=listing.list, ground=ground, since=listing.since)

    removals = s.rows("removals")
    for order in removals:
        listing = store.find(order.subject, order.list)
        if listing is not None and (order.subject, order.list) not in gone and order.entry in (0, listing.id):
            end(order, listing, order.ground)
    for reminder in s.rows("expiries"):
        listing = store.find(reminder.subject, reminder.list)
        if listing is not None and (reminder.subject, reminder.list) not in gone and listing.until <= s.month:
            end(reminder, listing, GROUND.code("term_over"))
    longer: dict[tuple[int, int], int] = {}
    for order in s.rows("extensions"):
        key = order.subject, order.list
        listing = store.find(*key)
        if listing is not None and key not in gone:
            longer[key] = min(longer.get(key, listing.until) + order.months, NEVER)
            s.emit("expiries", order, list=order.list, due=longer[key])
    for key, until in longer.items():
        store.held[key].columns["until"] = until
    struck, entered = {order.entry for order in removals}, set()
    for entry in s.rows("entries"):
        key = entry.subject, entry.list
        if entry.id in struck or key in entered:
            continue
        entered.add(key)
        if store.find(*key) is not None and key not in gone:
            continue
        store.put(entry, entry.list, since=s.month)
        listed[entry.subject] += 1
        s.emit("listings", entry)
        if entry.until < NEVER:
            s.emit("expiries", entry, due=entry.until)


@step("review.memory")
def memory(s: Step) -> None:
    for end in s.rows("listing_ends"):
        s.shelf("former_listings").put(end, end.list, ended=s.month)
