"""What people do: debts, traffic, small misconduct, speech, good deeds, misfortune, applications."""

from __future__ import annotations

from scslab.mechanisms.kinds import CAUSE, KIND

from .arithmetic import CERTAIN, WHOLE, between, both, cut_money, falling, rising, row_id, thinned
from .cycle import Row, Step, step

WILL, NEGLIGENCE, ILLNESS, JOB_LOSS = (CAUSE.code(name) for name in ("will", "negligence", "illness", "job_loss"))
DRIVER = 4


def driver(s: Step, i: int) -> bool:
    return bool(s.persons["role"][i] & DRIVER)


def acts(s: Step, quantity: str, chance: int, row: Row) -> bool:
    """Say whether somebody acts: the chance, times what modifiers say, one word."""
    return s.happens("act", thinned(chance, s.factor(quantity, row.subject)), row)


def is_deterred(s: Step, quantity: str, row: Row) -> bool:
    """Say whether modifiers keep somebody from an act who would else be sure to act."""
    factor = s.factor(quantity, row.subject)
    return factor < WHOLE and not s.happens("act", factor * (CERTAIN // WHOLE), row)


@step("conduct.payment")
def payment(s: Step) -> None:
    p = s.p

    def owe(row: Row, cause: int, at_least: int = 0) -> None:
        i = row.subject
        amount = s.standing("income", i) * between(s.word("size", row), p.months_low, p.months_high) // 12
        amount = at_least if at_least else amount
        amount = cut_money(max(amount, int(p.least)))
        for table in ("acts", "debts"):
            s.emit(table, row, kind=KIND.code("missed_payment"), cause=cause, amount=amount)

    def exposure(i: int) -> int:
        return int(p.exposure[s.persons["sex"][i]][s.age_band(i)])

    for row in s.occasions("missed_payment"):
        i = row.subject
        if not s.living(i):
            continue
        careless = s.persons["conscientiousness"][i]
        forgets = thinned(both(p.negligence, exposure(i)), falling(careless))
        will_not = thinned(both(p.will, exposure(i)), falling(careless, 2), s.factor("conduct.missed_payment", i))
        word = s.word("act", row)
        if word < forgets + will_not:
            owe(row, NEGLIGENCE if word < forgets else WILL)

    def suffer(row: Row, chance: int) -> bool:
        i = row.subject
        limit = thinned(both(chance, exposure(i)), falling(s.persons["means"][i])) if s.living(i) else 0
        return s.happens("act", limit, row)

    for row in s.rows("shocks"):
        if suffer(row, p.after_illness if row.cause == ILLNESS else p.after_job_loss):
            if row.cause == ILLNESS:
                owe(row, ILLNESS, max(row.amount, int(p.least), 1))
            else:
                owe(row, JOB_LOSS)
    for row in s.rows("jobs"):
        if not row.gained and row.kind != KIND.code("job_loss") and suffer(row, p.after_job_loss):
            owe(row, ILLNESS if row.cause == ILLNESS else JOB_LOSS)


@step("conduct.applications")
def applications(s: Step) -> None:
    p = s.p
    for row in s.occasions("loan_application"):
        i = row.subject
        if s.living(i) and acts(s, "conduct.loan_application", int(p.loans_by_age[s.age_band(i)]), row):
            amount = s.standing("income", i) * between(s.word("size", row), p.months_low, p.months_high) // 12
            if amount > 0:
                s.emit("loan_requests", row, amount=cut_money(amount))
    for row in s.occasions("post_application"):
        i = row.subject
        if s.living(i) and s.persons["education"][i] >= 3 and s.age(i) <= 35 and acts(s, "conduct.post_application", CERTAIN, row):
            s.emit("post_requests", row)


@step("conduct.expression")
def expression(s: Step) -> None:
    for kind in ("critical_post", "petition", "worship", "assembly"):
        for row in s.occasions(kind):
            if s.living(row.subject, 16) and not is_deterred(s, f"conduct.{kind}", row):
                s.emit("acts", row, cause=WILL)


@step("conduct.misfortune")
def misfortune(s: Step) -> None:
    p, once = s.p, s.shelf("spared_once")

    def befall(row: Row, cause: int, amount: int) -> None:
        if p.spares == "nobody" or once.find(row.subject):
            s.emit("shocks", row, amount=amount, cause=cause)
        else:
            s.emit("spared_shocks", row, cause=cause)
            once.put(row)

    for row in s.occasions("illness"):
        i = row.subject
        if s.living(i) and s.happens("befalls", p.illness_by_age[s.age_band(i)], row):
            befall(row, ILLNESS, between(s.word("cost", row), p.cost_low, p.cost_high))
    for row in s.occasions("job_loss"):
        i = row.subject
        if s.living(i) and s.left_school(i) and s.happens("befalls", p.job_loss_by_status[s.persons["status"][i]], row):
            befall(row, JOB_LOSS, 0)


@step("conduct.school_choice")
def school_choice(s: Step) -> None:
    if s.month % 12 != 8:
        return
    kind = KIND.code("school_application")
    for i in range(s.people):
        if s.age(i) in (6, 12, 15) and s.persons["death_month"][i] > s.month:
            chance = s.p.applies[s.world["places"]["urban"][s.persons["place"][i]]][s.persons["quintile"][i]]
            if s.word("apply", row_id(i, s.month, kind)) < chance:
                s.emit("school_requests", s.announced(i), kind=kind)


@step("conduct.service")
def service(s: Step) -> None:
    p = s.p
    for kind, low, high in (("volunteering", p.hours_low, p.hours_high), ("donation", p.gift_low, p.gift_high), ("heroic_act", 0, 0)):
        for row in s.occasions(kind):
            i = row.subject
            if not s.living(i):
                continue
            chance = thinned(int(getattr(p, kind)), rising(s.persons["prosociality"][i]))
            if kind == "heroic_act":
                chance = thinned(chance, rising(s.persons["boldness"][i]))
            if acts(s, f"conduct.{kind}", chance, row):
                s.emit("acts", row, amount=between(s.word("size", row), low, high), cause=WILL)


@step("conduct.traffic")
def traffic(s: Step) -> None:
    for kind in ("traffic_violation", "drunk_driving", "hit_and_run"):
        for row in s.occasions(kind):
            i = row.subject
            if driver(s, i) and s.living(i):
                bold = rising(s.persons["boldness"][i]) if kind == "hit_and_run" else WHOLE
                if acts(s, f"conduct.{kind}", thinned(CERTAIN, bold), row):
                    s.emit("acts", row, cause=WILL)


@step("conduct.walking")
def walking(s: Step) -> None:
    for kind in ("jaywalking", "not_yielding", "littering"):
        for row in s.occasions(kind):
            i = row.subject
            able = driver(s, i) and s.living(i) if kind == "not_yielding" else s.living(i, 14)
            if able and not is_deterred(s, f"conduct.{kind}", row):
                s.emit("acts", row, cause=WILL)


def everyday(s: Step, kind: str, may) -> None:
    """Let those who may and meet the occasion act, unless they are deterred."""
    for row in s.occasions(kind):
        if may(row.subject) and not is_deterred(s, f"conduct.{kind}", row):
            s.emit("acts", row, cause=WILL)


@step("conduct.town")
def town(s: Step) -> None:
    for kind in ("off_leash_dog", "unsorted_rubbish", "fare_evasion", "train_noise"):
        everyday(s, kind, lambda i: s.living(i, 14))


@step("conduct.customs")
def customs(s: Step) -> None:
    everyday(s, "custom", lambda i: s.living(i, 14))


@step("conduct.home")
def home(s: Step) -> None:
    for kind in ("elder_neglect", "benefit_fraud", "unpaid_bill", "party_warning"):
        everyday(s, kind, s.living)
    everyday(s, "counterfeiting", lambda i: s.living(i) and s.standing("status", i) in (2, 3))
    everyday(s, "birth_plan_violation", lambda i: s.living(i) and s.age(i) <= 50)


@step("conduct.kindness")
def kindness(s: Step) -> None:
    for kind in ("blood_donation", "lost_property", "litter_collected", "stem_cell_donation", "media_praise", "investment_award", "national_award"):
        oldest = 60 if kind in ("blood_donation", "stem_cell_donation") else 1000
        for row in s.occasions(kind):
            chance = thinned(int(getattr(s.p, kind)), rising(s.persons["prosociality"][row.subject]))
            if s.living(row.subject) and s.age(row.subject) <= oldest and acts(s, f"conduct.{kind}", chance, row):
                s.emit("acts", row, cause=WILL)
