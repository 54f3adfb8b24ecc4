"""How life goes on: debts, payments, work, trips, loans, posts, places at school, trust."""

from __future__ import annotations

from scslab.mechanisms.kinds import BASIS, CAUSE, FAULT, GROUND, KIND, MEASURE, PAYMENT, PERKS, TRUST

from .arithmetic import CERTAIN, NEVER, WHOLE, between, both, cut_money, falling, places_this_month, row_id, thinned
from .cycle import Row, Step, first_of_each, modifier, step

OWN, KIN = BASIS.code("own"), BASIS.code("kin")
EMPLOYEE, PUBLIC_SECTOR, UNEMPLOYED = 1, 4, 5


@step("outcome.debts")
def debts(s: Step) -> None:
    p, book, gone = s.p, s.shelf("debts"), {}

    def named(row: Row, else_oldest: bool = True) -> Row | None:
        mine = book.of(row.subject)
        found = next((debt for debt in mine if debt.id == row.parent), None)
        return found or (mine[0] if mine and else_oldest else None)

    new = s.rows("debts")
    for judgment in s.rows("judgments"):
        debt = named(judgment)
        if debt is not None:
            debt.columns.update(stage=1, judged=s.month)
    paid: dict[int, tuple[Row, int, Row]] = {}
    for payment in s.rows("payments"):
        debt = named(payment)
        if debt is not None:
            paid[debt.id] = debt, paid.get(debt.id, (debt, 0, payment))[1] + payment.amount, payment
    for debt, amount, last in paid.values():
        left = max(debt.amount - amount, 0)
        if left > p.small:
            debt.columns["amount"] = left
            continue
        gone[debt.id] = debt
        if debt.stage == 1:
            s.emit("performances", last, kind=debt.kind, amount=debt.amount)
    for reminder in s.rows("write_offs"):
        debt = named(reminder, else_oldest=False)
        if debt is not None:
            gone[debt.id] = debt
    for debt in gone.values():
        book.drop(debt)
    number: dict[int, int] = {}
    for row in new:
        count = number[row.subject] = number.get(row.subject, -1) + 1
        book.put(row, (s.month * 16 + min(count, 15)) % 65536, opened=s.month, stage=0, judged=0)
        if p.write_off < NEVER:
            s.emit("write_offs", row, due=s.month + int(p.write_off), ground=GROUND.code("unable"))


@step("outcome.repayment")
def repayment(s: Step) -> None:
    p = s.p
    willing = [CAUSE.code(name) for name in ("will", "negligence", "pretext")]
    for debt in s.each("debts"):
        i = debt.subject
        if s.persons["death_month"][i] <= s.month:
            s.emit("write_offs", debt, ground=GROUND.code("died"))
            continue
        if not s.living(i, 0):
            continue
        chance = thinned(int(p.pays[debt.cause][debt.stage]), s.factor("payment.need", i))
        raised = thinned(chance, s.factor("payment.will", i)) if debt.cause in willing else chance
        word = s.word("pay", debt)
        if word < raised:
            ground = PAYMENT.code("voluntary" if word < chance else "under_pressure")
            amount = debt.amount if s.happens("full", p.in_full, debt) else (debt.amount + 1) // 2
            s.emit("payments", debt, amount=amount, ground=ground)


@modifier("outcome.hardship")
def hardship(s: Step, quantity: str, i: int) -> int:
    return int(s.p.jobless) if s.shelf("jobless").find(i) is not None else WHOLE


@step("outcome.work")
def work(s: Step) -> None:
    p, store, begun = s.p, s.shelf("jobless"), s.shelf("work_begun")
    status = s.persons["status"]
    for held in s.each("jobless"):
        i = held.subject
        is_dead = s.persons["death_month"][i] <= s.month
        chance = thinned(int(p.finds), int(p.listed)) if s.person("persons.listed", i) else int(p.finds)
        finds = s.happens("find", thinned(chance, s.factor("work.find", i)), held)
        if finds and not is_dead:
            s.emit("jobs", held, kind=KIND.code("job_loss"), gained=1)
        if finds or is_dead:
            store.drop(held)
    for job in s.rows("jobs"):
        held = store.find(job.subject)
        if held is not None:
            store.drop(held)
    is_first = begun.find(0) is None
    if is_first:
        for i in range(s.people):
            if status[i] == UNEMPLOYED and s.living(i) and s.left_school(i):
                store.put(s.announced(i), since=s.month, cause=CAUSE.code("job_loss"))
        begun.put(s.announced(0))
    taken = set()

    def lose(row: Row) -> None:
        i = row.subject
        if s.living(i) and s.left_school(i) and i not in taken and store.find(i) is None:
            taken.add(i)
            store.put(row, since=s.month, cause=CAUSE.code("job_loss"))
            s.emit("jobs", row, gained=0, cause=CAUSE.code("job_loss"))

    for row in s.rows("shocks"):
        if status[row.subject] in (1, 2, 3, 4):
            lose(row)
    for row in s.rows("measures"):
        is_barred = row.measure == MEASURE.code("public_job") and row.basis == OWN and status[row.subject] == PUBLIC_SECTOR
        if is_barred and s.happens("barred", p.barred_from_post, row):
            lose(row)
    for row in s.rows("listings"):
        if status[row.subject] in ([EMPLOYEE] if is_first else [EMPLOYEE, UNEMPLOYED]) and s.happens("screened", p.screened_out, row):
            lose(row)
    for row in s.rows("dismissals"):
        if status[row.subject] in (1, 2, 3, 4):
            lose(row)


def borne(s: Step, store: str, i: int) -> int:
    """Join the measures of a person over all lists."""
    mask = 0
    for held in s.shelf(store).of(i):
        mask |= held.mask
    return mask


def barred(s: Step, i: int, measure: str) -> int | None:
    """Tell on which basis a measure bars somebody: own before kin; None where it does not."""
    code = MEASURE.code(measure)
    if borne(s, "burdens", i) >> code & 1:
        return OWN
    return KIN if borne(s, "kin_burdens", i) >> code & 1 else None


@step("outcome.travel")
def travel(s: Step) -> None:
    p = s.p
    for name, kind, measure in (("air", "air_trip", "air"), ("rail", "rail_trip", "high_speed_rail")):
        code, done = KIND.code(kind), set()
        for store, basis in (("burdens", OWN), ("kin_burdens", KIN)):
            for held in first_of_each(s.each(store)):
                i = held.subject
                if i in done or not s.living(i) or not borne(s, store, i) >> MEASURE.code(measure) & 1:
                    continue
                done.add(i)
                trip = row_id(i, s.month, code)
                wishes = both(getattr(p, name)[s.persons["quintile"][i]], getattr(p, f"{name}_insists"))
                if s.word(name, trip) >= wishes:
                    continue
                tries = 1
                while tries < 8 and s.word(f"again_{name}", trip, tries) < p.again:
                    tries += 1
                for _ in range(tries):
                    s.emit("refusals", held, kind=code, measure=MEASURE.code(measure), basis=basis)


@step("outcome.trust")
def trust(s: Step) -> None:
    p, moved = s.p, s.shelf("trust_moved")
    measures, listings, notices = s.rows("measures"), s.rows("listings"), s.rows("notices")
    perks, shaming = {MEASURE.code(name) for name in PERKS}, MEASURE.code("shaming")
    sanctions = [row for row in measures if row.measure not in perks and row.measure != shaming]
    channels = (
        ("perk", [row for row in measures if row.measure in perks]),
        ("shaming", [row for row in measures if row.measure == shaming]),
        ("own_sanction", [row for row in sanctions if row.basis == OWN]),
        ("kin_sanction", [row for row in sanctions if row.basis != OWN]),
        ("wrongful", [row for row in listings if row.fault != FAULT.code("sound") or row.true_actor != row.subject]),
        ("notice", notices),
    )
    for name, rows in channels:
        channel = TRUST.code(name)
        if not p.weights[channel]:
            continue
        if p.form == "first":
            rows = [row for row in first_of_each(rows) if moved.find(row.subject, channel) is None]
            for row in rows:
                moved.put(row, channel)
        for row in rows:
            s.emit("trust_events", row, channel=channel, weight=p.weights[channel])


@step("outcome.privacy")
def privacy(s: Step) -> None:
    for table, parties in (("records", s.p.record), ("listings", s.p.listing), ("measures", s.p.measure)):
        for row in s.rows(table):
            if parties:
                s.emit("disclosures", row, parties=parties)


def rationed(s: Step, asked: list[Row], bars: dict[int, int | None], capacity: int) -> tuple[set[int], set[int]]:
    """Give places in keyed order; a barred applicant's place goes to the next. Give the ids of those placed, and of those placed only for that."""
    placed, gained = set(), set()
    for number, row in enumerate(sorted(asked, key=lambda r: (s.word("order", r), r.id))):
        if bars[row.id] is None and len(placed) < capacity:
            placed.add(row.id)
            if number >= capacity:
                gained.add(row.id)
    return placed, gained


@step("outcome.public_jobs")
def public_jobs(s: Step) -> None:
    asked = s.rows("post_requests")
    bars = {row.id: barred(s, row.subject, "public_job") for row in asked}
    placed, gained = rationed(s, asked, bars, places_this_month(s.p.posts, s.people, s.word("round", 0)))
    refuse_and_place(s, asked, bars, gained, "public_job")
    for row in asked:
        if row.id in placed:
            s.emit("jobs", row, gained=1, cause=0)


def refuse_and_place(s: Step, asked: list[Row], bars: dict[int, int | None], gained: set[int], measure: str) -> None:
    for row in asked:
        basis = bars[row.id]
        if basis is not None:
            s.emit("refusals", row, measure=MEASURE.code(measure), basis=basis)
        if row.id in gained:
            s.emit("gains", row, measure=MEASURE.code(measure))


@step("outcome.school")
def school(s: Step) -> None:
    asked = s.rows("school_requests")
    bars = {row.id: barred(s, row.subject, "private_school") for row in asked}
    _, gained = rationed(s, asked, bars, places_this_month(s.p.places, s.people, s.word("round", 0)))
    refuse_and_place(s, asked, bars, gained, "private_school")


@step("outcome.credit")
def credit(s: Step) -> None:
    p, bureau = s.p, s.shelf("bureau")
    asked, new_debts = s.rows("loan_requests"), s.rows("debts")
    fit, bars, known, scored, thin = [], {}, {}, {}, {}
    for row in asked:
        i, file = row.subject, bureau.find(row.subject)
        known[row.id] = file is not None
        is_bad = bool(s.shelf("debts").of(i)) or (file is not None and file.until > s.month)
        is_thin = thin[row.id] = file is None and s.persons["means"][i] * 2**23 < p.thin
        may = not is_thin or s.happens("thin", thinned(int(p.accepts_thin), s.factor("credit.thin", i)), row)
        takes = not is_bad and may
        score = s.shelf("credit_scores").find(i)
        scored[row.id] = 0
        if p.looks_at == "none":
            takes = True
        elif p.looks_at == "score" and score is not None and score.columns["month"] == s.month:
            takes, scored[row.id] = bool(score.fit), score.rate
        if takes and s.happens("accept", thinned(int(p.accepts), s.factor("credit.accept", i)), row):
            fit.append(row)
        bars[row.id] = barred(s, i, "credit")
    placed, gained = rationed(s, fit, bars, places_this_month(p.loans, s.people, s.word("round", 0)))
    for row in asked:
        s.emit("loans", row, granted=row.id in placed, thin=thin[row.id])
    refuse_and_place(s, asked, bars, gained, "credit")
    opened = set()
    for row in asked:
        if row.id not in placed:
            continue
        if not known[row.id] and row.subject not in opened:
            opened.add(row.subject)
            bureau.put(row, until=0)
        pay_out(s, row, scored[row.id])
    for row in {row.subject: row for row in new_debts}.values():
        bureau.put(row, until=s.month + int(p.memory))


def pay_out(s: Step, row: Row, rate: int) -> None:
    """Pay out a loan; some go bad later, by will or negligence."""
    p = s.p
    careless = falling(s.persons["conscientiousness"][row.subject])
    forgets = thinned(int(p.default_by_negligence), careless)
    word = s.word("default", row)
    fails = word < min(forgets + thinned(int(p.default_by_will), careless), CERTAIN)
    cause = CAUSE.code("negligence" if word < forgets else "will") if fails else 0
    s.emit("lent", row, rate=rate, cause=cause)
    if fails:
        due = s.month + between(s.word("when", row), 1, max(int(p.term), 1))
        for table in ("acts", "debts"):
            s.emit(table, row, kind=KIND.code("missed_payment"), due=due, cause=cause, amount=cut_money(row.amount))


@step("outcome.doors")
def doors(s: Step) -> None:
    p, perks, minors = s.p, {MEASURE.code(name) for name in PERKS}, {int(m) for m in s.p.of_minors}
    for store, basis in (("burdens", OWN), ("kin_burdens", KIN)):
        for held in first_of_each(s.each(store)):
            i = held.subject
            mask = borne(s, store, i) & ~(borne(s, "burdens", i) if basis == KIN else 0)
            for measure in range(62):
                if not mask >> measure & 1 or not s.living(i, 0) or (s.age(i) < 18) != (measure in minors):
                    continue
                limit = both(p.occasions[measure], p.exposure[measure][s.persons["quintile"][i]])
                if s.word("meet", row_id(i, s.month, 0), measure) >= limit:
                    continue
                amount = cut_money(int(p.cost[measure]) + both(s.persons["income"][i] // 12, p.of_income[measure]))
                if measure in perks:
                    s.emit("perk_uses", held, kind=0, measure=measure, amount=amount)
                else:
                    s.emit("refusals", held, kind=0, measure=measure, basis=basis)
                    s.emit("losses", held, kind=0, measure=measure, basis=basis, amount=amount)


@step("outcome.strain")
def strain(s: Step) -> None:
    store = s.shelf("strain")
    losses = s.rows("losses")
    lost: dict[int, int] = {}
    for row in losses:
        lost[row.subject] = lost.get(row.subject, 0) + row.amount
    for held in s.each("strain"):
        held.columns["amount"] = held.amount * (WHOLE - int(s.p.fades)) >> 16
        if held.amount < 10:
            store.drop(held)
    for row in first_of_each(losses):
        held = store.find(row.subject)
        store.put(row, amount=cut_money(lost[row.subject] + (0 if held is None else held.amount)))


@modifier("outcome.strained_debtors")
def strained_debtors(s: Step, quantity: str, i: int) -> int:
    held = s.shelf("strain").find(i)
    if held is None or not s.p.weight:
        return WHOLE
    part = min(held.amount * WHOLE // max(s.persons["income"][i], 1), WHOLE)
    return max(WHOLE - (part * int(s.p.weight) >> 16), int(s.p.floor))


@step("outcome.survey")
def survey(s: Step) -> None:
    p = s.p
    perks = sum(1 << MEASURE.code(name) for name in PERKS)
    if s.month % 12 != 5:
        return
    for i in range(s.people):
        band = s.age_band(i)
        if not s.living(i) or s.lasting("online", i) >= p.online[band] or s.word("ask", i * 4096 + s.month) >= p.asked:
            continue
        mask = borne(s, "burdens", i)
        shift = int(p.by_education[s.persons["education"][i]]) + int(p.by_quintile[s.persons["quintile"][i]]) + int(p.by_age[band])
        shift += (int(p.perk) if mask & perks else 0) + (int(p.restricted) if mask & ~perks else 0)
        chance = max(0, min(int(p.approves) + shift * 2**15, CERTAIN))
        is_told = s.shelf("informed").find(i) is not None or s.lasting("tell", i) < p.told
        chance = thinned(chance, int(p.informed)) if is_told else chance
        word = s.lasting("view", i)
        against = CERTAIN - both(CERTAIN - chance, p.disapproves)
        private = 2 if word < chance else 0 if word >= against else 1
        stated = 2 if s.lasting("hide", i) < p.says_so else private
        touched = 2 if mask & ~perks else 1 if mask & perks else 0
        s.emit("answers", s.announced(i), kind=0, stated=stated, private=private, informed=is_told, touched=touched)
