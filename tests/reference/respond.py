"""How people adapt: what they know, what they fear, and what they do less or more of."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

from scslab.mechanisms.kinds import BASIS, CAUSE, KIND, MEASURE, TRUST

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


def is_about(s: Step, quantity: str) -> bool:
    """Tell whether a modifier names the kind that a quantity is about."""
    return KIND.code(quantity.partition(".")[2]) in {int(k) for k in s.p.kinds}


def left_by(level: int, strength: int) -> int:
    """Give what a level over 2^16 leaves, when the full one takes away a share."""
    return WHOLE - (level * int(strength) >> 31)


def level_of(row: Row | None) -> int:
    return 0 if row is None else row.level


def of_the_place(s: Step, i: int) -> int:
    """Give the first person of somebody's place, who stands for it."""
    return s.world["places"]["start"][s.persons["place"][i]]


@modifier("respond.caution")
def caution(s: Step, quantity: str, i: int) -> int:
    return left_by(level_of(s.shelf("salience").find(of_the_place(s, i))), s.p.strength) if is_about(s, quantity) else WHOLE


@modifier("respond.crowding_out")
def crowding_out(s: Step, quantity: str, i: int) -> int:
    return left_by(level_of(s.shelf("crowded_out").find(i)), s.p.strength) if is_about(s, quantity) else WHOLE


@modifier("respond.habit")
def habit(s: Step, quantity: str, i: int) -> int:
    return left_by(s.person("persons.practice", i), s.p.strength) if is_about(s, quantity) else WHOLE


@modifier("respond.visible_surveillance")
def visible_surveillance(s: Step, quantity: str, i: int) -> int:
    chill = int(s.p.chill[s.world["places"]["urban"][s.persons["place"][i]]])
    return WHOLE - (chill >> 15) if is_about(s, quantity) else WHOLE


@modifier("respond.hiring_screen")
def hiring_screen(s: Step, quantity: str, i: int) -> int:
    if s.person("persons.listed", i):
        return int(s.p.own)
    return int(s.p.kin) if any(s.person("persons.listed", j) for j, _ in s.ties("kin", i)) else WHOLE


@modifier("respond.shame_payment")
def shame_payment(s: Step, quantity: str, i: int) -> int:
    return WHOLE + (level_of(s.shelf("stigma").find(i)) * int(s.p.strength) >> 16)


@modifier("respond.cheap_deeds")
def cheap_deeds(s: Step, quantity: str, i: int) -> int:
    p = s.p
    stored = s.person("persons.score", i)
    stands = min(0, stored + int(p.recovery) * s.month) if stored < 0 else stored
    is_keen = is_aware(s, i) and stands <= p.wanted if p.whom == "low" else s.shelf("account_holders").find(i) is not None
    if not is_keen or not is_about(s, quantity):
        return WHOLE
    counted, half = s.shelf("hours_counted").find(i), max(int(p.halved), 1)
    return WHOLE + (int(p.more) - WHOLE) * half // (half + (0 if counted is None else counted.hours))


def fade(s: Step, store: str, share: int) -> None:
    """Let the levels of a store fade, and forget the small ones."""
    for held in s.each(store):
        held.columns["level"] = held.level * (WHOLE - int(share)) >> 16
        if held.level < 64:
            s.shelf(store).drop(held)


@step("respond.motives")
def motives(s: Step) -> None:
    p, store = s.p, s.shelf("crowded_out")
    fade(s, "crowded_out", p.returns)
    paid = [row for row in s.rows("postings") if row.points > 0]
    for row in first_of_each(paid) if p.step else []:
        level = level_of(store.find(row.subject))
        for _ in range(min(sum(r.subject == row.subject for r in paid), 8)):
            level += (WHOLE - level) * int(p.step) >> 16
        if level >= 64:
            store.put(row, level=level)


@step("respond.news")
def news(s: Step) -> None:
    for row in s.occasions("news_of_harm"):
        if s.living(row.subject) and s.shelf("informed").find(row.subject) is None:
            s.shelf("informed").put(row, since=s.month)
            if s.p.moved:
                s.emit("trust_events", row, channel=TRUST.code("news"), weight=s.p.moved)


@step("respond.practice")
def practice(s: Step) -> None:
    p, habits = s.p, s.cycle.state["persons.practice"]
    for i in range(s.people):
        seen = level_of(s.shelf("salience").find(of_the_place(s, i))) * int(p.grows) >> 16
        habits[i] = max(0, min(habits[i] + ((65_535 - habits[i]) * seen >> 16) - (habits[i] * int(p.fades) >> 16), 65_535))


@step("respond.salience")
def salience(s: Step) -> None:
    p, store = s.p, s.shelf("salience")
    fade(s, "salience", p.fades)
    seen = s.rows("sightings")
    for row in first_of_each(seen) if p.reach else []:
        place = s.persons["place"][row.subject]
        size = s.world["places"]["start"][place + 1] - s.world["places"]["start"][place]
        displays = sum(r.displays for r in seen if r.subject == row.subject)
        share = min(displays * int(p.reach) * WHOLE // max(size, 1), WHOLE)
        level = level_of(store.find(row.subject))
        level += (WHOLE - level) * share >> 16
        if level >= 64:
            store.put(row, level=level)
    shown: dict[int, list[Row]] = {}
    for row in s.rows("measures"):
        if row.measure == MEASURE.code("shaming") and row.basis == BASIS.code("own"):
            shown.setdefault(of_the_place(s, row.subject), []).append(row)
    for stands_for, rows in shown.items():
        s.emit("sightings", rows[0], subject=stands_for, kind=0, displays=len(rows))


@step("respond.stigma")
def stigma(s: Step) -> None:
    p, store = s.p, s.shelf("stigma")
    shown: dict[int, list[Row]] = {}
    for row in s.rows("displays"):
        shown.setdefault(row.subject, []).append(row)

    def raised(level: int, i: int) -> int:
        for channel in sorted({row.channel for row in shown.get(i, [])}):
            level += (WHOLE - level) * (int(p.known[channel]) >> 15) >> 16
        return level

    for held in s.each("stigma"):
        held.columns["level"] = raised(held.level * (WHOLE - int(p.fades)) >> 16, held.subject)
        if held.level < 64:
            store.drop(held)
    for i, rows in shown.items():
        level = raised(0, i)
        if store.find(i) is None and level >= 64:
            store.put(rows[0], level=level)
            if p.moves:
                s.emit("trust_events", rows[0], channel=TRUST.code("shaming"), weight=p.moves)


@step("respond.displacement")
def displacement(s: Step) -> None:
    p = s.p
    for row in s.occasions("displaced"):
        i = row.subject
        if s.living(i) and (not p.drivers_only or s.persons["role"][i] & 4):
            prevented = WHOLE - s.factor(f"caution.{p.kind}", i)
            if s.happens("act", prevented * (CERTAIN // WHOLE), row):
                s.emit("acts", row, cause=CAUSE.code("will"))
