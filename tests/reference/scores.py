"""Scores of other kinds: those that read or reach people near, that fade, that a credit bureau gives; and sanctions that spread like an illness."""

from __future__ import annotations

from fractions import Fraction

from scslab.base.exact import nearest_integer
from scslab.mechanisms.kinds import KIND, RELATION

from .arithmetic import CERTAIN, NEVER, WHOLE, between
from .chances import mixed, normal, poisson
from .cycle import Row, Step, first_of_each, step
from .reports import somebody_of_the_place
from .ties import friends_now

LOW, HIGH = 1, 2
ASSOCIATION = KIND.code("association")


@step("decide.network_list")
def network_list(s: Step) -> None:
    p = s.p

    def deviation(i: int) -> int:
        return min(0, s.person("persons.score", i) + int(p.recovery) * s.month)

    for i in s.changed("score"):
        friends = [j for j, _ in s.ties("friends", i)]
        if s.person("persons.listed", i) == 0:
            read = deviation(i) * len(friends) * WHOLE + int(p.neighbours) * sum(deviation(j) for j in friends)
            if read < (int(p.cut) - int(p.start)) * len(friends) * WHOLE:
                s.emit("entries", s.announced(i), list=s.label, until=s.month + int(p.term))


@step("observe.credit_signals")
def credit_signals(s: Step) -> None:
    signal = s.cycle.state["persons.credit_signal"]
    for i in range(s.people):
        if s.living(i) and not signal[i]:
            is_high = (s.persons["means"][i] >= 128) != (s.lasting("error", i) < s.p.error)
            signal[i] = HIGH if is_high else LOW


@step("decide.network_score")
def network_score(s: Step) -> None:
    p, score, signal = s.p, s.cycle.state["persons.score"], [s.person("persons.credit_signal", i) for i in range(s.people)]
    error, mixing = Fraction(int(p.error), CERTAIN), Fraction(int(p.mixing), CERTAIN)
    pull = (error * mixing + 1 - error) / (error + (1 - error) * mixing)
    for i in range(s.people):
        seen = [signal[j] for j in friends_now(s, i, shown=True)] if p.form == "friends" else []
        own, balance = (signal[i] == HIGH) - (signal[i] == LOW), seen.count(HIGH) - seen.count(LOW)
        chance = 1 / (1 + (error / (1 - error)) ** own / pull**balance)
        new = nearest_integer(chance * int(p.scale)) - int(p.scale) // 2
        if new != score[i]:
            score[i] = new
            s.touch("score", i)


@step("decide.score_spill")
def score_spill(s: Step) -> None:
    p = s.p
    for posting in s.rows("postings"):
        if not p.weight or posting.kind == ASSOCIATION or not posting.points:
            continue
        total = spread(s, posting)
        for j in sorted(total):
            points = (total[j] + (1 << (p.shift - 1))) >> p.shift
            if points:
                s.emit("awards", posting, subject=j, kind=ASSOCIATION, points=points)
        for j in sorted(total) if p.fine else ():
            s.emit("spills", posting, subject=j, kind=ASSOCIATION, fine=total[j])


def spread(s: Step, posting: Row) -> dict[int, int]:
    """Hand a change on from ring to ring, and add up what stays with each person."""
    p, value = s.p, posting.points << s.p.shift

    def kept(part: int) -> int:
        return (2 * part * (p.bottom - p.top) + p.bottom) // (2 * p.bottom) if p.form == "shared" else part

    ring, total = {posting.subject: value}, {posting.subject: kept(value) - value}
    for _ in range(4096):
        after: dict[int, int] = {}
        for i, part in ring.items():
            for j in near(s, i):
                moved = abs(part) * p.top // (p.bottom * max(number_near(s, j), 1))
                after[j] = after.get(j, 0) + (moved if part > 0 else -moved)
        ring = {j: part for j, part in after.items() if abs(part) >= p.least}
        if not ring:
            break
        for j, part in ring.items():
            total[j] = total.get(j, 0) + kept(part)
    return total


def near(s: Step, i: int) -> list[int]:
    if s.p.near != "household":
        return [j for j, _ in s.ties(s.p.near, i)]
    start, home = s.world["households"]["start"], s.persons["household"][i]
    return [j for j in range(start[home], start[home + 1]) if j != i]


def number_near(s: Step, i: int) -> int:
    if s.p.near != "household":
        return len(near(s, i))
    start, home = s.world["households"]["start"], s.persons["household"][i]
    return start[home + 1] - start[home] - 1


@step("decide.fading_score")
def fading_score(s: Step) -> None:
    score = s.cycle.state["persons.fading_score"]
    for i in range(s.people):
        score[i] = (score[i] * int(s.p.left) + CERTAIN // 2) // CERTAIN
    for award in s.rows("awards"):
        score[award.subject] += award.points


@step("record.small_change")
def small_change(s: Step) -> None:
    for i in range(s.people if s.p.spread else 0):
        moved = (normal(s.word("sum", i)) * int(s.p.spread) + WHOLE // 2) // WHOLE
        if s.living(i) and moved:
            s.emit("awards", s.announced(i), kind=KIND.code(s.p.named_as), points=moved)


@step("observe.credit_query")
def credit_query(s: Step) -> None:
    p = s.p
    for asked in s.rows("loan_requests"):
        i = asked.subject
        has_file = s.shelf("bureau").find(i) is not None
        if s.happens("query", p.queried, asked) and (has_file or s.happens("other", p.other_data, asked)):
            noise = int(p.noise if has_file else p.noise_other)
            read = {
                name: max(0, min(s.persons[trait][i] + between(s.word(name, asked), -noise, noise), 255))
                for name, trait in (("character", "conscientiousness"), ("capacity", "means"))
            }
            s.emit("credit_queries", asked, **read)


@step("decide.credit_score")
def credit_score(s: Step) -> None:
    p, prices = s.p, dict(zip(*s.p.prices, strict=True))
    for query in first_of_each(s.rows("credit_queries")):
        i = query.subject
        score = int(p.base) + sum(int(weight) * (reading - 128) // 128 for weight, reading in ((p.character, query.character), (p.capacity, query.capacity)))
        file = s.shelf("bureau").find(i)
        if file is not None:
            score += int(p.file) - (int(p.record) if file.until > s.month else 0)
        score -= int(p.overdue) if s.shelf("debts").of(i) else 0
        score = max(int(p.low), min(score, int(p.high)))
        band = p.bands[0][max(sum(score >= int(cut) for cut in p.bands[1]) - 1, 0)]
        s.shelf("credit_scores").put(query, score=score, rate=prices[band], fit=score >= p.cut, month=s.month)


@step("enforce.contagion")
def contagion(s: Step) -> None:
    p = s.p
    listed = [row for row in s.each("listings") if row.list == s.label]
    exposed = [(row, j) for row in listed for j in those_near(s, row, "kin")], [(row, j) for row in listed for j in those_near(s, row, "friends")]
    strangers = [(row, j) for row in listed for j in those_met(s, row)]
    out_of_the_blue = [(row, row.subject) for row in s.occasions("contagion")]
    begins = [(row, row.subject) for row in s.occasions("contagion_start") if s.month - s.persons["birth_month"][row.subject] < 12 * int(p.start_age_below)]
    for pairs in (*exposed, strangers, out_of_the_blue, begins if s.month == p.start_month else []):
        for row, i in pairs:
            is_free = s.living(i, int(p.age_min)) and s.shelf("listings").find(i, s.label) is None
            if not is_free or (not p.again and s.shelf("former_listings").find(i, s.label) is not None):
                continue
            term = mixed(p.term_shape, p.term, s.word("term", i)) if p.term_shape else (int(p.term) + WHOLE // 2) // WHOLE
            if term > 0:
                s.emit("entries", row, subject=i, kind=0, list=s.label, until=min(s.month + 1 + term, NEVER - 1))


def those_near(s: Step, row: Row, network: str) -> list[int]:
    """List whom exposure through a network reaches this month."""
    i, found = row.subject, []
    codes = {("partner", 0): 4, ("partner", 1): 4, ("parent", 0): 0, ("parent", 1): 1, ("child", 0): 5, ("child", 1): 6, ("sibling", 0): 2, ("sibling", 1): 3}
    for j, relation in s.ties(network, i):
        sex = s.persons["sex"][j]
        tie = codes[RELATION.names[relation], sex] if network == "kin" else 7 + sex
        chance = (s.p.from_man if s.persons["sex"][i] == 1 else s.p.from_woman)[tie]
        if s.word("kin" if network == "kin" else "friend", (i << 32) + j) < chance:
            found.append(j)
    return found


def those_met(s: Step, row: Row) -> list[int]:
    i = row.subject
    number = min(poisson(s, "strangers", i, int(s.p.strangers)), 255)
    return [j for nth in range(number) if (j := somebody_of_the_place(s, "stranger", i, (i << 8) + nth)) >= 0]
