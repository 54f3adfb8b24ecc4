"""Firms: breaches that last, work for the files, bids, closing, and what all that brings upon customers and staff."""

from __future__ import annotations

from scslab.mechanisms.firms import BREACH, MARKET
from scslab.mechanisms.kinds import BASIS, CAUSE, FAULT, FIRM_BREACHES, KIND

from .arithmetic import CERTAIN, WHOLE, between, both, falling, places_this_month, thinned
from .cycle import Row, Step, step

EMPLOYEE = 1
MOST_HARMED = 200
DISMISSAL = KIND.code("dismissal")


def in_business(s: Step, firm: int) -> bool:
    return s.person("firms.closed", firm) > s.month


def size_of(s: Step, firm: int) -> int:
    return sum(s.world["firms"]["size"][firm] >= least for least in (10, 100, 1000))


def breach_of(kind: int) -> int:
    return BREACH.code(KIND.names[kind])


def carelessness(s: Step, firm: int) -> int:
    officer = s.world["firms"]["officer"][firm]
    return falling(s.persons["conscientiousness"][officer]) if officer >= 0 else 0


@step("conduct.firm_breaches")
def firm_breaches(s: Step) -> None:
    p, store, over = s.p, s.shelf("open_breaches"), {}
    for held in s.each("open_breaches"):
        if s.happens("end", p.ends[breach_of(held.kind)], held) or not in_business(s, held.subject):
            over[held.id] = held
    for row in s.rows("firm_findings"):
        held = store.find(row.subject, breach_of(row.kind))
        if held is not None and row.fault == FAULT.code("sound") and row.true_firm == row.subject:
            over[held.id] = held
    for held in over.values():
        store.drop(held)
    for name in FIRM_BREACHES:
        breach = BREACH.code(name)
        for row in s.occasions(name):
            firm, held = row.subject, store.find(row.subject, breach)
            if not in_business(s, firm) or (held is not None and held.id not in over):
                continue
            chance = both(p.by_sector[breach][s.world["firms"]["sector"][firm]], p.by_size[breach][size_of(s, firm)])
            share = int(p.by_officer[breach])
            chance = both(chance, CERTAIN - share + thinned(share, carelessness(s, firm)))
            if s.happens("act", thinned(chance, s.factor("firm.breach", firm)), row):
                cause = CAUSE.code("will" if s.happens("meant", p.wilful[breach], row) else "negligence")
                store.put(row, breach, since=s.month, cause=cause)
                s.emit("firm_acts", row, cause=cause)


@step("outcome.compliance")
def compliance(s: Step) -> None:
    p, visits = s.p, s.rows("firm_visits")
    for row in s.occasions("firm_month"):
        firm = row.subject
        if in_business(s, firm):
            factor, size = int(p.by_ownership[s.world["firms"]["ownership"][firm]]), size_of(s, firm)
            number = sum(visit.subject == firm for visit in visits)
            more = number * 12 * int(p.visit[size]) * factor >> 16
            s.emit("firm_hours", row, amount=(int(p.files[size]) * factor >> 16) + more, visits=more)


@step("outcome.consumer_loss")
def consumer_loss(s: Step) -> None:
    p, start = s.p, s.world["places"]["start"]
    for held in s.each("open_breaches"):
        firm = held.subject
        expected = s.world["firms"]["size"][firm] * int(p.harmed[breach_of(held.kind)])
        if not expected or not in_business(s, firm):
            continue
        number = expected // WHOLE + (expected % WHOLE > s.word("rest", held) >> 15)
        place = s.world["firms"]["place"][firm]
        for customer in range(min(number, MOST_HARMED)):
            key = Row("none", firm, held.kind, held.id + customer, {})
            who = s.pick("who", start[place], start[place + 1] - start[place], key, -1)
            if who >= 0 and s.living(who):
                s.emit("harms", held, subject=who, amount=between(s.word("loss", key), p.loss_low, p.loss_high), firm=firm)


@step("outcome.firm_market")
def firm_market(s: Step) -> None:
    p, firms = s.p, len(s.world["firms"]["size"])
    for name, kind, places in (("procurement", "firm_tender", p.contracts), ("credit", "firm_loan", p.loans)):
        market = MARKET.code(name)
        bids = [row for row in s.occasions(kind) if in_business(s, row.subject)]
        factors = {row.id: s.factor(f"firm.{name}", row.subject) for row in bids}
        refused = {row.id: not s.happens("admit", thinned(CERTAIN, factors[row.id]), row) for row in bids}
        capacity = places_this_month(places, firms, s.word("round", market))
        left = capacity
        for number, row in enumerate(sorted(bids, key=lambda r, f=factors: (s.word("order", r) * WHOLE // max(f[r.id], WHOLE), r.id))):
            won = not refused[row.id] and left > 0
            left -= won
            if refused[row.id]:
                s.shelf("firm_strains").put(row, market, until=s.month + int(p.memory))
            s.emit("firm_bids", row, market=market, won=won, refused=refused[row.id], gained=won and number >= capacity)


@step("outcome.firm_survival")
def firm_survival(s: Step) -> None:
    p, closed = s.p, s.cycle.state["firms.closed"]
    for row in s.occasions("firm_exit"):
        firm, word = row.subject, s.screened(row)
        plain, raised = min(int(p.exits[size_of(s, firm)]), int(p.most)), WHOLE
        for market in range(len(MARKET.names)):
            strain = s.shelf("firm_strains").find(firm, market)
            if strain is not None and strain.until > s.month:
                raised = raised * int(p.refused[market]) >> 16
        if any(cut.since > s.month - int(p.memory) for cut in s.shelf("cut_ties").of(firm)):
            raised = raised * int(p.partner_lost) >> 16
        if closed[firm] <= s.month or word >= min(thinned(plain, raised), int(p.most)):
            continue
        closed[firm] = s.month
        s.emit("firm_exits", row, forced=word >= plain)
        for i in range(s.people) if word >= plain else ():
            if s.persons["firm"][i] == firm and s.persons["status"][i] == EMPLOYEE and s.living(i):
                s.emit("dismissals", row, subject=i, kind=DISMISSAL, basis=BASIS.code("firm"), cause=CAUSE.code("job_loss"))


@step("respond.staff_screening")
def staff_screening(s: Step) -> None:
    p, lists = s.p, {s.cycle.labels[name] for name in s.p.lists if name in s.cycle.labels}
    told: set[tuple[int, str]] = set()

    def dismiss(row: Row, i: int, basis: str) -> None:
        firm = s.persons["firm"][i]
        works = firm >= 0 and s.persons["status"][i] == EMPLOYEE and s.living(i) and in_business(s, firm)
        if works and (i, basis) not in told and s.word("look", firm * 4096) < p.looks[size_of(s, firm)]:
            told.add((i, basis))
            s.emit("dismissals", row, subject=i, kind=DISMISSAL, basis=BASIS.code(basis), cause=CAUSE.code("job_loss"))

    for row in s.rows("listings"):
        if row.list not in lists:
            continue
        if s.happens("own", p.own, row):
            dismiss(row, row.subject, "own")
        for relative, _ in s.ties("kin", row.subject):
            is_to = next((relation for j, relation in s.ties("kin", relative) if j == row.subject), None)
            if is_to is not None and s.word("kin", relative * 2**31 + row.subject) < p.kin[is_to]:
                dismiss(row, relative, "kin")
