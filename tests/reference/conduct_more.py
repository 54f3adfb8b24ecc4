"""What people do in abstract worlds and under single rules: games, searches, trades, offences, norms, public calls, encounters, dating."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import cache

from scslab.mechanisms.kinds import CAUSE, KIND, SECTORS

from .arithmetic import CERTAIN, WHOLE, between, both, cut_money, falling, thinned
from .conduct import acts, driver, everyday
from .cycle import Row, Step, step

WILL = CAUSE.code("will")
OFFICER = 2
PARTNER = 0
MOST_OFFENCES = 12


@step("conduct.games")
def games(s: Step) -> None:
    for kind in ("gaming", "game_cheating"):
        everyday(s, kind, lambda i: s.living(i, 14))


@step("conduct.searches")
def searches(s: Step) -> None:
    everyday(s, "sensitive_search", lambda i: s.living(i, 14))


@step("conduct.sectors")
def sectors(s: Step) -> None:
    p = s.p
    trained = {int(k) for k in p.drivers_only}
    for row in s.occasions("sector_matter"):
        i = row.subject
        for name in SECTORS if s.living(i) else ():
            kind = KIND.code(name)
            chance = int(p.breaches[kind][s.standing("status", i)]) + (int(p.officers[kind]) if s.persons["role"][i] & OFFICER else 0)
            chance = both(min(chance, CERTAIN), p.exposure[kind][s.persons["quintile"][i]])
            if kind in trained and not driver(s, i):
                continue
            if s.word("act", row, kind) < thinned(chance, s.factor(f"conduct.{name}", i)):
                doubled = between(s.word("size", row, kind), 0, p.doublings[kind])
                s.emit("acts", row, kind=kind, cause=WILL, amount=cut_money(int(p.smallest[kind]) * 2**doubled))


@step("conduct.steady")
def steady(s: Step) -> None:
    p = s.p
    for i in range(s.people):
        if not s.living(i):
            continue
        factor = WHOLE if p.falls_with == "none" else falling(s.persons[p.falls_with][i])
        if factor == 0:
            continue
        row, reached = s.announced(i), 0
        for kind in range(len(p.chance)):
            chance = int(p.chance[kind])
            if not chance:
                continue
            if p.form == "one":
                before, reached = reached, reached + chance
                is_done = thinned(before, factor) <= s.word("act", i) < thinned(reached, factor)
            else:
                is_done = s.word("act", i, kind) < thinned(chance, factor)
            if is_done:
                s.emit("acts", row, kind=kind)


def level(s: Step, column: str, trait: str, i: int) -> int:
    """Give a level of 0 to 7: the one learned, or the eighth of the trait's scale."""
    learned = s.person(f"persons.{column}", i)
    return learned - 1 if learned else s.persons[trait][i] // 32


def boldness(s: Step, i: int) -> int:
    return level(s, "norm_boldness", "boldness", i)


def vengefulness(s: Step, i: int) -> int:
    return level(s, "norm_vengefulness", "conscientiousness", i)


@step("conduct.temptation")
def temptation(s: Step) -> None:
    for i in range(s.people):
        for chance in range(int(s.p.chances)) if s.living(i) else ():
            seen = s.word("open", i, chance)
            if seen < boldness(s, i) * CERTAIN // 7:
                s.emit("norm_breaches", s.announced(i), kind=KIND.code("norm_breach"), chance=chance, open=seen)


@cache
def poisson_tails(cell: int) -> list[int]:
    """Give the chances of 2, 3, ... offences or more as thresholds, where that of one or more is cell / 4096."""
    with localcontext() as exact:
        exact.prec = 50
        none = Decimal(1) - Decimal(cell) / 4096
        if none == 0:
            return [CERTAIN] * (MOST_OFFENCES - 1)
        rate, term, tail, found = -none.ln(), none, 1 - none, []
        for k in range(1, MOST_OFFENCES):
            term = term * rate / k
            tail -= term
            found.append(int((tail * CERTAIN).quantize(Decimal(1), ROUND_HALF_EVEN)))
        return found


@step("conduct.offence")
def offence(s: Step) -> None:
    for row in s.occasions("offence"):
        limit, word, number = s.persons["rate"][row.subject], s.screened(row), 1
        cell, rest = divmod(limit, 2**19)
        for here, after in zip(poisson_tails(cell), poisson_tails(min(cell + 1, 4096)), strict=True):
            if word >= both(limit, limit) or word >= here + ((after - here) * rest >> 19):
                break
            number += 1
        for k in range(number):
            is_thinned = s.person("persons.listed", row.subject) and s.word("thin", row, k) >= int(s.p.listed_factor) * (CERTAIN // WHOLE)
            if not is_thinned:
                s.emit("acts", row)


@step("conduct.public_calls")
def public_calls(s: Step) -> None:
    p = s.p
    for row in s.occasions("public_call"):
        i = row.subject
        if not s.living(i):
            continue
        cares = s.persons["prosociality"][i] * 256 + (s.lasting("grain", i) >> 23)
        image = both(both(s.person("places.reputation_gap", s.persons["place"][i]), p.image), p.watched)
        takes = (cares + image) * (CERTAIN // WHOLE) >= int(p.cost)
        s.emit("public_calls", row, took=takes, seen=s.happens("seen", p.watched, row), care=cares)
        if takes:
            s.emit("acts", row, kind=KIND.code("volunteering"), cause=WILL)


def somebody_of_the_place(s: Step, draw: str, row: Row) -> int:
    """Choose another person of a row's place, -1 where there is none."""
    start, place = s.world["places"]["start"], s.persons["place"][row.subject]
    return s.pick(draw, start[place], start[place + 1] - start[place], row, row.subject)


@step("conduct.encounters")
def encounters(s: Step) -> None:
    p = s.p
    for row in s.occasions("encounter"):
        i = row.subject
        if not s.living(i):
            continue
        friends = s.ties("friends", i)
        if p.looks_at == "opinion":
            other = friends[s.word("whom", row) * len(friends) >> 31][0] if friends else -1
        else:
            other = somebody_of_the_place(s, "whom", row)
        if other < 0 or not s.living(other):
            continue
        if p.looks_at == "opinion":
            is_good = s.shelf("opinions").find(i, other) is None
        elif p.looks_at == "standing":
            is_good = s.person("persons.standing", other) > 0
        else:
            is_good = s.person("persons.stars", other) >= int(p.cut) * WHOLE // 100
        s.emit("encounters", row, other=other, helped=is_good and not s.happens("slip", p.slips, row))


def has_partner(s: Step, i: int) -> bool:
    """Tell who has a living partner: of the start, until a divorce that is not from a later one; or wed since."""
    wed, parted = s.persons["wed_month"][i], s.persons["divorce_month"][i]

    def lives(j: int) -> bool:
        return s.persons["death_month"][j] > s.month

    of_the_start = s.month < parted or parted > wed
    since = wed <= s.month and not wed < parted <= s.month
    at_first = any(relation == PARTNER and lives(j) for j, relation in s.ties("kin", i))
    return (of_the_start and at_first) or (since and lives(s.persons["wed_partner"][i]))


@step("conduct.dating")
def dating(s: Step) -> None:
    for row in s.occasions("dating_wish"):
        i = row.subject
        if s.living(i) and not has_partner(s, i) and acts(s, "conduct.dating_wish", int(s.p.wishes_by_age[s.age_band(i)]), row):
            s.emit("date_requests", row)
