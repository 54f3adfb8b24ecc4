"""Notice, objection, appeal, repair, correction, expiry, and the register that owns the listings."""

from __future__ import annotations

from scslab.mechanisms.kinds import BASIS, CAUSE, CHANNEL, EXCUSED, FAULT, GROUND

from .arithmetic import CERTAIN, NEVER, between, both
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


@step("review.amnesty")
def amnesty(s: Step) -> None:
    p, kinds = s.p, {int(k) for k in s.p.kinds}
    if not p.every or s.month // 12 % int(p.every):
        return
    for listing in s.each_every("listings", 12):
        if listing.list == s.label and listing.kind in kinds and s.month - listing.since >= p.oldest:
            s.emit("removals", listing, ground=GROUND.code("amnesty"), entry=listing.id)


@step("review.audit")
def audit(s: Step) -> None:
    p, kinds, forged = s.p, {int(k) for k in s.p.kinds}, (FAULT.code("fabricated"), FAULT.code("tampered"))
    for held in s.each("records_held"):
        if held.kind not in kinds or not s.happens("audit", p.audited, held) or s.lasting("opaque", held.id) < p.opaque:
            continue
        if s.evidence("find", held.fault in forged, p.finds, p.false_finds, held):
            s.emit("record_orders", held, record=held.id, ground=GROUND.code("restored"), due=s.month + int(p.delay))
            s.emit("audit_finds", held)
            if s.happens("trace", p.traced, held):
                s.emit("exposures", held, due=s.month + int(p.delay))


@step("review.context")
def context(s: Step) -> None:
    p, causes = s.p, {int(c) for c in s.p.causes}
    for entry in s.rows("entries"):
        i = entry.subject
        proves = s.lasting("papers", i) < p.proves if entry.cause in causes else s.lasting("false_papers", i) < p.false_proof
        if proves and s.lasting("claim", i) < p.claims:
            s.emit("removals", entry, ground=GROUND.code("unable"), entry=entry.id)


@step("review.credit_repair")
def credit_repair(s: Step) -> None:
    p = s.p
    for listing in s.rows("listings"):
        word, left, months = s.word("repair", listing), CERTAIN, 0
        while months < 240 and p.repaired and word >= CERTAIN - left:
            left -= left * int(p.repaired) >> 31
            months += 1
        if p.repaired and word < CERTAIN - left and months + int(p.after) <= 240:
            due = listing.month + months + int(p.after)
            s.emit("removals", listing, ground=GROUND.code("repaired"), entry=listing.parent, due=due)


@step("review.discretion")
def discretion(s: Step) -> None:
    p = s.p
    named, loose = {int(k) for k in p.kinds}, {int(k) for k in p.stretches}
    for record in s.rows("records"):
        i, is_named = record.subject, record.kind in named
        if not (is_named or record.kind in loose) or not s.living(i, int(p.age_min)):
            continue
        if not is_named and not s.happens("stretch", both(p.discretion, p.stretched), record):
            continue
        tariff = int(p.tariff[record.kind] if is_named else p.stretch_months)
        role = s.persons["role"][i]
        by_office = CERTAIN - int(p.let_off_office[2 if role & 1 else 1 if role & 2 else 0])
        by_means = CERTAIN - int(p.let_off_quintile[s.persons["quintile"][i]])
        months = 0
        if not s.happens("off", both(p.discretion, CERTAIN - both(by_office, by_means)), record):
            word = s.word("view", record) if p.form == "act" else s.lasting("view", s.persons["place"][i])
            fit, free = between(word, 0, 2 * tariff), int(p.discretion)
            months = (CERTAIN - free) * tariff + free * fit + CERTAIN // 2 >> 31
        s.emit("rulings", record, list=s.label, months=months, stretched=not is_named)
        if months and s.shelf("listings").find(i, s.label) is None:
            s.emit("entries", record, list=s.label, until=s.month + months)
        elif months:
            s.emit("extensions", record, list=s.label, months=months)


@step("review.grace")
def grace(s: Step) -> None:
    done = s.shelf("last_performance")
    performed = s.rows("performances")
    for row in performed:
        done.put(row, month=s.month)
    now = {row.subject for row in performed}
    for entry in s.rows("entries"):
        i, held = entry.subject, done.find(entry.subject)
        last = s.month if i in now else held.columns["month"] if held is not None else -1
        if last >= entry.month and not any(debt.stage == 1 for debt in s.shelf("debts").of(i)):
            s.emit("removals", entry, ground=GROUND.code("performed"), entry=entry.id)


@step("review.human_review")
def human_review(s: Step) -> None:
    p = s.p
    for entry in s.rows("entries"):
        if s.evidence("strike", is_unsound(entry), p.drops_wrong, p.drops_right, entry) and s.happens("look", p.looked_at, entry):
            s.emit("removals", entry, ground=GROUND.code("corrected"), entry=entry.id)


@step("review.propagation")
def propagation(s: Step) -> None:
    p, due = s.p, s.month + int(s.p.delay)
    undone = [GROUND.code(name) for name in ("overturned", "corrected", "restored")]
    ends, copies = s.rows("record_ends"), s.rows("copy_ends")
    rest = s.shelf("records_held" if p.fed_by == "registry" else "national_copies")
    for end in ends if p.fed_by == "registry" else copies:
        listing = s.shelf("listings").find(end.subject, s.label)
        if listing is None or end.ground not in undone or listing.kind != end.kind or any(h.kind == end.kind for h in rest.of(end.subject)):
            continue
        if s.happens("down", p.down, end):
            s.emit("removals", end, list=s.label, ground=GROUND.code("corrected"), entry=listing.id, due=due)
    for removal in s.rows("removals"):
        if removal.ground in undone and s.happens("up", p.up, removal):
            s.emit("copy_orders", removal, due=due)


@step("review.score_reset")
def score_reset(s: Step) -> None:
    for end in s.rows("listing_ends"):
        s.emit("score_orders", end, points=s.p.score)
