"""What people do for points, praise and privacy, and what stops, files and loans bring upon them."""

from __future__ import annotations

from scslab.mechanisms.kinds import BASIS, CAUSE, FAULT, KIND, MEASURE, SENSOR
from scslab.mechanisms.tables_registry import VIEW

from .arithmetic import CERTAIN, NEVER, WHOLE, both, cut_money
from .conduct_more import somebody_of_the_place
from .cycle import Row, Step, modifier, step
from .outcome import borne
from .respond import is_about, is_aware

VOLUNTEERING, VPN_USE = KIND.code("volunteering"), KIND.code("vpn_use")


def buys(s: Step, row: Row, price: int) -> bool:
    """Tell who wants points, can pay and does."""
    p, i = s.p, row.subject
    stored = s.person("persons.score", i)
    stands = min(0, stored + int(p.recovery) * s.month) if stored < 0 else stored
    may = s.living(i) and is_aware(s, i) and stands <= p.wanted and s.persons["income"][i] * int(p.purse) >= price * CERTAIN
    return may and s.happens("buy", p.buys, row)


@step("respond.paid_volunteering")
def paid_volunteering(s: Step) -> None:
    p = s.p
    price = int(p.hours) * int(p.wage)
    for row in s.occasions("helper_offer"):
        if not buys(s, row, price):
            continue
        helper = somebody_of_the_place(s, "helper", row)
        if helper >= 0 and s.living(helper):
            sensor, fault = SENSOR.code("self_report"), FAULT.code("misattributed")
            s.emit("observations", row, kind=VOLUNTEERING, sensor=sensor, amount=p.hours, fault=fault, true_actor=helper)
            s.emit("purchases", row, amount=cut_money(price), points=0, paid_to=helper)


@step("respond.score_market")
def score_market(s: Step) -> None:
    p = s.p
    price = int(p.price) * int(p.bought) // 100
    for row in s.occasions("market_offer"):
        if not buys(s, row, price):
            continue
        lasts = max(int(p.delay), 1) if s.happens("find", p.found, row) else int(p.valid)
        for points, due in ((int(p.bought), s.month + 1), (-int(p.bought), s.month + 1 + lasts)):
            if points > 0 or lasts < NEVER:
                s.emit("awards", row, kind=VOLUNTEERING, points=points, due=due, fault=FAULT.code("fabricated"), true_actor=row.subject)
        s.emit("purchases", row, amount=cut_money(price), points=p.bought, paid_to=-1)


@step("respond.rewarded_praise")
def rewarded_praise(s: Step) -> None:
    p = s.p
    for row in s.occasions("praise"):
        if not s.living(row.subject, 14):
            continue
        is_meant = s.lasting("approve", row.subject) < p.approve and s.happens("say", p.sincere, row)
        if is_meant or s.happens("reward", p.reward, row):
            s.emit("acts", row, cause=CAUSE.code("will"))
            s.emit("praises", row, kind=0, sincere=is_meant, rewarded=not is_meant)


@step("respond.vpn")
def vpn(s: Step) -> None:
    p, store = s.p, s.shelf("vpn_users")
    for held in s.each("vpn_users"):
        i = held.subject
        if not s.living(i, 0):
            store.drop(held)
        elif s.word("find", i) < p.found:
            store.drop(held)
            s.emit("vpn_found", held, kind=VPN_USE)
            if s.word("file", i) < p.filed:
                s.emit("observations", held, kind=VPN_USE, sensor=SENSOR.code("platform"), true_actor=i, fault=FAULT.code("sound"))
    for row in s.occasions("vpn_offer"):
        if s.living(row.subject, 14) and store.find(row.subject) is None:
            store.put(row, since=s.month)


@modifier("respond.forbidden")
def forbidden(s: Step, quantity: str, i: int) -> int:
    return 0 if i == s.p.person and is_about(s, quantity) else WHOLE


def show(s: Step, row: Row, attributes: int, parties: int, view: str) -> None:
    """Say that a file was seen."""
    s.emit("disclosures", row, parties=min(attributes * parties, 65_535))
    s.emit("file_views", row, view=VIEW.code(view), attributes=attributes, parties=parties)


def on_file(s: Step, i: int) -> int:
    """Count what is on somebody's file."""
    return int(s.p.basic) + len(s.shelf("records_held").of(i)) + len(s.shelf("national_copies").of(i))


@step("outcome.leaks")
def leaks(s: Step) -> None:
    for row in s.occasions("leak"):
        if s.living(row.subject, 0):
            show(s, row, on_file(s, row.subject), int(s.p.buyers), "leak")


@step("outcome.snooping")
def snooping(s: Step) -> None:
    for row in s.occasions("snooping"):
        if s.living(row.subject, 0) and not s.happens("deter", s.p.deterred, row):
            show(s, row, on_file(s, row.subject), 1, "snooping")


@step("outcome.loan_terms")
def loan_terms(s: Step) -> None:
    p, dear, cheap = s.p, MEASURE.code("loan_price"), MEASURE.code("cheaper_loan")
    for row in s.rows("loans"):
        if not row.granted:
            continue
        own, kin, total = borne(s, "burdens", row.subject), borne(s, "kin_burdens", row.subject), row.amount * int(p.term) // 12
        if (own | kin) >> dear & 1:
            basis = BASIS.code("own" if own >> dear & 1 else "kin")
            s.emit("losses", row, kind=0, measure=dear, basis=basis, amount=cut_money(both(total, p.surcharge)))
        if own >> cheap & 1:
            s.emit("perk_uses", row, kind=0, measure=cheap, amount=cut_money(both(total, p.discount)))
